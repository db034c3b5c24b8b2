import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type BlockModel, buildChain } from '../support/chain-model.js';
import { TestImage } from '../support/image-builder.js';
import { writeParent } from './chains.js';
import { batEntry, FIXTURE, MIB, pendingLog, temporaryDirectory, withBatEntries } from './images.js';
import { golden, session } from './transcript.js';
import { lines, PROGRAM, type Run, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const path = (name: string): string => join(cwd, name);

/** 5 MiB and 100 bytes: a MiB of data, one of zeros, one with a page of data, then data again. */
const raw = Buffer.alloc(5 * MIB + 100);
raw
  .fill(0x11, 0, MIB)
  .fill(0x22, 2 * MIB + 8192, 2 * MIB + 12_288)
  .fill(0x33, 3 * MIB, 5 * MIB + 100);

beforeAll(() => {
  mkdirSync(path('out'));
  writeFileSync(path('in.raw'), raw);
  copyFileSync(FIXTURE, path('dynamic.vhdx'));
  writeParent(path('base.vhdx'));
  writeFileSync(path('pending.vhdx'), pendingLog());
  writeFileSync(path('broken.vhdx'), withBatEntries([batEntry(6, 8), batEntry(4, 0)]));
  writeFileSync(path('some.gz'), Buffer.concat([Buffer.of(0x1f, 0x8b, 8, 0), raw]));
});

afterEach(() => {
  for (const name of readdirSync(path('out'))) rmSync(path(`out/${name}`), { recursive: true });
});

/** What `vhdx info --json` says under `format-specific`. */
async function described(image: string): Promise<Record<string, unknown>> {
  const { stdout } = await vhdx(['info', '--json', image], { cwd });
  const info = JSON.parse(stdout) as { 'virtual-size': number; 'format-specific': { data: Record<string, unknown> } };
  return { 'virtual-size': info['virtual-size'], ...info['format-specific'].data };
}

async function convert(...args: readonly string[]): Promise<Run> {
  return vhdx(['convert', ...args], { cwd });
}

/** Runs `vhdx convert` with these bytes on its standard input, in pieces. */
async function convertStream(input: Uint8Array, ...args: readonly string[]): Promise<Omit<Run, 'signal'>> {
  const child = spawn(process.execPath, [PROGRAM, 'convert', ...args], { cwd });
  // Who refuses the stream closes it.
  child.stdin.on('error', () => undefined);
  for (let at = 0; at < input.length; at += 100_001) child.stdin.write(input.subarray(at, at + 100_001));
  child.stdin.end();
  return ended(child);
}

async function ended(child: ChildProcess): Promise<Run> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
}

async function expectSameContents(one: string, other: string, ...options: readonly string[]): Promise<void> {
  const compared = await vhdx(['compare', one, other, ...options], { cwd });
  expect(lines(compared.stdout).at(-1)).toBe('Images are identical.');
  for (const image of [one, other].filter((name) => name.startsWith('out/') && name.endsWith('vhdx'))) {
    expect(await vhdx(['check', '--fail-on', 'warning', image], { cwd })).toMatchObject({ exitCode: 0 });
  }
}

const ADDED = 'vhdx: out/a.vhdx: 412 zero bytes added, to end with a whole sector\n';

describe('a raw image', () => {
  test('→ a dynamic disk with blocks of 32 MiB, and nothing else in the folder', async () => {
    const run = await convert('in.raw', 'out/a.vhdx');
    expect(run).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: ADDED });
    expect(readdirSync(path('out'))).toEqual(['a.vhdx']);
    expect(await described('out/a.vhdx')).toMatchObject({
      'virtual-size': 5 * MIB + 512,
      type: 'dynamic',
      'logical-sector-size': 512,
      'physical-sector-size': 4096,
    });
    await expectSameContents('in.raw', 'out/a.vhdx');
  });

  test('blocks of 1 MiB → no storage for the one that is zeros', async () => {
    await convert('in.raw', 'out/a.vhdx', '--block-size', '1M');
    expect(await described('out/a.vhdx')).toMatchObject({ blocks: { allocated: 5 } });
    await expectSameContents('in.raw', 'out/a.vhdx');
  });

  test('--type fixed → storage for all, no holes', async () => {
    await convert('in.raw', 'out/a.vhdx', '--block-size', '1M', '--type', 'fixed');
    expect(await described('out/a.vhdx')).toMatchObject({ type: 'fixed', blocks: { allocated: 6 } });
    const { blocks, size } = statSync(path('out/a.vhdx'));
    if (process.platform !== 'win32') expect(blocks * 512).toBeGreaterThanOrEqual(size);
    await expectSameContents('in.raw', 'out/a.vhdx');
  });

  test('sectors of 4096 bytes → whole ones', async () => {
    const { stderr } = await convert('in.raw', 'out/a.vhdx', '--logical-sector-size', '4096');
    expect(stderr).toContain('3996 zero bytes added');
    expect(await described('out/a.vhdx')).toMatchObject({ 'virtual-size': 5 * MIB + 4096 });
    await expectSameContents('in.raw', 'out/a.vhdx');
  });

  test('a greater size → zeros behind, which is no surprise', async () => {
    const { stderr } = await convert('in.raw', 'out/a.vhdx', '--size', '1G');
    expect(stderr).toBe('');
    expect(await described('out/a.vhdx')).toMatchObject({ 'virtual-size': 1024 * MIB });
    await expectSameContents('in.raw', 'out/a.vhdx');
  });

  test('--to vhdx → under any name; --from raw → the bytes of a VHDX as such', async () => {
    await convert('dynamic.vhdx', 'out/a.img', '--to', 'vhdx', '--from', 'raw');
    await convert('out/a.img', 'out/back', '--to', 'raw');
    expect(readFileSync(path('out/back')).equals(readFileSync(path('dynamic.vhdx')))).toBe(true);
  });

  test('--from raw → what looks like something else', async () => {
    expect(await convert('some.gz', 'out/a.vhdx')).toMatchObject({ exitCode: 63 });
    expect(await convert('some.gz', 'out/a.vhdx', '--from', 'raw')).toMatchObject({ exitCode: 0 });
    await expectSameContents('some.gz', 'out/a.vhdx', '--from', 'raw');
  });
});

