import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../cli/images.js';
import { without } from '../interop/peers.js';
import { comparisonPage, versions } from './comparison-page.js';
import { KNOWN_DAMAGES, MORE_DAMAGES } from './damages.js';

const PAGE = fileURLToPath(new URL('../../docs/comparison.md', import.meta.url));
const cwd = temporaryDirectory();

/** Whether the page is about other versions than those that are here. */
function isOfOthers(): boolean {
  if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8').includes(versions(cwd))) return false;
  process.stderr.write(`SKIPPED: docs/comparison.md is about other versions than ${versions(cwd)}\n`);
  return true;
}

describe.skipIf(without('qemu-img', 'vhdiinfo', '7zz') || isOfOthers())('docs/comparison.md', () => {
  test('page → as the programs say it (npm run docs)', async () => {
    await expect(await comparisonPage(cwd)).toMatchFileSnapshot(PAGE);
  });
});

test('damages → twelve and twenty beside a sound image, each of another name', () => {
  expect([KNOWN_DAMAGES.length, MORE_DAMAGES.length]).toEqual([12, 21]);
  expect(new Set([...KNOWN_DAMAGES, ...MORE_DAMAGES].map(({ title }) => title)).size).toBe(33);
});
