import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fixtureBytes, MIB, randomBytes, temporaryDirectory, writeSparse } from './images.js';
import { reportsOf } from './reports.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

/** `bytes` in a file. */
function write(name: string, bytes: Uint8Array | string): void {
  writeFileSync(join(cwd, name), bytes);
}

/** `length` zeros, with `pieces` of text or bytes in them. */
function withPieces(length: number, pieces: readonly (readonly [number, string | readonly number[]])[]): Buffer {
  const bytes = Buffer.alloc(length);
  for (const [at, piece] of pieces) bytes.set(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece, at);
  return bytes;
}

beforeAll(() => {
  write('empty', '');
  write('one-byte', 'v');
  write('signature-cut', 'vhdxfil');
  write('signature-only', 'vhdxfile');
  write('text', 'Once upon a time there was a disk.\n');
  write('random', randomBytes(2 * MIB, 1));
  write('random-behind-signature', Buffer.concat([Buffer.from('vhdxfile'), randomBytes(2 * MIB, 2)]));
  write('header-section-only', fixtureBytes().subarray(0, MIB));
  write('zeros-behind-signature', withPieces(4 * MIB, [[0, 'vhdxfile']]));
  write('raw-mbr', withPieces(MIB, [[510, [0x55, 0xaa]]]));
  write(
    'raw-gpt',
    withPieces(MIB, [
      [510, [0x55, 0xaa]],
      [512, 'EFI PART'],
    ]),
  );
  write('fixed.vhd', withPieces(MIB + 512, [[MIB, 'conectix']]));
  write(
    'dynamic.vhd',
    withPieces(MIB, [
      [0, 'conectix'],
      [512, 'cxsparse'],
    ]),
  );
  write('a.qcow2', withPieces(MIB, [[0, 'QFI\u00fb']]));
  write('two\nlines\u001b[31m', 'not a disk');
  mkdirSync(join(cwd, 'directory'));
  symlinkSync('nowhere', join(cwd, 'dangling'));
  symlinkSync('loop', join(cwd, 'loop'));
});

interface Case {
  readonly name: string;
  readonly exitCode: number;
  /** What the line has to say. */
  readonly says: RegExp;
}

const NOT_VHDX: readonly Case[] = [
  { name: 'empty', exitCode: 63, says: /an empty file/ },
  { name: 'one-byte', exitCode: 63, says: /it has only 1 byte/ },
  { name: 'signature-cut', exitCode: 63, says: /it has only 7 bytes/ },
  { name: 'text', exitCode: 63, says: /not a VHDX/ },
  { name: 'random', exitCode: 63, says: /not a VHDX/ },
  { name: 'raw-mbr', exitCode: 63, says: /a raw disk image \(with a boot sector\)/ },
  { name: 'raw-gpt', exitCode: 63, says: /a raw disk image \(with a GUID partition table\)/ },
  { name: 'fixed.vhd', exitCode: 63, says: /a fixed VHD/ },
  { name: 'dynamic.vhd', exitCode: 63, says: /a dynamic or differencing VHD/ },
  { name: 'a.qcow2', exitCode: 63, says: /a QCOW2/ },
];

const CORRUPT: readonly Case[] = [
  { name: 'signature-only', exitCode: 2, says: /VHDX_FILE_TOO_SHORT/ },
  { name: 'random-behind-signature', exitCode: 2, says: /VHDX_HEADER_NONE_VALID/ },
  { name: 'zeros-behind-signature', exitCode: 2, says: /VHDX_HEADER_NONE_VALID/ },
  { name: 'header-section-only', exitCode: 2, says: /VHDX_LOG_BEYOND_END/ },
];