describe('a VHDX', () => {
  test('→ equal contents, a disk ID of its own', async () => {
    expect(await convert('dynamic.vhdx', 'out/a.vhdx')).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: '' });
    await expectSameContents('dynamic.vhdx', 'out/a.vhdx');
    const [one, other] = [await described('dynamic.vhdx'), await described('out/a.vhdx')];
    expect(other['virtual-disk-id']).not.toBe(one['virtual-disk-id']);
  });

  test('with sectors of 4096 bytes → keeps them, unless told otherwise', async () => {
    const image = new TestImage({ logicalSectorSize: 4096, allocate: [1] });
    image.source.write(new Uint8Array(MIB).fill(7), image.dataOffset);
    writeFileSync(path('out/large.vhdx'), image.toBytes());
    await convert('out/large.vhdx', 'out/a.vhdx');
    expect(await described('out/a.vhdx')).toMatchObject({ 'logical-sector-size': 4096 });
    await convert('out/large.vhdx', 'out/b.vhdx', '--logical-sector-size', '512', '--physical-sector-size', '512');
    expect(await described('out/b.vhdx')).toMatchObject({ 'logical-sector-size': 512, 'physical-sector-size': 512 });
    await expectSameContents('out/a.vhdx', 'out/b.vhdx');
  });

  test('with physical sectors of 512 bytes, to logical ones of 4096 → both are 4096', async () => {
    writeFileSync(path('out/small.vhdx'), new TestImage({ physicalSectorSize: 512 }).toBytes());
    await convert('out/small.vhdx', 'out/a.vhdx', '--logical-sector-size', '4096');
    expect(await described('out/a.vhdx')).toMatchObject({ 'logical-sector-size': 4096, 'physical-sector-size': 4096 });
  });

  test('with a pending log → what the replay gives', async () => {
    await convert('pending.vhdx', 'out/a.vhdx');
    await expectSameContents('pending.vhdx', 'out/a.vhdx');
  });

  test('a chain → one disk without a parent, sector by sector what the chain has', async () => {
    const block = (state: BlockModel['state']): BlockModel => ({ state, pattern: [true, false, false, true, true] });
    const images = buildChain({
      blockSize: MIB,
      sectorSize: 512,
      levels: [
        { virtualSize: 6 * MIB, blocks: ([7, 0, 6, 7, 2, 0] as const).map(block) },
        { virtualSize: 5 * MIB, blocks: ([7, 7, 0, 6, 6] as const).map(block) },
        { virtualSize: 6 * MIB, blocks: ([6, 6, 6, 0, 6, 6] as const).map(block) },
      ],
    });
    for (const [level, image] of images.entries()) writeFileSync(path(`level-${level}.vhdx`), image.toBytes());
    expect(await convert('level-0.vhdx', 'out/a.vhdx', '--block-size', '1M')).toMatchObject({ exitCode: 0 });
    expect(await described('out/a.vhdx')).toMatchObject({ type: 'dynamic' });
    await expectSameContents('level-0.vhdx', 'out/a.vhdx');
  });
});

