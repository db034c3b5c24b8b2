/** Rules I and J: the BAT, its blocks, and the file as a whole. */
import { GIB, type ImageSpec, KIB, MIB, type TestImage } from '../../../support/image-builder.js';
import { BAT, bytes, DATA, entry, type MatrixCase, type NearMiss } from './case.js';

const DATA_MB = DATA / MIB;
/** Two chunks of blocks of 1 MiB. */
const CHUNKS: ImageSpec = { virtualSize: 5 * GIB };
const DIFFERENCING_CHUNKS: ImageSpec = { ...CHUNKS, type: 'differencing' };
/** A block at 4 MiB, its bitmap behind it. */
const PARTIAL: ImageSpec = { type: 'differencing', allocate: [0], allocateAs: 7, bitmaps: [0] };
const BITMAP = DATA + MIB;
/** Index of the entry of the first sector bitmap block. */
const SB = 4096;

interface Entry {
  readonly state: number;
  readonly fileOffsetMb?: number;
  readonly reserved?: number;
}

function set(...entries: readonly (readonly [index: number, entry: Entry])[]) {
  return (image: TestImage): void => {
    for (const [index, made] of entries) image.setBat(index, made);
  };
}

/** Some sectors of the block are there, so that there is no hint that all or none are. */
function mixed(image: TestImage): void {
  image.poke(BITMAP, 0b101);
}

function also(...steps: readonly ((image: TestImage) => void)[]) {
  return (image: TestImage): void => steps.forEach((step) => step(image));
}

/** A case about one entry. */
function at(
  index: number,
  rule: string,
  what: string,
  expected: Pick<MatrixCase, 'severity' | 'section' | 'implies' | 'spec' | 'damage'>,
  near?: NearMiss,
): MatrixCase {
  const made = { rule, what, within: entry(index), ...expected };
  return near === undefined ? made : { ...made, near };
}

/** A block with its storage at a MiB of its own. */
const allocated: NearMiss = { what: 'a block with storage', spec: { allocate: [5] } };
const anchored =
  (index: number) =>
  (image: TestImage): void =>
    void image.setBat(index, { state: 3, fileOffsetMb: image.append(MIB) });

