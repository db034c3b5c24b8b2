import { expect, test } from 'vitest';
import { commandPage } from './command-page.js';

test('docs/command.md → as the definitions of the command have it (npm run docs)', async () => {
  await expect(commandPage()).toMatchFileSnapshot('../../docs/command.md');
});
