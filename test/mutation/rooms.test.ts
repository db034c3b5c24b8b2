import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { NearTests } from './rooms.js';

test('tests near a file → those that import it first, none that only names it', () => {
  const [own] = new NearTests(fileURLToPath(new URL('../../', import.meta.url))).of('runtime/write/commits.ts');
  expect(own?.toSorted()).toEqual(['test/runtime/write/commits.test.ts', 'test/runtime/write/pending-view.test.ts']);
});