const PAYLOAD_CASES: readonly MatrixCase[] = [
  at(
    5,
    'I4',
    'the first reserved bit',
    { severity: 'warning', section: '2.5.1', damage: set([5, { state: 0, reserved: 1 }]) },
    allocated,
  ),
  at(5, 'I4', 'the last reserved bit', {
    severity: 'warning',
    section: '2.5.1',
    damage: set([5, { state: 0, reserved: 2 ** 16 }]),
  }),
  at(SB, 'I4', 'a reserved bit of a bitmap entry', {
    severity: 'warning',
    section: '2.5.1',
    spec: CHUNKS,
    damage: set([SB, { state: 0, reserved: 1 }]),
  }),
  at(
    5,
    'I5',
    'state 4',
    { severity: 'error', section: '2.5.1.1', damage: set([5, { state: 4 }]) },
    { what: 'state 3', damage: set([5, { state: 3 }]) },
  ),
  at(5, 'I5', 'state 5', { severity: 'error', section: '2.5.1.1', damage: set([5, { state: 5 }]) }),
  at(
    2,
    'I6',
    'a partially present block of a dynamic disk',
    { severity: 'error', section: '2.5.1.1', spec: { allocate: [2], allocateAs: 7 } },
    { what: 'of a differencing disk', spec: PARTIAL, damage: mixed },
  ),
  at(
    5,
    'I7',
    'a present block at 0',
    { severity: 'error', section: '2.5.1', damage: set([5, { state: 6 }]) },
    allocated,
  ),
  at(0, 'I7', 'a partially present block at 0', {
    severity: 'error',
    section: '2.5.1',
    spec: { ...PARTIAL, allocate: [] },
    damage: also(set([0, { state: 7 }]), (image) => image.poke(DATA, 1)),
  }),
  at(
    5,
    'I8',
    'a block right behind the end',
    { severity: 'error', section: '2.5.1', damage: set([5, { state: 6, fileOffsetMb: DATA_MB }]) },
    { what: 'a block that ends where the file ends', spec: { allocate: [5] } },
  ),
  at(5, 'I8', 'a block cut off', {
    severity: 'error',
    section: '2.5.1',
    spec: { allocate: [5] },
    damage: (image) => (image.size -= 512),
    implies: ['A6 warning'],
  }),
  at(15, 'I8', 'the last block, cut off behind the end of the disk, as old QEMU leaves it', {
    severity: 'warning',
    section: '2.5.1',
    spec: { virtualSize: 15 * MIB + 512, allocate: [15] },
    damage: (image) => (image.size -= 512 * KIB),
    implies: ['A6 warning'],
  }),
  at(15, 'I8', 'the last block, cut off in its last used sector', {
    severity: 'error',
    section: '2.5.1',
    spec: { virtualSize: 15 * MIB + 512, allocate: [15] },
    damage: (image) => (image.size -= MIB - 511),
    implies: ['A6 warning'],
  }),
  ...['I9', 'J1'].map((rule) => ({
    ...at(
      9,
      rule,
      'two blocks in one place',
      {
        severity: 'error',
        section: '2.5.1',
        spec: { allocate: [1] },
        damage: set([9, { state: 6, fileOffsetMb: DATA_MB }]),
      },
      { what: 'two blocks side by side', spec: { allocate: [9, 1] } },
    ),
    reportedAs: 'I9',
  })),
  at(9, 'I9', 'blocks that overlap by one MiB', {
    severity: 'error',
    section: '2.5.1',
    spec: { blockSize: 2 * MIB, virtualSize: 32 * MIB, allocate: [1, 2] },
    damage: set([9, { state: 6, fileOffsetMb: DATA_MB + 1 }]),
  }),
  ...(
    [
      ['the log', 1],
      ['the BAT', 2],
      ['the metadata region', 3],
    ] as const
  ).map(([what, fileOffsetMb]) =>
    at(
      5,
      'I10',
      `a block on ${what}`,
      { severity: 'error', section: '2.5.1', damage: set([5, { state: 6, fileOffsetMb }]) },
      allocated,
    ),
  ),
  at(
    5,
    'I11',
    'NOT_PRESENT with an offset',
    { severity: 'warning', section: '2.5.1.1', damage: set([5, { state: 0, fileOffsetMb: 9 }]) },
    {
      what: 'ZERO without an offset, as QEMU writes it',
      damage: set([5, { state: 2 }]),
    },
  ),
  at(5, 'I11', 'ZERO with an offset', {
    severity: 'warning',
    section: '2.5.1.1',
    damage: set([5, { state: 2, fileOffsetMb: 9 }]),
  }),
  at(SB, 'I11', 'a bitmap that is not present, with an offset', {
    severity: 'warning',
    section: '2.5.1.2',
    spec: CHUNKS,
    damage: set([SB, { state: 0, fileOffsetMb: 9 }]),
  }),
  at(
    5,
    'I12',
    'former contents past the end',
    { severity: 'warning', section: '2.5.1.1', damage: set([5, { state: 1, fileOffsetMb: DATA_MB }]) },
    {
      what: 'former contents with storage of their own',
      damage: anchored(5),
    },
  ),
  at(0, 'I12', 'former contents on a block', {
    severity: 'refuse-write',
    section: '2.5.1.1',
    spec: { allocate: [1] },
    damage: set([0, { state: 3, fileOffsetMb: DATA_MB }]),
  }),
  at(5, 'I12', 'former contents on the log', {
    severity: 'refuse-write',
    section: '2.5.1.1',
    damage: set([5, { state: 1, fileOffsetMb: 1 }]),
  }),
  at(6, 'I12', 'former contents of two blocks in one place', {
    severity: 'refuse-write',
    section: '2.5.1.1',
    damage: also(anchored(5), set([6, { state: 1, fileOffsetMb: DATA_MB }])),
  }),
  at(
    5,
    'I24',
    'the greatest offset',
    { severity: 'error', section: '2.5.1', damage: set([5, { state: 6, fileOffsetMb: 2 ** 44 - 1 }]) },
    allocated,
  ),
  at(5, 'I24', 'an offset of 2^53 bytes', {
    severity: 'error',
    section: '2.5.1',
    damage: set([5, { state: 6, fileOffsetMb: 2 ** 33 }]),
  }),
];

