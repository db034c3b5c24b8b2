import { describe, expect, test } from 'vitest';
import { imageTree, type TreeNode } from '../../../runtime/index.js';
import { IDS, MIB, TIB, TestImage } from '../../support/image-builder.js';
import { guid } from '../../support/image-items.js';

async function nodesOf(image: TestImage, path?: string): Promise<TreeNode[]> {
  const nodes: TreeNode[] = [];
  for await (const node of imageTree(image.source, { path })) nodes.push(node);
  return nodes;
}

async function paths(image: TestImage, path?: string): Promise<string[]> {
  return (await nodesOf(image, path)).map((node) => node.path);
}

describe('structures', () => {
  test('every field → the bytes that stand at its place in the file', async () => {
    const image = new TestImage({ type: 'differencing', logGuid: IDS.log, allocate: [0, 3] });
    image.addLogEntry(0, { sequenceNumber: 1n });
    const file = image.toBytes();
    const nodes = await nodesOf(image);
    expect(nodes.length).toBeGreaterThan(150);
    for (const { path, fileOffset, length, kind, bytes } of nodes) {
      if (kind !== 'field' || bytes === undefined) continue;
      expect(bytes.length, path).toBe(length);
      expect(Buffer.compare(bytes, file.subarray(fileOffset, fileOffset + length)), path).toBe(0);
    }
  });

  test('fields of a structure of fixed size → without a gap, up to its end', async () => {
    const nodes = await nodesOf(new TestImage(), 'headers[0]');
    const [head, ...fields] = nodes;
    let end = head?.fileOffset ?? -1;
    for (const { fileOffset, length } of fields) {
      expect(fileOffset).toBe(end);
      end += length;
    }
    expect(end).toBe((head?.fileOffset ?? 0) + (head?.length ?? 0));
  });

  test('headers and region tables → which copy is in use', async () => {
    const image = new TestImage();
    image.flip(192 * 1024 + 9);
    const notes = new Map((await nodesOf(image)).map(({ path, note }) => [path, note]));
    expect(notes.get('headers[0]')).toBeUndefined();
    expect(notes.get('headers[1]')).toBe('current');
    expect(notes.get('region_tables[0]')).toBeUndefined();
    expect(notes.get('region_tables[1]')).toBe('in use');
  });

  test('an item that no schema describes → its bytes', async () => {
    const id = '12345678-1234-1234-1234-123456789abc';
    const image = new TestImage({ items: [{ id, bytes: Uint8Array.of(1, 2, 3), isUser: true }] });
    expect(await nodesOf(image, 'metadata_items[5]')).toMatchObject([
      { value: Uint8Array.of(1, 2, 3), note: `user item ${id}` },
    ]);
  });

  test('parent locator → keys and values', async () => {
    const nodes = await nodesOf(new TestImage({ type: 'differencing' }), 'parent_locator.entries[0]');
    const texts = nodes.filter(({ type }) => type === 'str').map(({ path, value }) => [path, value]);
    expect(texts).toEqual([
      ['parent_locator.entries[0].key', 'parent_linkage'],
      ['parent_locator.entries[0].value', `{${IDS.parent}}`],
    ]);
  });
});

