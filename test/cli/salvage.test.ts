import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { convertToRaw } from '../../runtime/node-convert.js';
import { convertToVhdx } from '../../runtime/node-convert-vhdx.js';
import { compareContents, openDisk } from '../../runtime/index.js';
import { buildChain, type BlockModel } from '../support/chain-model.js';
import { TestImage } from '../support/image-builder.js';
import { MIB, temporaryDirectory } from './images.js';
import { golden, session } from './transcript.js';
import { lines, PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const path = (name: string): string => join(cwd, name);
const BLOCKS = [0, 1, 2, 3];

/** A disk of 16 MiB whose first 4 MiB are filled with the numbers of their blocks, from 1 on. */
function makeImage(): TestImage {
  const image = new TestImage({ allocate: BLOCKS });
  for (const block of BLOCKS) image.source.write(new Uint8Array(MIB).fill(block + 1), image.dataOffset + block * MIB);
  return image;
}

const whole = new Uint8Array(16 * MIB);
for (const block of BLOCKS) whole.fill(block + 1, block * MIB, (block + 1) * MIB);
/** The contents with zeros from `start` to `end`. */
const without = (start: number, end: number): Uint8Array => whole.slice().fill(0, start, end);

const place = makeImage().dataOffset / MIB;
const DAMAGES: Readonly<Record<string, (image: TestImage) => unknown>> = {
  cut: (image) => (image.size -= MIB + 1000),
  state: (image) => image.setBat(2, { state: 5 }),
  overlap: (image) => image.setBat(2, { state: 6, fileOffsetMb: place + 3 }),
  metadata: (image) => image.setBat(2, { state: 6, fileOffsetMb: image.metadataOffset / MIB }),
  headers: (image) => [0x1_0004, 0x2_0004].map((at) => image.flip(at)),
  regions: (image) => [0x3_0004, 0x4_0004].map((at) => image.flip(at)),
  wiped: (image) => image.source.write(new Uint8Array(0x5_0000), 0x8000),
};

beforeAll(() => {
  mkdirSync(path('out'));
  writeFileSync(path('sound.vhdx'), makeImage().toBytes());
  writeFileSync(path('whole.raw'), whole);
  for (const [name, damage] of Object.entries(DAMAGES)) {
    const image = makeImage();
    damage(image);
    writeFileSync(path(`${name}.vhdx`), image.toBytes());
  }
});

afterEach(() => {
  for (const name of readdirSync(path('out'))) rmSync(path(`out/${name}`), { recursive: true });
});

const run = (...args: readonly string[]): ReturnType<typeof vhdx> => vhdx(args, { cwd });

describe('a corrupt image without --salvage', () => {
  test.each(Object.keys(DAMAGES))('%s → exit code 2 and the same words from every command', async (name) => {
    const image = `${name}.vhdx`;
    const runs = [
      await run('convert', image, 'out/a.raw'),
      await run('convert', image, 'out/a.vhdx'),
      await run('convert', image, '-'),
      await run('read', image),
      await run('compare', image, 'whole.raw'),
      await run('compare', 'whole.raw', image),
    ];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(new Set(runs.map(({ stderr }) => stderr)).size).toBe(1);
    expect(lines(runs[0]?.stderr ?? '')).toHaveLength(1);
    expect(readdirSync(path('out'))).toEqual([]);
  });

  test('a range that is sound → read; shared storage is found in it all the same', async () => {
    expect(await run('read', 'cut.vhdx', '--length', '1M')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await run('read', 'overlap.vhdx', '--length', '1M')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await run('read', 'overlap.vhdx', '--offset', '3M', '--length', '512')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('VHDX_BAT_BLOCK_OVERLAP'),
    });
  });

  test('shared storage in the library → refused by whatever copies or compares', async () => {
    const image = makeImage();
    DAMAGES['overlap']?.(image);
    const fault = expect.objectContaining({ code: 'VHDX_BAT_BLOCK_OVERLAP' });
    await expect(convertToRaw(await openDisk(image.source), path('out/a.raw'))).rejects.toEqual(fault);
    await expect(convertToVhdx(await openDisk(image.source), path('out/a.vhdx'))).rejects.toEqual(fault);
    await expect(compareContents(await openDisk(image.source), makeImage().source)).rejects.toEqual(fault);
    expect(readdirSync(path('out'))).toEqual([]);
  });
});