const BITMAP_CASES: readonly MatrixCase[] = [
  at(
    SB,
    'I17',
    'a partially present block without a bitmap',
    { severity: 'error', section: '2.5.1.2', spec: { ...PARTIAL, bitmaps: [] } },
    { what: 'with a bitmap', spec: PARTIAL, damage: mixed },
  ),
  ...[1, 5, 7].map((state) =>
    at(
      SB,
      'I18',
      `a bitmap of a differencing disk in state ${state}`,
      { severity: 'error', section: '2.5.1.2', spec: DIFFERENCING_CHUNKS, damage: set([SB, { state }]) },
      { what: 'a bitmap in state 0', spec: DIFFERENCING_CHUNKS },
    ),
  ),
  ...[1, 2, 5, 7].map((state) =>
    at(SB, 'I18', `a bitmap of a dynamic disk in state ${state}, with a file offset`, {
      severity: 'warning',
      section: '2.5.1.2',
      spec: CHUNKS,
      damage: set([SB, { state, fileOffsetMb: 2 ** 40 + 1 }]),
    }),
  ),
  at(
    SB,
    'I19',
    'a bitmap in a dynamic disk',
    { severity: 'warning', section: '2.5.1.2', spec: { ...CHUNKS, bitmaps: [0] } },
    {
      what: 'a bitmap in a differencing disk',
      spec: PARTIAL,
      damage: mixed,
    },
  ),
  at(
    SB,
    'I20',
    'a bitmap at 0',
    {
      severity: 'error',
      section: '2.5.1',
      spec: { ...PARTIAL, bitmaps: [] },
      damage: set([SB, { state: 6 }]),
    },
    { what: 'a bitmap with storage of its own', spec: PARTIAL, damage: mixed },
  ),
  at(SB, 'I20', 'a bitmap right behind the end', {
    severity: 'error',
    section: '2.5.1',
    spec: { ...PARTIAL, bitmaps: [] },
    damage: set([SB, { state: 6, fileOffsetMb: DATA_MB + 1 }]),
  }),
  at(SB, 'I20', 'a bitmap on a block', {
    severity: 'error',
    section: '2.5.1',
    spec: { ...PARTIAL, bitmaps: [] },
    damage: also(set([SB, { state: 6, fileOffsetMb: DATA_MB }]), (image) => image.poke(DATA, 0b101)),
  }),
  at(SB, 'I20', 'a bitmap on the log', {
    severity: 'error',
    section: '2.5.1',
    spec: { ...PARTIAL, bitmaps: [] },
    damage: also(set([SB, { state: 6, fileOffsetMb: 1 }]), (image) => image.poke(MIB, 0b101)),
  }),
  at(
    SB,
    'I21',
    'a bitmap that no block needs',
    {
      severity: 'info',
      section: '2.5.1.2',
      spec: { type: 'differencing', allocate: [0], bitmaps: [0] },
    },
    { what: 'no bitmap, as no block needs one', spec: { type: 'differencing', allocate: [0] } },
  ),
  {
    rule: 'I22',
    what: 'the bit of the first sector past the end',
    spec: { ...PARTIAL, virtualSize: MIB / 2 },
    damage: also(mixed, (image) => image.poke(BITMAP + 128, 1)),
    severity: 'info',
    section: '2.4',
    within: bytes(BITMAP, 256),
    near: {
      what: 'the bit of the last sector',
      spec: { ...PARTIAL, virtualSize: MIB / 2 },
      damage: also(mixed, (image) => image.poke(BITMAP + 127, 0x80)),
    },
  },
  {
    rule: 'I22',
    what: 'bits of blocks that are not partially present',
    spec: PARTIAL,
    damage: also(mixed, (image) => image.poke(BITMAP + 5 * 256, 0b11)),
    severity: 'info',
    section: '2.4',
    within: bytes(BITMAP + 5 * 256, 256),
  },
  {
    rule: 'I22',
    what: 'bits of a block that is fully present, in a bitmap that no block needs',
    spec: { ...PARTIAL, allocateAs: 6 },
    damage: (image) => image.poke(BITMAP, 1),
    severity: 'info',
    section: '2.4',
    within: bytes(BITMAP, 256),
    implies: ['I21 info'],
  },
  {
    rule: 'I22',
    what: 'a bit behind the last block of the last chunk',
    spec: PARTIAL,
    damage: also(mixed, (image) => image.poke(BITMAP + MIB - 1, 0x80)),
    severity: 'info',
    section: '2.4',
    within: bytes(BITMAP, MIB),
  },
  {
    rule: 'I23',
    what: 'all bits of a partially present block',
    spec: PARTIAL,
    damage: (image) => image.poke(BITMAP, ...Array.from({ length: 256 }, () => 255)),
    severity: 'info',
    section: '2.4',
    within: bytes(BITMAP, 256),
    near: {
      what: 'all bits but one',
      spec: PARTIAL,
      damage: (image) => image.poke(BITMAP, ...Array.from({ length: 255 }, () => 255), 127),
    },
  },
  {
    rule: 'I23',
    what: 'no bit of a partially present block',
    spec: PARTIAL,
    severity: 'info',
    section: '2.4',
    within: bytes(BITMAP, 256),
  },
];

