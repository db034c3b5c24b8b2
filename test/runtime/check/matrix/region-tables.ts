/** Rules C: the region tables. */
import type { VhdxRegionTableEntry } from '../../../../generated/index.js';
import { GUIDS } from '../../../../runtime/base/guid.js';
import { KIB, MIB, regionEntry, type TestImage } from '../../../support/image-builder.js';
import { BAT, bytes, DATA, entry, LOG, type MatrixCase, OTHER, TABLE_1, TABLE_2, u32, UNKNOWN } from './case.js';

/** A further region of 1 MiB at the end of the file. */
function withRegion(change: Partial<Parameters<typeof regionEntry>[0]> = {}) {
  return (image: TestImage): void => {
    const fileOffset = image.append(MIB) * MIB;
    const made = regionEntry({ guid: UNKNOWN, fileOffset, length: MIB, ...change });
    image.editRegionTable('both', (table) => table.entries.push(made));
  };
}

function editBat(change: (bat: VhdxRegionTableEntry) => void) {
  return (image: TestImage): void => {
    image.editRegionTable('both', ({ entries: [bat] }) => bat && change(bat));
  };
}

/** As many optional regions as the table has room for beside the two known ones. */
function fillTable(image: TestImage): void {
  const entries = Array.from({ length: 2045 }, (_, index) =>
    regionEntry({
      guid: `deadbeef-0000-4000-8000-${String(index).padStart(12, '0')}`,
      fileOffset: image.append(MIB) * MIB,
      length: MIB,
    }),
  );
  image.editRegionTable('both', (table) => void table.entries.push(...entries));
}

const all =
  (...steps: readonly ((image: TestImage) => void)[]) =>
  (image: TestImage): void =>
    steps.forEach((step) => step(image));

/** The range of a field of the entry `index` of the first table. */
function field(index: number, offset: number, length: number): readonly [number, number] {
  return bytes(TABLE_1 + 16 + 32 * index + offset, length);
}