describe('log', () => {
  const pending = (): TestImage => {
    const image = new TestImage({ logGuid: IDS.log });
    const bytes = new Uint8Array(4096).fill(0xab);
    image.addLogEntry(0, {
      sequenceNumber: 5n,
      writes: [
        { kind: 'zero', fileOffset: image.batOffset + 4096, length: 4096 },
        { kind: 'data', fileOffset: image.metadataOffset + 512 * 1024, bytes },
      ],
    });
    return image;
  };

  test('active sequence → entries, descriptors of both kinds and data sectors', async () => {
    const nodes = await nodesOf(pending(), 'log');
    const structures = nodes.filter(({ kind }) => kind === 'structure').map(({ path, type }) => `${path} ${type}`);
    expect(structures).toEqual([
      'log vhdx_log_ring',
      'log.entries[0] vhdx_log_entry',
      'log.entries[0].descriptors[0] vhdx_log_zero_descriptor',
      'log.entries[0].descriptors[1] vhdx_log_data_descriptor',
      'log.entries[0].data_sectors[0] vhdx_log_data_sector',
    ]);
    expect(nodes.find(({ path }) => path === 'log.entries[0].header.sequence_number')?.value).toBe(5n);
  });

  test('an entry of an earlier session, and a damaged one → listed, with all of it by path', async () => {
    const image = pending();
    image.editHeader('both', (header) => {
      header.logGuid = guid('00000000-0000-0000-0000-000000000000');
    });
    image.addLogEntry(64 * 1024, { sequenceNumber: 9n, guid: IDS.dataWrite });
    image.addLogEntry(128 * 1024, { sequenceNumber: 10n });
    image.flip(image.logOffset + 128 * 1024 + 40);
    const listed = (await nodesOf(image, 'log')).filter(({ kind }) => kind === 'structure');
    expect(listed.map(({ path, note }) => `${path} ${note}`)).toEqual([
      'log nothing to replay; 3 entries are not replayed',
      `log[0x0] sequence number 5, LogGuid ${IDS.log}; old, not replayed`,
      `log[0x10000] sequence number 9, LogGuid ${IDS.dataWrite}; old, not replayed`,
      expect.stringMatching(/^log\[0x20000\] sequence number 10, .*; not replayed: checksum/) as unknown,
    ]);
    const found = await paths(image, 'log[0x0]');
    expect(found).toContain('log[0x0].descriptors[1]');
    expect(found).toContain('log[0x0].data_sectors[0]');
    expect(await paths(image, 'log[0x10000].header.sequence_number')).toEqual(['log[0x10000].header.sequence_number']);
  });

  test('what follows the log → as it will be after the replay', async () => {
    const image = pending();
    image.setBat(512, { state: 6, fileOffsetMb: 4 });
    image.addLogEntry(0, {
      sequenceNumber: 6n,
      writes: [{ kind: 'zero', fileOffset: image.batOffset, length: 4096 }],
    });
    image.setBat(0, { state: 6, fileOffsetMb: 99 });
    const [, state] = await nodesOf(image, 'bat[0]');
    expect(state).toMatchObject({ path: 'bat[0].state', value: 0 });
  });
});