describe('--salvage', () => {
  test.each<[string, Uint8Array]>([
    ['cut', without(3 * MIB - 1000, 4 * MIB)],
    ['state', without(2 * MIB, 3 * MIB)],
    ['overlap', without(2 * MIB, 4 * MIB)],
    ['metadata', without(2 * MIB, 3 * MIB)],
    ['headers', whole],
    ['regions', whole],
  ])('%s → what is there, zeros for the rest, exit code 3', async (name, expected) => {
    const image = `${name}.vhdx`;
    expect(await run('convert', '--salvage', image, 'out/a.raw')).toMatchObject({ exitCode: 3, stdout: '' });
    expect(readFileSync(path('out/a.raw')).equals(expected)).toBe(true);
    expect(await run('convert', '--salvage', image, 'out/a.vhdx')).toMatchObject({ exitCode: 3 });
    expect(await run('compare', '-s', 'out/a.vhdx', 'out/a.raw')).toMatchObject({ exitCode: 0 });
    expect(await run('check', '--fail-on', 'warning', 'out/a.vhdx')).toMatchObject({ exitCode: 0 });
    for (const args of [
      ['read', image],
      ['convert', image, '-'],
    ]) {
      const { status, stdout } = spawnSync(process.execPath, [PROGRAM, ...args, '--salvage'], {
        cwd,
        maxBuffer: 64 * MIB,
      });
      expect(status).toBe(3);
      expect(stdout.equals(expected)).toBe(true);
    }
  });

  test('a sound image → as without it', async () => {
    const convert = await run('convert', '--salvage', '--salvage-map', 'out/map', 'sound.vhdx', 'out/a.raw');
    expect(convert).toEqual({ exitCode: 0, signal: null, stdout: '', stderr: '' });
    expect(readFileSync(path('out/a.raw')).equals(whole)).toBe(true);
    expect(readFileSync(path('out/map'), 'utf8')).toMatch(/\n0x00000000 {2}0x01000000 {2}\+\n$/);
  });

  test('read of a range that is sound → exit code 0', async () => {
    expect(await run('read', '--salvage', 'state.vhdx', '--length', '2M')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('beyond salvage → exit code 2, and nothing is left', async () => {
    const convert = await run('convert', '--salvage', '--salvage-map', 'out/map', 'wiped.vhdx', 'out/a.raw');
    expect(convert).toMatchObject({ exitCode: 2 });
    expect(readdirSync(path('out'))).toEqual([]);
  });

  test('what it says and writes', async () => {
    const commands = [
      'convert --salvage cut.vhdx out/1.raw --salvage-map out/cut.map',
      'convert --salvage overlap.vhdx out/2.vhdx --salvage-map out/overlap.json',
      'convert --salvage headers.vhdx out/3.raw',
      'convert --salvage state.vhdx out/4.raw --salvage-map whole.raw',
      'convert --salvage state.vhdx out/5.raw --salvage-map out/5.raw',
      'convert state.vhdx out/6.raw --salvage-map out/6.map',
      'read --salvage state.vhdx --salvage-map nowhere/map',
      'convert --salvage whole.raw out/7.vhdx',
    ];
    await expect(
      await session(
        commands.map((words) => `vhdx ${words}`),
        { cwd },
      ),
    ).toMatchFileSnapshot(golden('salvage'));
    expect(readdirSync(path('out')).toSorted()).toEqual(['1.raw', '2.vhdx', '3.raw', 'cut.map', 'overlap.json']);
    expect(lines(readFileSync(path('out/cut.map'), 'utf8')).slice(1)).toEqual([
      '# current_pos  current_status  current_pass',
      '0x01000000     +               1',
      '#      pos        size  status',
      '0x00000000  0x002ffc18  +',
      '0x002ffc18  0x001003e8  -',
      '0x00400000  0x00c00000  +',
    ]);
    const json = JSON.parse(readFileSync(path('out/overlap.json'), 'utf8')) as Record<string, unknown>;
    expect(json).toMatchObject({
      filename: 'overlap.vhdx',
      'virtual-size': 16 * MIB,
      'lost-bytes': 2 * MIB,
      obstacles: [],
      ranges: [
        { start: 0, length: 2 * MIB, status: '+' },
        { start: 2 * MIB, length: 2 * MIB, status: '-', code: 'VHDX_BAT_BLOCK_OVERLAP' },
        { start: 4 * MIB, length: 12 * MIB, status: '+' },
      ],
    });
  });

  test('a map in an empty file, as mktemp makes them → written; the image itself is not overwritten', async () => {
    writeFileSync(path('out/map'), '');
    await run('read', '--salvage', '--salvage-map', 'out/map', 'state.vhdx', '--length', '512');
    expect(readFileSync(path('out/map'), 'utf8')).toMatch(/^# Mapfile of the virtual disk in state.vhdx\./);
    const before = readFileSync(path('state.vhdx'));
    expect(await run('read', '--salvage', '--salvage-map', 'state.vhdx', 'state.vhdx')).toMatchObject({ exitCode: 1 });
    expect(readFileSync(path('state.vhdx')).equals(before)).toBe(true);
  });

  test('read of a part → a map that says what was not looked at', async () => {
    await run('read', '--salvage', '--salvage-map', 'out/map', 'cut.vhdx', '--offset', '3M', '--length', '2M');
    expect(lines(readFileSync(path('out/map'), 'utf8')).slice(4)).toEqual([
      '0x00000000  0x00300000  ?',
      '0x00300000  0x00100000  -',
      '0x00400000  0x00100000  +',
      '0x00500000  0x00b00000  ?',
    ]);
  });

  const hasTool = spawnSync('ddrescuelog', ['--version']).status === 0;
  test.skipIf(!hasTool)('the map → what ddrescuelog (GNU ddrescue) reads', async () => {
    await run('convert', '--salvage', '--salvage-map', 'out/map', 'cut.vhdx', 'out/a.raw');
    const list = spawnSync('ddrescuelog', ['--list-blocks=-', '--block-size=512', 'out/map'], {
      cwd,
      encoding: 'utf8',
    });
    expect(list.stderr).toBe('');
    const blocks = lines(list.stdout);
    expect([blocks.at(0), blocks.at(-1), blocks.length]).toEqual(['6142', '8191', 2050]);
  });

  test('a missing parent → zeros instead, never refused', async () => {
    const block = (state: BlockModel['state']): BlockModel => ({ state, pattern: [true, false] });
    const [child] = buildChain({
      blockSize: MIB,
      sectorSize: 512,
      levels: [
        { virtualSize: 2 * MIB, blocks: [block(7), block(0)] },
        { virtualSize: 2 * MIB, blocks: [block(6), block(6)] },
      ],
    });
    writeFileSync(path('child.vhdx'), child?.toBytes() ?? '');
    expect(await run('convert', 'child.vhdx', 'out/a.raw')).toMatchObject({ exitCode: 1 });
    const { exitCode, stderr } = await run('convert', '--salvage', 'child.vhdx', 'out/a.raw');
    expect(exitCode).toBe(3);
    expect(lines(stderr)).toHaveLength(1 + 20 + 2);
    expect(stderr).toContain('VHDX_PARENT_NOT_FOUND). What it has of its parent is lost');
    expect(stderr).toContain('1004 more ranges lost, which --salvage-map lists');
    expect(stderr).toContain('1.5 MiB in 1024 ranges lost and now zeros');
    expect(existsSync(path('out/a.raw'))).toBe(true);
  });
});