describe('standard input', () => {
  test.each(['dynamic', 'fixed'])('a stream of unknown length, %s → its contents', async (type) => {
    const run = await convertStream(raw, '-', 'out/a.vhdx', '--type', type, '--block-size', '1M');
    expect(run).toMatchObject({ exitCode: 0, stdout: '', stderr: ADDED });
    await expectSameContents('in.raw', 'out/a.vhdx');
  });

  test('--size → zeros behind', async () => {
    expect(await convertStream(raw, '-', 'out/a.vhdx', '--size', '64M')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await described('out/a.vhdx')).toMatchObject({ 'virtual-size': 64 * MIB });
    await expectSameContents('in.raw', 'out/a.vhdx');
  });

  test('a file → the same', async () => {
    const file = openSync(path('in.raw'), 'r');
    const child = spawn(process.execPath, [PROGRAM, 'convert', '-', 'out/a.vhdx'], {
      cwd,
      stdio: [file, 'pipe', 'pipe'],
    });
    expect(await ended(child)).toMatchObject({ exitCode: 0, stderr: ADDED });
    closeSync(file);
    await expectSameContents('in.raw', 'out/a.vhdx');
  });

  test.each<[string, Uint8Array, readonly string[], RegExp]>([
    ['nothing', new Uint8Array(0), [], /VHDX_CREATE_SIZE_INVALID/],
    ['more than --size', raw, ['--size', '1M'], /VHDX_CREATE_SIZE_INVALID/],
    ['a VHDX', readFileSync(FIXTURE), [], /standard input: .*has to be a file \(VHDX_SOURCE_NOT_A_FILE\)$/m],
    ['--from vhdx', raw, ['--from', 'vhdx'], /has to be a file/],
  ])('%s → refused, and nothing is left', async (_title, input, options, says) => {
    const run = await convertStream(input, '-', 'out/a.vhdx', ...options);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(says);
    expect(lines(run.stderr)).toHaveLength(1);
    expect(readdirSync(path('out'))).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('SIGINT while nothing comes → ends by the signal', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'convert', '-', 'out/a.vhdx'], { cwd });
    const end = ended(child);
    child.stdin.on('error', () => undefined).write(raw);
    while (readdirSync(path('out')).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    expect(await end).toMatchObject({
      signal: 'SIGINT',
      stderr: 'vhdx: interrupted by SIGINT: out/a.vhdx was not written\n',
    });
    expect(readdirSync(path('out'))).toEqual([]);
  });
});

describe('what cannot be done', () => {
  test('→ one line, and nothing is left', async () => {
    writeFileSync(path('empty.raw'), '');
    const commands = [
      'convert missing.raw out/a.vhdx',
      'convert broken.vhdx out/a.vhdx',
      'convert some.gz out/a.vhdx',
      'convert in.raw out/a.vhdx --from vhdx',
      'convert in.raw out/a.vhdx --type differencing',
      'convert in.raw out/a.vhdx --block-size 3M',
      'convert in.raw out/a.vhdx --logical-sector-size 2048',
      'convert in.raw out/a.vhdx --size 1M',
      'convert in.raw out/a.vhdx --size 65T',
      'convert empty.raw out/a.vhdx',
      'convert out out/a.vhdx',
      'convert in.raw dynamic.vhdx',
      'convert --force dynamic.vhdx dynamic.vhdx',
      'convert in.raw nowhere/a.vhdx',
      'convert dynamic.vhdx - --to vhdx',
      'convert --from raw in.raw out/a.raw',
      'convert - out/a.raw',
      'convert dynamic.vhdx out/a.raw --type fixed',
      'convert dynamic.vhdx out/a.raw --block-size 1M',
    ];
    await expect(
      await session(
        commands.map((words) => `vhdx ${words}`),
        { cwd },
      ),
    ).toMatchFileSnapshot(golden('create-converted-refused'));
    expect(readdirSync(path('out'))).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('a full disk → one line, and nothing is left', () => {
    const script = `trap '' XFSZ; ulimit -f ${(6 * MIB) / 1024}; "$@"`;
    const args = ['convert', 'in.raw', 'out/a.vhdx', '--block-size', '1M'];
    const shell = ['-c', script, 'bash', process.execPath, PROGRAM, ...args];
    const { status, stderr } = spawnSync('bash', shell, { cwd, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^vhdx: cannot write out\/a\.vhdx: .*\(VHDX_TARGET_FULL\)\n$/);
    expect(readdirSync(path('out'))).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s → ends by the signal, and nothing is left', async (signal) => {
    const file = openSync(path('large.raw'), 'w');
    writeSync(file, raw);
    closeSync(file);
    truncateSync(path('large.raw'), 2 ** 40);
    const child = spawn(process.execPath, [PROGRAM, 'convert', 'large.raw', 'out/a.vhdx'], { cwd });
    const end = ended(child);
    while (readdirSync(path('out')).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill(signal);
    expect(await end).toMatchObject({
      signal,
      stderr: `vhdx: interrupted by ${signal}: out/a.vhdx was not written\n`,
    });
    expect(readdirSync(path('out'))).toEqual([]);
  });
});