export const REGION_TABLE_CASES: readonly MatrixCase[] = [
  {
    rule: 'C1',
    what: 'signature of copy 1',
    damage: (image) => image.flip(TABLE_1),
    severity: 'refuse-write',
    section: '2.2.3.1',
    within: bytes(TABLE_1, 4),
    near: { what: 'the byte behind copy 2', damage: (image) => image.flip(320 * KIB) },
  },
  {
    rule: 'C1',
    what: 'the last byte of copy 2',
    damage: (image) => image.flip(TABLE_2 + 65_535),
    severity: 'refuse-write',
    section: '2.2.3.1',
    within: bytes(TABLE_2 + 4, 4),
  },
  {
    rule: 'C1',
    what: 'entry count of copy 1 overwritten with ones',
    damage: (image) => image.poke(TABLE_1 + 8, 255, 255, 255, 255),
    severity: 'refuse-write',
    section: '2.2.3.1',
    within: bytes(TABLE_1 + 4, 4),
  },
  {
    rule: 'C1',
    what: 'a byte of both copies',
    damage: (image) => [TABLE_1, TABLE_2].forEach((table) => image.flip(table + 20)),
    severity: 'error',
    section: '2.2.3.1',
    within: bytes(TABLE_1 + 4, 4),
  },
  {
    rule: 'C2',
    what: 'copies that differ in a byte',
    damage: (image) => void image.editRegionTableBytes(1, (table) => (table[50_000] = 1)),
    severity: 'refuse-write',
    section: '2.2.3',
    within: bytes(TABLE_2 + 50_000, 1),
    near: {
      what: 'the same byte in both copies',
      damage: (image) => void image.editRegionTableBytes('both', (table) => (table[50_000] = 1)),
      finds: ['C17 info'],
    },
  },
  {
    rule: 'C3',
    what: '2048 entries',
    damage: (image) => void image.editRegionTableBytes('both', (table) => table.set(u32(2048), 8)),
    severity: 'error',
    section: '2.2.3.1',
    within: bytes(TABLE_1 + 8, 4),
    near: { what: '2047 entries', damage: fillTable },
  },
  {
    rule: 'C4',
    what: 'reserved field of the header',
    damage: (image) => void image.editRegionTable('both', (table) => (table.reserved = 1)),
    severity: 'warning',
    section: '2.2.3.1',
    within: bytes(TABLE_1 + 12, 4),
    near: {
      what: 'reserved field of copy 2, which is not read',
      damage: (image) => void image.editRegionTable(1, (table) => (table.reserved = 1)),
      finds: ['C2 refuse-write'],
    },
  },
  {
    rule: 'C5',
    what: 'an unknown region twice',
    damage: all(withRegion(), withRegion()),
    severity: 'error',
    section: '2.2.3.2',
    within: field(3, 0, 16),
    near: { what: 'two unknown regions', damage: all(withRegion(), withRegion({ guid: OTHER })) },
  },
  {
    rule: 'C5',
    what: 'a second BAT',
    damage: withRegion({ guid: GUIDS.batRegion, required: true }),
    severity: 'error',
    section: '2.2.3.2',
    within: field(2, 0, 16),
  },
  {
    rule: 'C6',
    what: 'a region in the header section',
    damage: withRegion({ fileOffset: 0 }),
    severity: 'error',
    section: '2.2.3.2',
    within: field(2, 16, 8),
    near: { what: 'a region right behind the header section', spec: { logLength: 0 }, finds: ['B16 refuse-write'] },
  },
  {
    rule: 'C6',
    what: 'a region one sector past its MiB',
    damage: withRegion({ fileOffset: DATA + 4096 }),
    severity: 'error',
    section: '2.2.3.2',
    within: field(2, 16, 8),
    implies: ['C8 warning'],
  },
  {
    rule: 'C7',
    what: 'an optional region one sector short',
    damage: withRegion({ length: MIB - 4096 }),
    severity: 'error',
    section: '2.2.3.2',
    within: field(2, 24, 4),
    near: { what: 'an optional region of 1 MiB', damage: withRegion() },
  },
  {
    rule: 'C7',
    what: 'a BAT without a length',
    damage: editBat((bat) => (bat.length = 0)),
    severity: 'error',
    section: '2.2.3.2',
    within: field(0, 24, 4),
  },
  {
    rule: 'C7',
    what: 'an optional region without a length',
    damage: withRegion({ length: 0 }),
    severity: 'warning',
    section: '2.2.3.2',
    within: field(2, 24, 4),
    implies: ['A7 info'],
  },
  {
    rule: 'C8',
    what: 'a BAT past the end',
    damage: editBat((bat) => (bat.fileOffset = BigInt(DATA))),
    severity: 'error',
    section: '2.2.3.2',
    within: field(0, 16, 8),
    near: { what: 'a region that ends where the file ends', damage: withRegion() },
  },
  {
    rule: 'C8',
    what: 'an optional region past the end',
    damage: withRegion({ fileOffset: 2 ** 40 }),
    severity: 'warning',
    section: '2.2.3.2',
    within: field(2, 16, 8),
    implies: ['A7 info'],
  },
  {
    rule: 'C8',
    what: 'an optional region whose end is past 2^64',
    damage: withRegion({ fileOffset: 2n ** 64n - 1048576n, length: 2 * MIB }),
    severity: 'error',
    section: '2.2.3.2',
    within: field(2, 16, 8),
  },
  ...['C9', 'J1'].map((rule): MatrixCase => ({
    rule,
    reportedAs: 'C9',
    what: 'an unknown region on the BAT',
    damage: withRegion({ fileOffset: BAT }),
    severity: 'error',
    section: '2.2.3.2',
    within: field(2, 16, 8),
    implies: ['A7 info'],
    near: { what: 'regions side by side', damage: all(withRegion(), withRegion({ guid: OTHER })) },
  })),
  {
    rule: 'C10',
    what: 'an unknown region on the log',
    damage: withRegion({ fileOffset: LOG }),
    severity: 'error',
    section: '2.2.3.2',
    within: field(2, 16, 8),
    implies: ['A7 info'],
    near: { what: 'the BAT right behind the log' },
  },
  {
    rule: 'B14',
    reportedAs: 'C10',
    what: 'the log on the metadata region',
    damage: (image) => void image.editHeader('both', (header) => (header.logOffset = BigInt(image.metadataOffset))),
    severity: 'error',
    section: '2.2.3.2',
    within: field(1, 16, 8),
    implies: ['A8 info'],
  },
  {
    rule: 'C11',
    reportedAs: 'I10',
    what: 'a block on an unknown region',
    damage: all(withRegion(), (image) => void image.setBat(5, { state: 6, fileOffsetMb: DATA / MIB })),
    severity: 'error',
    section: '2.5.1',
    within: entry(5),
    near: { what: 'a block right before an unknown region', spec: { allocate: [5] }, damage: withRegion() },
  },
  {
    rule: 'C12',
    what: 'no BAT',
    damage: (image) => void image.editRegionTable('both', (table) => void table.entries.shift()),
    severity: 'error',
    section: '2.2.3.2',
    within: bytes(TABLE_1, 64 * KIB),
    near: {
      what: 'the metadata region before the BAT',
      damage: (image) =>
        void image.editRegionTable('both', (table) => void (table.entries = table.entries.toReversed())),
    },
  },
  {
    rule: 'C12',
    what: 'no metadata region',
    damage: (image) => void image.editRegionTable('both', (table) => void table.entries.pop()),
    severity: 'error',
    section: '2.2.3.2',
    within: bytes(TABLE_1, 64 * KIB),
  },
  {
    rule: 'C13',
    what: 'a BAT that is not required, as QEMU writes it',
    damage: editBat((bat) => (bat.required = false)),
    severity: 'warning',
    section: '2.2.3.2',
    within: field(0, 28, 4),
    near: { what: 'an unknown region that is not required', damage: withRegion() },
  },
  {
    rule: 'C14',
    what: 'Required of 3',
    damage: editBat((bat) => (bat.reserved = 1)),
    severity: 'warning',
    section: '2.2.3.2',
    within: field(0, 28, 4),
    near: { what: 'Required of 0', damage: editBat((bat) => (bat.required = false)), finds: ['C13 warning'] },
  },
  {
    rule: 'C14',
    what: 'Required of 2',
    damage: editBat((bat) => Object.assign(bat, { reserved: 1, required: false })),
    severity: 'warning',
    section: '2.2.3.2',
    within: field(0, 28, 4),
  },
  {
    rule: 'C15',
    what: 'an unknown region that is required',
    damage: withRegion({ required: true }),
    severity: 'error',
    section: '2.2.3.2',
    within: field(2, 0, 32),
    near: { what: 'an unknown region that is not', damage: withRegion() },
  },
  {
    rule: 'C17',
    what: 'the last byte of the tables',
    damage: (image) => void image.editRegionTableBytes('both', (table) => (table[65_535] = 1)),
    severity: 'info',
    section: '2.2.3.2',
    within: [TABLE_1 + 16 + 2 * 32, TABLE_2],
    near: { what: 'an entry more, up to its last byte', damage: withRegion() },
  },
  {
    rule: 'C19',
    what: 'a region with a GUID of zeros',
    damage: withRegion({ guid: GUIDS.zero }),
    severity: 'warning',
    section: '2.2.3.2',
    within: field(2, 0, 16),
    near: { what: 'a region whose GUID has one bit', damage: withRegion({ guid: GUIDS.zero.replace(/0$/, '1') }) },
  },
];