describe('BAT', () => {
  test('entries that say the same → one range, storage without a gap', async () => {
    const image = new TestImage({ allocate: [0, 1, 2, 8] });
    const ranges = (await nodesOf(image, 'bat')).slice(1).map(({ path, note }) => `${path} ${note}`);
    const at = (index: number): string => `0x${(image.dataOffset + index * MIB).toString(16)}`;
    expect(ranges).toEqual([
      `bat[0..2] blocks 0 to 2: FULLY_PRESENT (6) at ${at(0)} to ${at(3)}`,
      'bat[3..7] blocks 3 to 7: NOT_PRESENT (0)',
      `bat[8] block 8: FULLY_PRESENT (6) at ${at(3)} to ${at(4)}`,
      'bat[9..15] blocks 9 to 15: NOT_PRESENT (0)',
    ]);
  });

  test('sector bitmap block → a range of its own', async () => {
    const image = new TestImage({
      type: 'differencing',
      blockSize: 256 * MIB,
      allocate: [0],
      allocateAs: 7,
      bitmaps: [0],
    });
    const notes = (await nodesOf(image, 'bat')).map(({ note }) => note);
    expect(notes.at(-1)).toMatch(/^sector bitmap block 0: PRESENT \(6\) at 0x/);
  });

  test('more ranges than are listed → cut, and an entry behind them by its path', async () => {
    const allocate = Array.from({ length: 400 }, (_, index) => index * 2);
    const image = new TestImage({ virtualSize: 1000 * MIB, allocate });
    const nodes = await nodesOf(image, 'bat');
    expect(nodes).toHaveLength(1 + 256 + 1);
    expect(nodes.at(-1)).toMatchObject({
      kind: 'omitted',
      path: 'bat[256..999]',
      note: expect.stringContaining('744 more entries are not listed') as unknown,
    });
    expect(await paths(image, 'bat[700]')).toEqual([
      'bat[700]',
      'bat[700].state',
      'bat[700].reserved',
      'bat[700].file_offset_mb',
    ]);
  });

  test('a range of entries → these, the last included, up to the end of the BAT', async () => {
    const image = new TestImage({ allocate: [0, 1, 2, 8] });
    expect(await paths(image, 'bat[1..8]')).toEqual(['bat[1..2]', 'bat[3..7]', 'bat[8]']);
    expect(await paths(image, 'bat[9..99999]')).toEqual(['bat[9..15]']);
  });

  test('what is not listed → the range that its node names', async () => {
    const allocate = Array.from({ length: 400 }, (_, index) => index * 2);
    const image = new TestImage({ virtualSize: 1000 * MIB, allocate });
    const cut = (await nodesOf(image, 'bat')).at(-1)?.path;
    const [first] = await nodesOf(image, cut);
    expect(first).toMatchObject({ kind: 'range', path: 'bat[256]' });
  });

  test.each(['bat[16..20]', 'bat[17..20]', 'bat[900..99999]', 'bat[5..4]', 'bat[9..2]', 'bat[1..]'])(
    '%s, no entries → nothing',
    async (path) => {
      expect(await paths(new TestImage(), path)).toEqual([]);
    },
  );

  test('allocated → these entries alone, however far behind', async () => {
    // Entries in no order, so that each is a range.
    const image = new TestImage({ virtualSize: 16 * TIB, blockSize: 2 * MIB, allocate: [7_000_000] });
    for (let block = 0; block < 600; block += 2) image.setBat(image.payloadIndex(block), { state: 2 });
    const nodes: string[] = [];
    for await (const { path, note } of imageTree(image.source, { path: 'bat', allocated: true }))
      nodes.push(`${path} ${note}`);
    const index = image.payloadIndex(7_000_000);
    const at = `0x${image.dataOffset.toString(16)} to 0x${(image.dataOffset + 2 * MIB).toString(16)}`;
    expect(nodes.slice(1)).toEqual([`bat[${index}] block 7000000: FULLY_PRESENT (6) at ${at}`]);
  });

  test('chunks of one state, fixed ones too → one range over their bitmap entries', async () => {
    // 2^23 sectors of 512 bytes: 16 blocks of 256 MiB in a chunk. [MS-VHDX] 2.4
    const image = new TestImage({ virtualSize: 10 * 4096 * MIB, blockSize: 256 * MIB });
    for (let block = 100; block < 160; block += 1)
      image.setBat(image.payloadIndex(block), { state: 6, fileOffsetMb: 256 * (block + 1) });
    const notes = (await nodesOf(image, 'bat')).slice(1).map(({ path, note }) => `${path} ${note}`);
    expect(notes).toEqual([
      'bat[0..105] blocks 0 to 99: NOT_PRESENT (0), with 6 sector bitmap entries NOT_PRESENT (0)',
      'bat[106..168] blocks 100 to 159: FULLY_PRESENT (6) at 0x650000000 to 0xa10000000, with 3 sector bitmap entries NOT_PRESENT (0)',
    ]);
  });

  test('a bitmap entry that says something → a range of its own', async () => {
    const image = new TestImage({ type: 'differencing', virtualSize: 8192 * MIB, blockSize: 256 * MIB });
    image.setBat(16, { state: 6, fileOffsetMb: 40 }).setBat(17, { state: 2 });
    expect((await paths(image, 'bat[0..32]')).slice(0, 4)).toEqual(['bat[0..15]', 'bat[16]', 'bat[17]', 'bat[18..32]']);
    image.setBat(16, { state: 0 });
    expect((await paths(image, 'bat[0..32]')).slice(0, 4)).toEqual(['bat[0..16]', 'bat[17]', 'bat[18..32]']);
  });

  test('64 TiB, nothing allocated → one range, in little memory', async () => {
    const image = new TestImage({ virtualSize: 64 * TIB, blockSize: 256 * MIB });
    const nodes = await nodesOf(image, 'bat');
    expect(nodes).toHaveLength(2);
  });

  test.each(['bat[16]', 'bat[x]', 'bats', 'bat[0].status', 'headers[2]'])('%s → nothing', async (path) => {
    expect(await paths(new TestImage(), path)).toEqual([]);
  });
});

