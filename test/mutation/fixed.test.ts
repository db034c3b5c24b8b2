import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { FIXED, fixedMutants } from './fixed.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('faults put in by hand → each has its place in the sources as they are now', () => {
  expect(fixedMutants((file) => readFileSync(root + file, 'utf8'))).toHaveLength(FIXED.length);
});