const NOT_READABLE: readonly Case[] = [
  { name: 'missing', exitCode: 1, says: /there is no such file \(VHDX_SOURCE_NOT_FOUND\)/ },
  { name: 'empty/below-a-file', exitCode: 1, says: /there is no such file \(VHDX_SOURCE_NOT_FOUND\)/ },
  { name: 'dangling', exitCode: 1, says: /there is no such file \(VHDX_SOURCE_NOT_FOUND\)/ },
  { name: 'loop', exitCode: 1, says: /ELOOP.*\(VHDX_SOURCE_IO\)/ },
  { name: 'directory', exitCode: 1, says: /it is a directory.*\(VHDX_SOURCE_IS_DIRECTORY\)/ },
  { name: '/dev/zero', exitCode: 1, says: /it is a character device.*\(VHDX_SOURCE_NOT_A_FILE\)/ },
  { name: 'n'.repeat(300), exitCode: 1, says: /ENAMETOOLONG.*\(VHDX_SOURCE_IO\)/ },
];

const COMMANDS = [['info'], ['check'], ['check', '--format', 'json']] as const;

describe.each(COMMANDS.map((words) => ({ words, title: words.join(' ') })))('vhdx $title', ({ words }) => {
  test.each([...NOT_VHDX, ...CORRUPT, ...NOT_READABLE])('$name → exit code $exitCode, one line', async (bad) => {
    const run = await vhdx([...words, bad.name], { cwd });
    expect(run).toMatchObject({ exitCode: bad.exitCode, signal: null });
    expect(lines(run.stderr)).toHaveLength(1);
    expect(run.stderr).toMatch(bad.says);
    expect(run.stderr).toMatch(/^vhdx: /);
    expect(run.stderr).toContain(bad.name);
    expect(run.stdout + run.stderr).not.toMatch(/^\s+at /m);
  });
});

test('a FIFO that nobody writes to → exit code 1 at once', async () => {
  execFileSync('mkfifo', [join(cwd, 'fifo')]);
  const run = await vhdx(['check', 'fifo'], { cwd });
  expect(run).toMatchObject({ exitCode: 1, signal: null, stdout: '' });
  expect(run.stderr).toBe('vhdx: cannot open fifo: it is a FIFO, not an image file (VHDX_SOURCE_NOT_A_FILE)\n');
});

test('a file name with a line break and a terminal command → one line with both written out', async () => {
  const run = await vhdx(['check', 'two\nlines\u001b[31m'], { cwd });
  expect(run.exitCode).toBe(63);
  expect(lines(run.stderr)).toHaveLength(1);
  expect(run.stderr).toContain(String.raw`two\u{a}lines\u{1b}[31m`);
});

/** A user who may not read what only root may; 65534 is `nobody` on every Linux. */
const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
const nobodyCanRun = nobody === undefined || (await vhdx(['--version'], { uid: nobody, cwd: '/' })).exitCode === 0;

test.skipIf(!nobodyCanRun)('a file without read permission → exit code 1, one line', async () => {
  write('secret', 'vhdxfile');
  chmodSync(join(cwd, 'secret'), 0o000);
  chmodSync(cwd, 0o755);
  const run = await vhdx(['check', join(cwd, 'secret')], nobody === undefined ? {} : { uid: nobody });
  expect(run).toMatchObject({ exitCode: 1, stdout: '' });
  expect(run.stderr).toMatch(/^vhdx: cannot open .*secret: permission denied \(VHDX_SOURCE_NOT_PERMITTED\)\n$/);
});

test('random bytes behind the signature, twenty seeds → corrupt, every one', async () => {
  const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
  const names = seeds.map((seed) => {
    const bytes = fixtureBytes();
    // Whatever the seed puts into headers and region tables, the rest of the image is in order.
    bytes.set(randomBytes(0x50000 - 0x10000, seed), 0x10000);
    writeSparse(join(cwd, `seed-${seed}`), bytes);
    return `seed-${seed}`;
  });
  const run = await vhdx(['check', '--format', 'json', ...names], { cwd });
  expect(run.exitCode).toBe(2);
  const reports = reportsOf(run.stdout);
  expect(reports.map(({ verdict }) => verdict)).toEqual(names.map(() => 'corrupt'));
  expect(lines(run.stderr)).toHaveLength(names.length);
});
