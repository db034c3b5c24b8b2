import { describe, expect, test } from 'vitest';
import { VhdxGuid } from '../../../generated/index.js';
import type { ParentCandidate } from '../../../runtime/disk/chain.js';
import { openDisk } from '../../../runtime/disk/disk.js';
import { VhdxError } from '../../../runtime/errors/errors.js';
import { GUIDS, parseGuid } from '../../../runtime/base/guid.js';
import { buildChain, resolverOf, type ChainModel } from '../../support/chain-model.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';

const twoLevels: ChainModel = {
  blockSize: MIB,
  sectorSize: 512,
  levels: [
    { virtualSize: 4 * MIB, blocks: [{ state: 0 }, { state: 6 }] },
    { virtualSize: 4 * MIB, blocks: [{ state: 6 }] },
  ],
};

function twoImages(): [child: TestImage, parent: TestImage] {
  const [child, parent] = buildChain(twoLevels);
  if (child === undefined || parent === undefined) throw new Error('no chain');
  return [child, parent];
}

async function failure(promise: Promise<unknown>): Promise<VhdxError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(VhdxError);
  return error as VhdxError;
}

describe('finding the parent', () => {
  test('no resolver → not found, and why', async () => {
    const [child] = twoImages();
    const error = await failure(openDisk(child.source));
    expect(error).toMatchObject({ code: 'VHDX_PARENT_NOT_FOUND', rule: 'H9' });
  });

  test('candidates → relative, volume, absolute, in this order; all that were tried are named', async () => {
    const child = new TestImage({
      type: 'differencing',
      parent: [
        ['absolute_win32_path', String.raw`\\?\c:\a.vhdx`],
        ['volume_path', String.raw`\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\a.vhdx`],
        ['relative_path', String.raw`..\a.vhdx`],
        ['parent_linkage', `{${IDS.parent}}`],
      ],
    });
    const asked: ParentCandidate['kind'][] = [];
    const parent = ({ kind }: ParentCandidate): Promise<undefined> => Promise.resolve(void asked.push(kind));
    const error = await failure(openDisk(child.source, { parent }));
    expect(asked).toEqual(['relative_path', 'volume_path', 'absolute_win32_path']);
    expect(error.message).toContain(String.raw`relative_path "..\\a.vhdx"`);
  });

  test('locator of another type → not understood', async () => {
    const [child, parent] = twoImages();
    const offset = child.itemOffsets.get('a8d35f2d-b30b-454d-abf7-d3d84834ab0c') ?? 0;
    child.flip(offset);
    const error = await failure(openDisk(child.source, { parent: resolverOf([child, parent]) }));
    expect(error.code).toBe('VHDX_PARENT_LOCATOR_TYPE_UNKNOWN');
  });
});