describe('paths', () => {
  test.each([
    ['headers[1].checksum', ['headers[1].checksum']],
    ['region_tables[0].entries[1].guid', ['region_tables[0].entries[1].guid']],
    [
      'metadata.logical_sector_size',
      ['metadata.logical_sector_size', 'metadata.logical_sector_size.logical_sector_size'],
    ],
  ])('%s → that alone', async (path, expected) => {
    expect(await paths(new TestImage(), path)).toEqual(expected);
  });

  test('region table with 2047 entries → 64 of them; another by its path', async () => {
    const image = new TestImage().editRegionTable(0, (table) => {
      const [entry] = table.entries;
      if (entry !== undefined) table.entries = Array.from({ length: 2047 }, () => entry);
    });
    const nodes = await nodesOf(image, 'region_tables[0]');
    expect(nodes.find(({ kind }) => kind === 'omitted')).toMatchObject({ path: 'region_tables[0].entries[64]' });
    expect(await paths(image, 'region_tables[0].entries[2000].length')).toEqual([
      'region_tables[0].entries[2000].length',
    ]);
  });
});

describe('damage', () => {
  test('impossible count of regions → the fields before, and the entries that there is room for', async () => {
    const image = new TestImage();
    image.poke(192 * 1024 + 8, 0xff, 0xff, 0xff, 0xff);
    expect((await paths(image, 'region_tables[0]')).length).toBeGreaterThan(64);
  });

  test('a file that ends inside of its headers → what is there', async () => {
    const image = new TestImage();
    image.size = 70 * 1024;
    const found = await paths(image);
    expect(found).toContain('headers[0].log_offset');
    expect(found.filter((path) => path.startsWith('headers[1]'))).toEqual([]);
  });

  test('no VHDX → nothing', async () => {
    const image = new TestImage();
    image.poke(0, 0);
    expect(await paths(image)).toEqual([]);
  });

  test('random damage, 200 times → no exception, and nothing outside of the file', async () => {
    const base = new TestImage({ type: 'differencing', logGuid: IDS.log, allocate: [0, 3] });
    base.addLogEntry(0, { sequenceNumber: 1n, writes: [{ kind: 'zero', fileOffset: base.batOffset, length: 4096 }] });
    let seed = 20_261_122;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    // Where a changed byte means something: the beginnings of the structures.
    const places = [
      0x10000,
      0x20000,
      0x30000,
      0x40000,
      MIB,
      base.batOffset,
      base.metadataOffset,
      base.metadataOffset + 0x10000,
    ];
    for (let round = 0; round < 200; round += 1) {
      const image = base.copy();
      for (let count = 0; count < 4; count += 1) {
        image.poke((places[random(places.length)] ?? 0) + random(160), random(256));
      }
      if (random(4) === 0) image.size = random(image.size);
      for (const { fileOffset, length, bytes = new Uint8Array(0) } of await nodesOf(image)) {
        expect(length).toBeGreaterThanOrEqual(bytes.length === 0 ? 0 : 1);
        expect(fileOffset).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
