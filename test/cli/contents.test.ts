import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestImage } from '../support/image-builder.js';
import {
  batEntry,
  FIXTURE,
  MIB,
  pendingLog,
  PLACES,
  temporaryDirectory,
  withBatEntries,
  writeSparse,
} from './images.js';
import { golden, session } from './transcript.js';
import { lines, PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const path = (name: string): string => join(cwd, name);

/** Blocks 0 and 2 of 16 have contents, block 3 has storage with zeros in it. */
const image = new TestImage({ allocate: [0, 2, 3] });
const contents = new Uint8Array(16 * MIB);

beforeAll(() => {
  for (const [block, place] of [
    [0, 0],
    [2, 1],
  ] as const) {
    // Zeros at the start and, but for one page, in the middle.
    const bytes = new Uint8Array(MIB).fill(0x40 + block, 4096 * block, MIB - 512);
    bytes.fill(0, MIB / 2, MIB / 2 + 64 * 1024).fill(1, MIB / 2 + 8192, MIB / 2 + 12_288);
    image.source.write(bytes, image.dataOffset + place * MIB);
    contents.set(bytes, block * MIB);
  }
  writeFileSync(path('a.vhdx'), image.toBytes());
  writeSparse(path('a.raw'), contents);
  copyFileSync(FIXTURE, path('dynamic-64m.vhdx'));
  writeFileSync(path('pending.vhdx'), pendingLog());
  writeFileSync(
    path('states.vhdx'),
    withBatEntries([6, 2, 3, 1, 0].map((state) => batEntry(state, state === 6 ? 8 : 0))),
  );
  writeFileSync(path('broken.vhdx'), withBatEntries([batEntry(6, 8), batEntry(4, 0)]));
  writeFileSync(path('beyond.vhdx'), withBatEntries([batEntry(6, 8), batEntry(6, 4096)]));
  mkdirSync(path('out'));
});

afterEach(() => {
  for (const name of readdirSync(path('out'))) rmSync(path(`out/${name}`), { recursive: true });
});

describe('transcripts', () => {
  test('vhdx map → a line for each extent', async () => {
    const commands = ['map dynamic-64m.vhdx', 'map states.vhdx', 'map --json states.vhdx', 'map --chain states.vhdx'];
    await expect(
      await session(
        commands.map((words) => `vhdx ${words}`),
        { cwd },
      ),
    ).toMatchFileSnapshot(golden('map'));
  });

  test('vhdx compare → the words and exit codes of qemu-img', async () => {
    writeSparse(path('longer.raw'), new Uint8Array(17 * MIB));
    writeFileSync(path('differs.raw'), contents.with(2 * MIB + 10_001, 1));
    writeFileSync(path('short.raw'), contents.subarray(0, 4 * MIB));
    const pairs = ['a.vhdx a.raw', 'a.vhdx a.vhdx', 'a.vhdx differs.raw', 'differs.raw a.vhdx', 'short.raw a.vhdx'];
    const others = ['longer.raw a.vhdx', '-s short.raw a.vhdx', '-s a.vhdx a.raw', '-q a.vhdx differs.raw'];
    const faults = ['a.vhdx missing', 'broken.vhdx a.raw', 'a.vhdx', '--frobnicate a b', '-s a.vhdx states.vhdx'];
    const commands = [...pairs, ...others, ...faults].map((words) => `vhdx compare ${words}`);
    await expect(await session(commands, { cwd })).toMatchFileSnapshot(golden('compare'));
  });

  test('help → on standard output', async () => {
    const commands = ['map', 'read', 'convert', 'compare'].map((command) => `vhdx ${command} --help`);
    await expect(await session(commands, { cwd })).toMatchFileSnapshot(golden('help-contents'));
  });

  test('what cannot be done → one line', async () => {
    const commands = [
      'read a.vhdx --offset 64MX',
      'read a.vhdx --offset -1',
      'read a.vhdx --offset 17M',
      'read missing.vhdx',
      'read a.raw',
      'read broken.vhdx --offset 1M',
      'read pending.vhdx --log refuse',
      'map a.raw',
      'convert --to qcow2 a.vhdx out.img',
      'convert a.vhdx',
      'convert a.vhdx a.raw',
      'convert --force --to raw a.vhdx a.vhdx',
      'convert a.vhdx out',
      'convert a.vhdx nowhere/out.raw',
      'convert broken.vhdx out/x.raw',
      'convert beyond.vhdx out/x.raw',
    ];
    await expect(
      await session(
        commands.map((words) => `vhdx ${words}`),
        { cwd },
      ),
    ).toMatchFileSnapshot(golden('contents-refused'));
    expect(readdirSync(path('out'))).toEqual([]);
  });
});

/** Standard output of a run as bytes. */
function bytesOf(...args: readonly string[]): Buffer {
  return spawnSync(process.execPath, [PROGRAM, ...args], { cwd, maxBuffer: 64 * MIB }).stdout;
}

describe('vhdx read', () => {
  test.each([
    [['--length', '512'], 0, 512],
    [['--offset', '4096', '--length', '4K'], 4096, 4096],
    [['--offset', '0x200000', '--length', '1MiB'], 2 * MIB, MIB],
    [['--offset', '15M', '--length', '8m'], 15 * MIB, MIB],
    [['--offset', '16M'], 16 * MIB, 0],
    [[], 0, 16 * MIB],
  ])('%j → these bytes', (options, offset, length) => {
    const read = bytesOf('read', 'a.vhdx', ...options);
    expect(read.equals(contents.subarray(offset, offset + length))).toBe(true);
  });
});

describe('vhdx convert', () => {
  test('→ the contents, with holes for zeros, and nothing else in the folder', async () => {
    expect(await vhdx(['convert', 'a.vhdx', 'out/a.raw'], { cwd })).toEqual({
      exitCode: 0,
      signal: null,
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(path('out/a.raw')).equals(contents)).toBe(true);
    expect(readdirSync(path('out'))).toEqual(['a.raw']);
    // Two MiB, without 60 KiB in the middle of each and 8 KiB at the start of the second one.
    const most = 2 * MIB - (60 + 60 + 8) * 1024;
    if (process.platform !== 'win32') expect(statSync(path('out/a.raw')).blocks * 512).toBeLessThanOrEqual(most);
  });

  test('a pending log → what the replay gives', async () => {
    await vhdx(['convert', 'pending.vhdx', 'out/p.raw'], { cwd });
    expect(await vhdx(['compare', 'pending.vhdx', 'out/p.raw'], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test.each(['-', '/dev/stdout'])('to %s → the contents on standard output', (target) => {
    expect(bytesOf('convert', 'a.vhdx', target).equals(contents)).toBe(true);
  });

  test('/dev/stdout that is a file → written to, not replaced', () => {
    const script = '"$@" > out/redirected';
    spawnSync('bash', ['-c', script, 'bash', process.execPath, PROGRAM, 'convert', 'a.vhdx', '/dev/stdout'], { cwd });
    expect(readFileSync(path('out/redirected')).equals(contents)).toBe(true);
    expect(existsSync('/dev/stdout')).toBe(true);
  });

  test('--force → replaces the file and keeps its mode; --sync → the same', async () => {
    writeFileSync(path('out/a.raw'), 'before', { mode: 0o640 });
    expect(await vhdx(['convert', '--force', '--sync', 'a.vhdx', 'out/a.raw'], { cwd })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(path('out/a.raw')).equals(contents)).toBe(true);
    expect(statSync(path('out/a.raw')).mode & 0o777).toBe(0o640);
  });

  test('a symbolic link, --force → the file behind it is replaced', async () => {
    writeFileSync(path('out/real'), 'before');
    symlinkSync('real', path('out/link'));
    expect(await vhdx(['convert', '--force', 'a.vhdx', 'out/link'], { cwd })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(path('out/real')).equals(contents)).toBe(true);
  });

  test.each([
    ['a dangling link', 'out/dangling', /symbolic link that leads nowhere/],
    ['a character device', '/dev/null', /character device/],
    ['the image under another name', 'out/same', /one of the images that are read/],
  ])('%s → refused even with --force', async (_title, target, says) => {
    symlinkSync('nowhere', path('out/dangling'));
    symlinkSync('../a.vhdx', path('out/same'));
    const before = readFileSync(path('a.vhdx'));
    const run = await vhdx(['convert', '--force', 'a.vhdx', target], { cwd });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(says);
    expect(readFileSync(path('a.vhdx')).equals(before)).toBe(true);
  });

  test.skipIf(process.platform !== 'linux')('a full disk → one line, and nothing is left', async () => {
    // The limit of the shell stands for a full disk: both end a write.
    const script = `trap '' XFSZ; ulimit -f ${(2 * MIB) / 1024}; "$@"`;
    const args = ['-c', script, 'bash', process.execPath, PROGRAM, 'convert', 'a.vhdx', 'out/a.raw'];
    const { status, stderr } = spawnSync('bash', args, { cwd, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toMatch(/^vhdx: cannot write out\/a\.raw: .*\(VHDX_TARGET_FULL\)$/m);
    expect(readdirSync(path('out'))).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s → ends by the signal, and nothing is left', async (signal) => {
    const large = new TestImage({ type: 'fixed', virtualSize: 16 * 2 ** 30, blockSize: 256 * MIB });
    writeSparse(path('large.vhdx'), large.source.bytes(0, large.dataOffset));
    spawnSync('truncate', ['-s', String(large.size), path('large.vhdx')]);
    const child = spawn(process.execPath, [PROGRAM, 'convert', 'large.vhdx', 'out/large.raw'], { cwd });
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
    // The temporary file says that the work has begun.
    while (readdirSync(path('out')).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill(signal);
    const ended = await new Promise((resolve) => child.on('close', (code, by) => resolve([code, by])));
    expect(ended).toEqual([null, signal]);
    expect(words).toBe(`vhdx: interrupted by ${signal}: out/large.raw was not written\n`);
    expect(readdirSync(path('out'))).toEqual([]);
  });
});

test('the contents of the fixture → its first block is where the map says', () => {
  const [first] = bytesOf('read', 'dynamic-64m.vhdx', '--length', '1');
  expect(first).toBe(readFileSync(FIXTURE)[PLACES.firstBlock]);
});
