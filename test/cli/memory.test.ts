import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MIB, randomBytes, temporaryDirectory, withBatEntries, writeSparse } from './images.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

/** Says on exit how much memory the process had at most, in KiB. */
const METER = `data:text/javascript,${encodeURIComponent(
  "import { writeFileSync } from 'node:fs';" +
    "process.on('exit', () => writeFileSync(process.env.METER_FILE, String(process.resourceUsage().maxRSS)));",
)}`;

/** Runs `vhdx` and returns the most memory that it had, in MiB. */
async function peak(args: readonly string[]): Promise<number> {
  const file = join(cwd, 'meter');
  const run = await vhdx(args, { cwd, nodeOptions: ['--import', METER], env: { METER_FILE: file } });
  expect(run.signal).toBeNull();
  return Number(readFileSync(file, 'utf8')) / 1024;
}

// Node alone has some 50 MiB.
const BOUND = 200;

describe('memory', () => {
  test.each(['info', 'check'])('a sparse file of 1 TiB behind a damaged image, %s → bounded', async (command) => {
    const bytes = withBatEntries([0xffff_ffff_fff0_0006n, 6n, 7n]);
    writeSparse(join(cwd, 'long'), bytes);
    truncateSync(join(cwd, 'long'), 2 ** 40);
    expect(await peak([command, 'long'])).toBeLessThan(BOUND);
  });

  test('random bytes behind the signature → bounded', async () => {
    const bytes = Buffer.concat([Buffer.from('vhdxfile'), randomBytes(32 * MIB, 7)]);
    writeSparse(join(cwd, 'random'), bytes);
    expect(await peak(['check', 'random'])).toBeLessThan(BOUND);
  });

  test('a raw disk of 8 TiB without a signature → bounded', async () => {
    writeSparse(join(cwd, 'raw'), new Uint8Array(512));
    truncateSync(join(cwd, 'raw'), 8 * 2 ** 40);
    expect(await peak(['check', 'raw'])).toBeLessThan(BOUND);
  });
});
