import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { TestImage } from '../support/image-builder.js';
import { LINKAGE, writeParent } from './chains.js';
import { batEntry, FIXTURE, temporaryDirectory, withBatEntries } from './images.js';
import { golden, session } from './transcript.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'clean.vhdx'));
  writeFileSync(join(cwd, 'overlap.vhdx'), withBatEntries([batEntry(6, 8), batEntry(6, 8)]));
  writeFileSync(join(cwd, 'zeros.img'), new Uint8Array(4096));
  writeParent(join(cwd, 'parent.vhdx'));
  const child = new TestImage({
    type: 'differencing',
    parent: [LINKAGE, ['relative_path', 'parent.vhdx']],
    allocate: [0],
    allocateAs: 7,
    bitmaps: [0],
  });
  child.poke(child.dataOffset + child.blockSize, 1);
  writeFileSync(join(cwd, 'child.vhdx'), child.toBytes());
  const orphan = new TestImage({ type: 'differencing', parent: [LINKAGE, ['relative_path', 'gone.vhdx']] });
  writeFileSync(join(cwd, 'orphan.vhdx'), orphan.toBytes());
});

describe('a place of the file', () => {
  test('structures, blocks, free space → what owns it; tree and map alike', async () => {
    const places = ['0x20008', '1M', '0x812345', '5M', '0x12000', '2097160'];
    const run = await session(
      [...places.map((place) => `vhdx map clean.vhdx --at ${place}`), 'vhdx map overlap.vhdx --at 8M'],
      { cwd },
    );
    await expect(run).toMatchFileSnapshot(golden('locate-file'));
    const [tree, map] = [
      await vhdx(['tree', 'clean.vhdx', '@0x20008'], { cwd }),
      await vhdx(['map', 'clean.vhdx', '--at', '0x20008'], { cwd }),
    ];
    expect(tree.stdout).toBe(map.stdout);
  });

  test('--json → owner, nodes and blocks', async () => {
    const { stdout } = await vhdx(['map', 'clean.vhdx', '--at', '0x812345', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      fileOffset: 0x812345,
      kind: 'block',
      blocks: [{ kind: 'payload', number: 0, batIndex: 0, virtualOffset: 0x12345 }],
    });
    const field = await vhdx(['tree', 'clean.vhdx', '@0x20008', '--json'], { cwd });
    expect(JSON.parse(field.stdout)).toMatchObject({
      kind: 'structure',
      structure: { title: 'the header section' },
      nodes: [{ path: 'headers[1]' }, { path: 'headers[1].sequence_number', bytes: 'de10cb7000000000' }],
    });
  });
});

describe('a place of the virtual disk', () => {
  test('here, in the parent, a zero, past the end → which image has it, and where', async () => {
    const run = await session(
      [
        'clean.vhdx --virtual 0x12345',
        'child.vhdx --virtual 0',
        'child.vhdx --virtual 512',
        'child.vhdx --virtual 4M',
      ].map((each) => `vhdx map ${each}`),
      { cwd },
    );
    await expect(run.replaceAll(cwd, '/images')).toMatchFileSnapshot(golden('locate-virtual'));
  });

  test('storage that blocks share → cannot be read, as read says', async () => {
    const { exitCode, stdout } = await vhdx(['map', 'overlap.vhdx', '--virtual', '0x100', '--json'], { cwd });
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      { levels: [{ block: 0, unreadable: { code: 'VHDX_BAT_BLOCK_OVERLAP' } }] },
    ]);
    const read = await vhdx(['read', 'overlap.vhdx', '--length', '1'], { cwd });
    expect([read.exitCode, read.stderr]).toEqual([2, expect.stringContaining('VHDX_BAT_BLOCK_OVERLAP')]);
    for (const options of [[], ['--json']]) {
      const list = await vhdx(['map', 'overlap.vhdx', ...options], { cwd });
      expect([list.exitCode, list.stderr]).toEqual([2, expect.stringContaining('VHDX_BAT_BLOCK_OVERLAP')]);
    }
  });

  test('--json → the levels with their files', async () => {
    const { stdout } = await vhdx(['map', 'child.vhdx', '--virtual', '512', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      virtualOffset: 512,
      levels: [
        { filename: 'child.vhdx', kind: 'parent', sectorBit: { bit: 1, isSet: false } },
        { filename: expect.stringMatching(/parent\.vhdx$/) as unknown, depth: 1, kind: 'data' },
      ],
    });
  });
});

test('outside, no offset, no VHDX, no parent → one line, and no 0', async () => {
  const run = await session(
    [
      'vhdx map clean.vhdx --at 1G',
      'vhdx map clean.vhdx --virtual 64M',
      'vhdx map clean.vhdx --at x',
      'vhdx map clean.vhdx --at 1 --virtual 1',
      'vhdx tree clean.vhdx @x',
      'vhdx tree zeros.img @0',
      'vhdx map orphan.vhdx --virtual 0',
    ],
    { cwd },
  );
  await expect(run.replaceAll(cwd, '/images')).toMatchFileSnapshot(golden('locate-refused'));
});
