import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fixtureBytes, MIB, PLACES, temporaryDirectory, writeSparse } from './images.js';
import { reportsOf } from './reports.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const whole = fixtureBytes();

function nameOf(length: number): string {
  return `cut-${length}`;
}

function near(at: number): number[] {
  return [at - 1, at, at + 1];
}

/** Lengths around every boundary of 64 KiB, and around the fields of the first structures. */
function lengths(): number[] {
  const boundaries = Array.from({ length: whole.length / 65_536 }, (_, index) => 65_536 * index);
  const fields = [8, 520, 0x10004, 0x10050, 0x11000, 0x30010, MIB + 64, 2 * MIB + 8, 2 * MIB + 512, 3 * MIB + 32];
  const all = [...boundaries, ...fields, whole.length].flatMap(near);
  return [...new Set(all)].filter((length) => length >= 0 && length < whole.length).toSorted((a, b) => a - b);
}

const LENGTHS = lengths();

beforeAll(() => {
  for (const length of LENGTHS) writeSparse(join(cwd, nameOf(length)), whole.subarray(0, length));
});

// The fixture ends with a block that is in use, so that there is no length at which nothing is lost.
test('an image cut off anywhere → never clean: corrupt, or no VHDX if not even the signature is there', async () => {
  const run = await vhdx(['check', '--format', 'json', ...LENGTHS.map(nameOf)], { cwd });
  expect(run).toMatchObject({ exitCode: 2, signal: null });
  const reports = reportsOf(run.stdout);
  const verdicts = reports.map(({ filename, verdict }) => [filename, verdict]);
  expect(verdicts).toEqual(LENGTHS.map((length) => [nameOf(length), length < 8 ? 'not-vhdx' : 'corrupt']));
  expect(lines(run.stderr)).toHaveLength(LENGTHS.length);
});

test('an image cut off inside its header section → that is what is said', async () => {
  const short = LENGTHS.filter((length) => length >= 8 && length < MIB);
  const run = await vhdx(['check', '--format', 'json', ...short.map(nameOf)], { cwd });
  const reports = reportsOf(run.stdout);
  const errors = reports.map(({ findings }) => findings.filter(({ severity }) => severity === 'error'));
  expect(errors.map(([first]) => first?.code)).toEqual(short.map(() => 'VHDX_FILE_TOO_SHORT'));
});

describe.each([0, 7, 8, 0x10800, MIB - 1, MIB, 2 * MIB - 1, 2 * MIB, 3 * MIB + 1, 4 * MIB - 1])(
  '%d bytes',
  (length) => {
    test.each(['info', 'check'])('%s → one line and exit code 2, or 63 without the signature', async (command) => {
      writeSparse(join(cwd, 'one'), whole.subarray(0, length));
      const run = await vhdx([command, 'one'], { cwd });
      expect(run.exitCode).toBe(length < 8 ? 63 : 2);
      expect(lines(run.stderr)).toHaveLength(1);
    });
  },
);

test('an image without its last block → info describes it, check says that a block is lost', async () => {
  writeSparse(join(cwd, 'blockless'), whole.subarray(0, PLACES.firstBlock + MIB));
  expect(await vhdx(['info', 'blockless'], { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
  const run = await vhdx(['check', 'blockless'], { cwd });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('VHDX_BAT_BLOCK_BEYOND_END');
});
