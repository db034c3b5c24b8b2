/** Rules G: the known metadata items. */
import { GUIDS } from '../../../../runtime/base/guid.js';
import { IDS, KIB, MIB, TIB, type TestImage } from '../../../support/image-builder.js';
import { bytes, entry, ITEMS, type MatrixCase, METADATA, u32, u64 } from './case.js';

/** Where the builder puts the items, and their lengths. */
const PLACES = {
  fileParameters: [ITEMS, 8],
  virtualDiskSize: [ITEMS + 8, 8],
  virtualDiskId: [ITEMS + 16, 16],
  logicalSectorSize: [ITEMS + 32, 4],
  physicalSectorSize: [ITEMS + 36, 4],
} as const;

/** In the order of the table, with the section of each. */
const REQUIRED = [
  ['fileParameters', '2.6.2.1'],
  ['virtualDiskSize', '2.6.2.2'],
  ['virtualDiskId', '2.6.2.3'],
  ['logicalSectorSize', '2.6.2.4'],
  ['physicalSectorSize', '2.6.2.5'],
] as const;

type Item = keyof typeof PLACES;

function place(item: Item): readonly [number, number] {
  const [start, length] = PLACES[item];
  return bytes(start, length);
}

function set(item: Item, contents: Uint8Array) {
  return (image: TestImage): void => void image.setItem(GUIDS[item], contents);
}

const size = (value: number | bigint): ((image: TestImage) => void) => set('virtualDiskSize', u64(BigInt(value)));