/** More blocks than the map of owners has pages, each in a page of its own. */
function scatter(image: TestImage): void {
  for (let block = 0; block < 4097; block += 1) {
    image.setBat(image.payloadIndex(block), { state: 6, fileOffsetMb: 64 + block * 65_536 });
  }
  image.size = (64 + 4096 * 65_536 + 1) * MIB;
}

export const BAT_CASES: readonly MatrixCase[] = [
  {
    rule: 'I1',
    what: 'room for one entry too few',
    spec: { virtualSize: (131_072 - 30) * MIB, batLength: MIB },
    severity: 'error',
    section: '2.5',
    within: bytes(BAT, MIB),
    near: { what: 'room for just all entries', spec: { virtualSize: (131_072 - 31) * MIB, batLength: MIB } },
  },
  {
    rule: 'I3',
    what: 'a byte right behind the last entry',
    damage: (image) => image.poke(BAT + 16 * 8, 1),
    severity: 'info',
    section: '2.5',
    within: [BAT + 16 * 8, BAT + MIB],
    near: { what: 'the last entry', damage: set([15, { state: 2 }]) },
  },
  {
    rule: 'I3',
    what: 'an entry behind the last block of a differencing disk',
    spec: { type: 'differencing' },
    damage: set([16, { state: 6, fileOffsetMb: 9 }]),
    severity: 'info',
    section: '2.5',
    within: entry(16),
  },
  ...PAYLOAD_CASES,
  ...BITMAP_CASES,
  {
    rule: 'I25',
    what: 'a MiB more than the entries need',
    spec: { batLength: 2 * MIB },
    severity: 'info',
    section: '2.5',
    within: bytes(BAT, 2 * MIB),
    near: { what: 'the shortest BAT', spec: { batLength: MIB } },
  },
  {
    rule: 'J1',
    what: 'blocks spread over more than the map of owners holds',
    spec: { virtualSize: 4097 * MIB },
    damage: scatter,
    severity: 'warning',
    section: '2.1',
    within: [0, 1],
  },
  {
    rule: 'J3',
    what: 'a fixed disk whose first two blocks are swapped',
    spec: { type: 'fixed', allocate: [1, 0, ...Array.from({ length: 14 }, (_, n) => n + 2)] },
    severity: 'info',
    section: '2.1',
    within: entry(1),
    near: { what: 'a dynamic disk in any order', spec: { allocate: [1, 0, 2] } },
  },
];