describe('linkage', () => {
  test('parent written to since → refused, both GUIDs named; ignored when asked to', async () => {
    const [child, parent] = twoImages();
    parent.editHeader('both', (header) => {
      header.dataWriteGuid.data1 = 0xdeadbeef;
    });
    const resolver = resolverOf([child, parent]);
    const error = await failure(openDisk(child.source, { parent: resolver }));
    expect(error).toMatchObject({ code: 'VHDX_PARENT_LINKAGE_MISMATCH', rule: 'H13', section: '2.6.2.6.3' });
    expect(error.message).toContain('00000001-7777-8888-9999-aaaaaaaaaaaa');
    expect(error.message).toContain('deadbeef-7777-8888-9999-aaaaaaaaaaaa');
    const disk = await openDisk(child.source, { parent: resolver, ignoreIdMismatch: true });
    expect(disk.depth).toBe(2);
  });

  test.each([
    ['upper case', 'parent_linkage', '{00000001-7777-8888-9999-AAAAAAAAAAAA}'],
    ['second linkage of an interrupted merge', 'parent_linkage2', '{00000001-7777-8888-9999-aaaaaaaaaaaa}'],
  ])('%s → accepted', async (_name, key, value) => {
    const [, parent] = twoImages();
    const other = key === 'parent_linkage' ? [] : [['parent_linkage', `{${IDS.parent}}`] as const];
    const child = new TestImage({
      type: 'differencing',
      virtualSize: 4 * MIB,
      parent: [...other, [key, value], ['relative_path', 'level-1.vhdx']],
    });
    expect((await openDisk(child.source, { parent: resolverOf([child, parent]) })).depth).toBe(2);
  });

  test.each([
    ['a zero second linkage, as Hyper-V leaves it', [['parent_linkage', `{${IDS.parent}}`]]],
    ['two zero linkages', [['parent_linkage', `{${GUIDS.zero}}`]]],
  ] as const)('%s, and a parent without a DataWriteGuid → refused', async (_name, linkage) => {
    const [, parent] = twoImages();
    parent.editHeader('both', (header) => {
      header.dataWriteGuid = VhdxGuid.create(parseGuid(GUIDS.zero));
    });
    const child = new TestImage({
      type: 'differencing',
      virtualSize: 4 * MIB,
      parent: [...linkage, ['parent_linkage2', `{${GUIDS.zero}}`], ['relative_path', 'level-1.vhdx']],
    });
    const error = await failure(openDisk(child.source, { parent: resolverOf([child, parent]) }));
    expect(error.code).toBe('VHDX_PARENT_LINKAGE_MISMATCH');
    expect(error.message).toContain('a zero GUID identifies nothing');
  });

  test('sectors of another size → refused', async () => {
    const [child] = twoImages();
    const [, parent] = buildChain({ ...twoLevels, sectorSize: 4096 });
    const resolver = resolverOf([child, parent ?? child]);
    expect(await failure(openDisk(child.source, { parent: resolver }))).toMatchObject({
      code: 'VHDX_PARENT_SECTOR_SIZE_MISMATCH',
      rule: 'G15',
    });
  });
});

describe('cycles', () => {
  test('image that names itself → found', async () => {
    const [child] = twoImages();
    const error = await failure(openDisk(child.source, { parent: () => Promise.resolve(child.source) }));
    expect(error).toMatchObject({ code: 'VHDX_CHAIN_CYCLE', rule: 'H15' });
  });

  test('image opened twice under one identity → found, and what was opened is closed', async () => {
    const [child] = twoImages();
    // The image that was asked for is open.
    let open = 1;
    const again = (): Promise<typeof source> => {
      open++;
      return Promise.resolve({ ...source });
    };
    const source = {
      size: child.size,
      identity: '1:2',
      read: (into: Uint8Array, position: number) => child.source.read(into, position),
      close: () => Promise.resolve(void open--),
    };
    expect((await failure(openDisk(source, { parent: again }))).code).toBe('VHDX_CHAIN_CYCLE');
    expect(open).toBe(0);
  });

  test('no end → stopped', async () => {
    const [child] = twoImages();
    const parent = (): Promise<TestImage['source']> => Promise.resolve(child.source.copy());
    const error = await failure(openDisk(child.source, { parent, ignoreIdMismatch: true }));
    expect(error.code).toBe('VHDX_CHAIN_TOO_DEEP');
  });
});

test('dirty parent → read through its own log', async () => {
  const [child, parent] = twoImages();
  // The log says that block 0 of the parent has become ZERO.
  const sector = parent.source.bytes(parent.batOffset, 4096);
  sector.set([2, 0, 0, 0, 0, 0, 0, 0]);
  const guid = '0badf00d-0000-4000-8000-00000000cafe';
  parent.addLogEntry(0, {
    guid,
    sequenceNumber: 5n,
    tail: 0,
    writes: [{ kind: 'data', fileOffset: parent.batOffset, bytes: sector }],
  });
  parent.editHeader('both', (header) => {
    header.logGuid.data1 = 0x0badf00d;
    header.logGuid.data3 = 0x4000;
    header.logGuid.data4 = Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0xca, 0xfe);
  });
  const disk = await openDisk(child.source, { parent: resolverOf([child, parent]) });
  const bytes = new Uint8Array(512).fill(1);
  await disk.read(bytes, 0);
  expect(bytes.every((byte) => byte === 0)).toBe(true);
  const refused = openDisk(child.source, { parent: resolverOf([child, parent]), log: 'refuse' });
  expect((await failure(refused)).code).toBe('VHDX_LOG_PENDING');
});