export const METADATA_ITEM_CASES: readonly MatrixCase[] = [
  ...REQUIRED.map(([item], index): MatrixCase => ({
    rule: 'G1',
    what: `no item ${item}`,
    damage: (image) => {
      image.editMetadataTable((table) => void table.entries.splice(index, 1));
      image.setItem(GUIDS[item], new Uint8Array(PLACES[item][1]));
    },
    severity: 'error',
    section: '2.6.2',
    within: [METADATA, ITEMS],
    near: {
      what: 'the items in another order',
      damage: (image) => void image.editMetadataTable((table) => void (table.entries = table.entries.toReversed())),
    },
  })),
  ...REQUIRED.map(([item, section], index): MatrixCase => {
    const [, length] = PLACES[item];
    return {
      rule: 'G2',
      what: `${item} one byte short`,
      damage: (image) => {
        image.editMetadataEntry(GUIDS[item], (found) => (found.length = length - 1));
        // What is cut off is nobody's: zero, or it would be stray bytes (F19).
        image.poke(PLACES[item][0] + length - 1, 0);
      },
      severity: 'error',
      section,
      within: bytes(METADATA + 32 + 32 * index + 20, 4),
      near: { what: 'lengths as they should be' },
    };
  }),
  {
    rule: 'G3',
    what: 'blocks of 3 MiB',
    damage: set('fileParameters', u32(3 * MIB)),
    severity: 'error',
    section: '2.6.2.1',
    within: bytes(ITEMS, 4),
    near: { what: 'blocks of 256 MiB', spec: { blockSize: 256 * MIB, virtualSize: TIB } },
  },
  {
    rule: 'G3',
    what: 'blocks of 512 KiB',
    damage: set('fileParameters', u32(512 * KIB)),
    severity: 'error',
    section: '2.6.2.1',
    within: bytes(ITEMS, 4),
    near: { what: 'blocks of 1 MiB' },
  },
  {
    rule: 'G3',
    what: 'blocks of 512 MiB',
    damage: set('fileParameters', u32(512 * MIB)),
    severity: 'error',
    section: '2.6.2.1',
    within: bytes(ITEMS, 4),
  },
  {
    rule: 'G3',
    what: 'blocks of no bytes',
    damage: set('fileParameters', u32(0)),
    severity: 'error',
    section: '2.6.2.1',
    within: bytes(ITEMS, 4),
  },
  {
    rule: 'G4',
    what: 'the first reserved bit',
    damage: (image) => image.poke(ITEMS + 4, 4),
    severity: 'warning',
    section: '2.6.2.1',
    within: bytes(ITEMS + 4, 4),
    near: { what: 'the flags before it', damage: (image) => image.poke(ITEMS + 4, 1), finds: ['G6 warning'] },
  },
  {
    rule: 'G4',
    what: 'the last reserved bit',
    damage: (image) => image.poke(ITEMS + 7, 0x80),
    severity: 'warning',
    section: '2.6.2.1',
    within: bytes(ITEMS + 4, 4),
  },
  {
    rule: 'G5',
    what: 'a parent, but no locator',
    damage: (image) => image.poke(ITEMS + 4, 2),
    severity: 'error',
    section: '2.6.2.6',
    within: bytes(ITEMS + 4, 4),
    near: { what: 'a parent and a locator', spec: { type: 'differencing' } },
  },
  {
    rule: 'G5',
    what: 'a locator, but no parent',
    spec: { parent: [['parent_linkage', `{${IDS.parent}}`]] },
    severity: 'warning',
    section: '2.6.2.6',
    within: bytes(METADATA + 32 + 32 * 5, 32),
    near: { what: 'neither', spec: {} },
  },
  ...['G6', 'I13'].map((rule): MatrixCase => ({
    rule,
    reportedAs: 'G6',
    what: 'a fixed disk whose last block has no storage',
    spec: { type: 'fixed', allocate: Array.from({ length: 15 }, (_, block) => block) },
    severity: 'warning',
    section: '2.6.2.1',
    within: entry(15),
    near: { what: 'a fixed disk', spec: { type: 'fixed' } },
  })),
  {
    rule: 'G7',
    what: 'fixed and with a parent',
    spec: { type: 'differencing' },
    damage: (image) => image.poke(ITEMS + 4, 3),
    severity: 'info',
    section: '2.6.2.1',
    within: bytes(ITEMS + 4, 4),
    near: { what: 'with a parent', spec: { type: 'differencing' } },
  },
  {
    rule: 'G8',
    what: 'half a sector too many',
    damage: size(MIB + 256),
    severity: 'error',
    section: '2.6.2.2',
    within: place('virtualDiskSize'),
    near: { what: 'a sector more than a block', damage: size(MIB + 512) },
  },
  {
    rule: 'G8',
    what: '512 bytes too many for sectors of 4096',
    spec: { logicalSectorSize: 4096 },
    damage: size(MIB + 512),
    severity: 'error',
    section: '2.6.2.2',
    within: place('virtualDiskSize'),
    near: { what: '4096 bytes more', spec: { logicalSectorSize: 4096 }, damage: size(MIB + 4096) },
  },
  {
    rule: 'G9',
    what: '64 TiB and a sector',
    damage: size(64 * TIB + 512),
    severity: 'error',
    section: '2.6.2.2',
    within: place('virtualDiskSize'),
    near: { what: '64 TiB', spec: { virtualSize: 64 * TIB, blockSize: 256 * MIB } },
  },
  {
    rule: 'G9',
    what: '2^64 - 512 bytes',
    damage: size(2n ** 64n - 512n),
    severity: 'error',
    section: '2.6.2.2',
    within: place('virtualDiskSize'),
  },
  {
    rule: 'G10',
    what: 'no bytes',
    damage: size(0),
    severity: 'warning',
    section: '2.6.2.2',
    within: place('virtualDiskSize'),
    near: { what: 'one sector', damage: size(512) },
  },
  {
    rule: 'G11',
    what: 'logical sectors of 1024',
    damage: set('logicalSectorSize', u32(1024)),
    severity: 'error',
    section: '2.6.2.4',
    within: place('logicalSectorSize'),
    near: { what: 'logical sectors of 4096', spec: { logicalSectorSize: 4096 } },
  },
  {
    rule: 'G11',
    what: 'logical sectors of no bytes',
    damage: set('logicalSectorSize', u32(0)),
    severity: 'error',
    section: '2.6.2.4',
    within: place('logicalSectorSize'),
  },
  {
    rule: 'G12',
    what: 'physical sectors of 1024, which QEMU accepts',
    damage: set('physicalSectorSize', u32(1024)),
    severity: 'error',
    section: '2.6.2.5',
    within: place('physicalSectorSize'),
    near: { what: 'physical sectors of 512', spec: { physicalSectorSize: 512 } },
  },
  {
    rule: 'G13',
    what: 'physical sectors smaller than logical ones',
    spec: { logicalSectorSize: 4096, physicalSectorSize: 512 },
    severity: 'warning',
    section: '2.6.2.5',
    within: place('physicalSectorSize'),
    near: { what: 'equal ones', spec: { logicalSectorSize: 4096, physicalSectorSize: 4096 } },
  },
  {
    rule: 'G14',
    what: 'a disk ID of zeros',
    damage: set('virtualDiskId', new Uint8Array(16)),
    severity: 'warning',
    section: '2.6.2.3',
    within: place('virtualDiskId'),
    near: {
      what: 'a disk ID of one bit',
      damage: set(
        'virtualDiskId',
        Uint8Array.from({ length: 16 }, (_, at) => (at === 15 ? 1 : 0)),
      ),
    },
  },
];
