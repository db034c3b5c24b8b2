/**
 * Changes that know the structures: fields get values at the edges of what they may hold, entries are swapped, copied
 * and made to overlap, log entries are made anew, and checksums are right again afterwards, so that what is behind them
 * is reached. A mutation is a list of plain writes, so that it can be printed, and made smaller.
 */
import {
  VhdxFileParameters,
  VhdxHeader,
  VhdxLogDataDescriptor,
  VhdxLogDataSector,
  VhdxLogEntryHeader,
  VhdxLogicalSectorSize,
  VhdxMetadataTable,
  VhdxMetadataTableEntry,
  VhdxParentLocator,
  VhdxParentLocatorEntry,
  VhdxPhysicalSectorSize,
  VhdxRegionTable,
  VhdxRegionTableEntry,
  VhdxVirtualDiskId,
  VhdxVirtualDiskSize,
} from '../../generated/index.js';
import type { FieldLayout } from '../../generated/kaitai/struct.js';
import { GUIDS } from '../../runtime/base/guid.js';
import { IDS, KIB, MIB, parentLocatorBytes, type TestImage, TIB } from '../support/image-builder.js';
import { type LoggedWrite, logEntryBytes } from '../support/log-entries.js';
import type { Random } from '../support/random.js';

/** Bytes that are written somewhere. */
export interface Write {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What is done to a base image. */
export interface Mutation {
  readonly writes: readonly Write[];
  /** Length of the file. */
  readonly size: number;
  /** Whether checksums are made right afterwards, and copy 2 of the region table the same as copy 1. */
  readonly repair: { readonly checksums: boolean; readonly copies: boolean };
}

type Layout = readonly FieldLayout[];

const HEADERS = [64 * KIB, 128 * KIB] as const;
const TABLES = [192 * KIB, 256 * KIB] as const;

/** A structure of the base image: where it is and what is in it. */
interface Structure {
  readonly at: number;
  readonly layout: Layout;
}

const ITEM_LAYOUTS: Readonly<Record<string, Layout>> = {
  [GUIDS.fileParameters]: VhdxFileParameters.LAYOUT,
  [GUIDS.virtualDiskSize]: VhdxVirtualDiskSize.LAYOUT,
  [GUIDS.virtualDiskId]: VhdxVirtualDiskId.LAYOUT,
  [GUIDS.logicalSectorSize]: VhdxLogicalSectorSize.LAYOUT,
  [GUIDS.physicalSectorSize]: VhdxPhysicalSectorSize.LAYOUT,
  [GUIDS.parentLocator]: VhdxParentLocator.LAYOUT,
};

/** The base images never change, so their structures are listed once. */
const STRUCTURES = new WeakMap<TestImage, readonly Structure[]>();

function structuresOf(image: TestImage): readonly Structure[] {
  let structures = STRUCTURES.get(image);
  if (structures === undefined) {
    structures = listStructures(image);
    STRUCTURES.set(image, structures);
  }
  return structures;
}

function listStructures(image: TestImage): readonly Structure[] {
  const { metadataOffset, logOffset } = image;
  const count = (first: number, size: number, times: number, layout: Layout): Structure[] =>
    Array.from({ length: times }, (_, index) => ({ at: first + index * size, layout }));
  const items = [...image.itemOffsets].flatMap(([id, at]): Structure[] => {
    const layout = ITEM_LAYOUTS[id];
    return layout === undefined ? [] : [{ at, layout }];
  });
  const locator = image.itemOffsets.get(GUIDS.parentLocator);
  return [
    ...HEADERS.map((at) => ({ at, layout: VhdxHeader.LAYOUT })),
    ...TABLES.flatMap((at) => [
      { at, layout: VhdxRegionTable.LAYOUT },
      ...count(at + 16, VhdxRegionTableEntry.SIZE, 4, VhdxRegionTableEntry.LAYOUT),
    ]),
    { at: metadataOffset, layout: VhdxMetadataTable.LAYOUT },
    ...count(metadataOffset + 32, VhdxMetadataTableEntry.SIZE, 8, VhdxMetadataTableEntry.LAYOUT),
    ...items,
    ...(locator === undefined
      ? []
      : count(locator + 20, VhdxParentLocatorEntry.SIZE, 4, VhdxParentLocatorEntry.LAYOUT)),
    ...[0, 4096, 8192, 12_288, 20_480, MIB - 12_288].flatMap((start) => [
      { at: logOffset + start, layout: VhdxLogEntryHeader.LAYOUT },
      ...count(logOffset + start + 64, VhdxLogDataDescriptor.SIZE, 3, VhdxLogDataDescriptor.LAYOUT),
      { at: logOffset + start, layout: VhdxLogDataSector.LAYOUT },
    ]),
  ];
}

/** Values at which fields change their meaning. */
const NUMBERS: readonly number[] = [
  0,
  1,
  2,
  3,
  4,
  6,
  7,
  8,
  12,
  19,
  20,
  31,
  32,
  64,
  126,
  127,
  128,
  254,
  255,
  511,
  512,
  1023,
  1024,
  1025,
  2047,
  2048,
  4095,
  4096,
  8192,
  65_535,
  65_536,
  65_537,
  MIB - 4096,
  MIB - 1,
  MIB,
  MIB + 1,
  MIB + 4096,
  2 * MIB,
  3 * MIB,
  4 * MIB,
  5 * MIB,
  16 * MIB,
  256 * MIB,
  512 * MIB,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - MIB,
  2 ** 32 - 4096,
  2 ** 32 - 1,
  2 ** 32,
  64 * TIB,
  64 * TIB + 512,
  2 ** 50,
  2 ** 53 - 1,
  2 ** 53,
];

/** An unsigned number of 64 bits. */
function number(random: Random, image: TestImage): bigint {
  return BigInt.asUintN(64, anyNumber(random, image));
}

function anyNumber(random: Random, image: TestImage): bigint {
  if (random.oneIn(8)) return (1n << BigInt(random.below(64))) - BigInt(random.below(3));
  if (random.oneIn(8)) return 2n ** 64n - BigInt(random.pick(NUMBERS));
  if (random.oneIn(6)) return BigInt(random.next());
  const near = random.oneIn(3)
    ? random.pick([image.size, image.batOffset, image.metadataOffset, image.dataOffset, image.logOffset])
    : 0;
  const value = near === 0 ? random.pick(NUMBERS) : near + random.pick([-MIB, -4096, -1, 0, 1, 4096, MIB]);
  return BigInt(value);
}

function littleEndian(value: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let rest = value;
  for (let at = 0; at < size; at += 1, rest >>= 8n) bytes[at] = Number(rest & 0xffn);
  return bytes;
}

/** One field of one structure. */
function mutateField(random: Random, image: TestImage): Write[] {
  const { at, layout } = random.pick(structuresOf(image));
  const field = random.pick(layout);
  if (field.offset === undefined || field.size === undefined) return [];
  const size = Math.min(field.size, 16);
  const place = at + field.offset;
  if (field.bits !== undefined && random.oneIn(2)) {
    const now = image.source.bytes(place, size);
    const bit = random.below(size * 8);
    now[bit >>> 3] = (now[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
    return [{ at: place, bytes: now }];
  }
  return [{ at: place, bytes: littleEndian(number(random, image), size) }];
}

/** Whole entries in the place of others. */
function mutateEntries(random: Random, image: TestImage): Write[] {
  const [first, size] = random.pick([
    [TABLES[0] + 16, 32],
    [image.metadataOffset + 32, 32],
    [image.batOffset, 8],
    [image.logOffset, 4096],
    [HEADERS[0], 64 * KIB],
    [TABLES[0], 64 * KIB],
    [MIB, MIB],
  ] as const);
  const from = first + random.below(6) * size;
  const to = first + random.below(8) * size;
  const moved = image.source.bytes(from, size);
  const copied = { at: to, bytes: moved };
  return random.oneIn(2) ? [copied] : [copied, { at: from, bytes: image.source.bytes(to, size) }];
}

/** BAT entries of any state, on each other, on structures, at the end and far behind it. */
function mutateBat(random: Random, image: TestImage): Write[] {
  const index = random.pick([
    random.below(24),
    random.below(24),
    image.payloadBlocks - 1,
    image.chunkRatio,
    image.bitmapIndex(0) + 1,
  ]);
  const place = random.pick([
    random.below(16),
    Math.floor(image.size / MIB) - random.below(3),
    image.dataOffset / MIB,
    random.pick([2 ** 20, 2 ** 33 - 1, 2 ** 33, 2 ** 43, 2 ** 44 - 1]),
  ]);
  const state = random.pick([0, 1, 2, 3, 4, 5, 6, 6, 6, 7, 7]);
  const reserved = random.oneIn(10) ? random.below(2 ** 17) : 0;
  const entry = BigInt(state) | (BigInt(reserved) << 3n) | (BigInt(Math.max(0, place)) << 20n);
  return [{ at: image.batEntryOffset(Math.max(0, index)), bytes: littleEndian(entry, 8) }];
}

function loggedWrite(random: Random, image: TestImage): LoggedWrite {
  const target = random.pick([
    image.batOffset,
    image.batOffset + random.below(256) * 4096,
    image.metadataOffset + random.below(20) * 4096,
    TABLES[0] + random.below(32) * 4096,
    image.dataOffset + random.below(256) * 4096,
    image.size + random.below(4) * 4096,
    random.oneIn(4) ? Number(number(random, image) % 2n ** 53n) : image.batOffset,
  ]);
  const fileOffset = random.oneIn(12) ? target : Math.floor(target / 4096) * 4096;
  if (random.oneIn(3)) {
    const length = random.oneIn(6) ? number(random, image) : BigInt(random.below(64) * 4096);
    return { kind: 'zero', fileOffset, length };
  }
  const bytes = image.source.bytes(fileOffset % 2 ** 40, 4096);
  if (random.oneIn(2)) bytes[random.below(4096)] = random.below(256);
  return { kind: 'data', fileOffset, bytes };
}

/** New log entries in a row, and a LogGuid that asks for their replay. */
function mutateLog(random: Random, image: TestImage): Write[] {
  const writes: Write[] = [];
  const start = random.pick([0, 4096, 8192, MIB - 4096, MIB - 8192]);
  let at = start;
  const sequenceNumber = random.pick([1n, 7n, 2n ** 32n - 1n, 2n ** 64n - 2n]);
  for (let index = 0, count = 1 + random.below(4); index < count; index += 1) {
    const entry = logEntryBytes({
      guid: IDS.log,
      sequenceNumber: BigInt.asUintN(64, sequenceNumber + BigInt(random.oneIn(10) ? index + 1 : index)),
      tail: random.oneIn(6) ? random.below(256) * 4096 : start,
      writes: Array.from({ length: random.oneIn(20) ? 130 : random.below(4) }, () => loggedWrite(random, image)),
      flushedFileOffset: random.oneIn(8) ? number(random, image) : image.size,
      lastFileOffset: random.oneIn(8) ? number(random, image) : image.size,
    });
    const room = image.logLength - (at % image.logLength);
    const place = image.logOffset + (at % image.logLength);
    writes.push({ at: place, bytes: entry.subarray(0, room) });
    if (entry.length > room) writes.push({ at: image.logOffset, bytes: entry.subarray(room, room + image.logLength) });
    at += entry.length;
  }
  const guid = logEntryBytes({
    guid: IDS.log,
    sequenceNumber: 1n,
    tail: 0,
    flushedFileOffset: 0,
    lastFileOffset: 0,
  }).subarray(32, 48);
  return [...writes, ...HEADERS.map((header) => ({ at: header + 48, bytes: guid }))];
}

const TEXTS: readonly string[] = [
  'parent_linkage',
  'parent_linkage2',
  'relative_path',
  'volume_path',
  'absolute_win32_path',
  `{${IDS.parent}}`,
  '..\\parent.vhdx',
  '\\\\?\\c:\\p.vhdx',
  '\\\\?\\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\\p.vhdx',
  'a\0b',
  '\ud800',
  '\0',
  'x'.repeat(300),
];

/** A parent locator with other pairs; it may run over what is behind it. */
function mutateLocator(random: Random, image: TestImage): Write[] {
  const at = image.itemOffsets.get(GUIDS.parentLocator);
  if (at === undefined) return mutateField(random, image);
  const pairs = Array.from({ length: random.below(6) }, () => [random.pick(TEXTS), random.pick(TEXTS)] as const);
  return [{ at, bytes: parentLocatorBytes(pairs) }];
}

/** Bytes changed without a thought, where structures are. */
function mutateBytes(random: Random, image: TestImage): Write[] {
  const base = random.pick([
    0,
    64 * KIB,
    128 * KIB,
    192 * KIB,
    MIB,
    image.batOffset,
    image.metadataOffset,
    image.metadataOffset + 64 * KIB,
  ]);
  const bytes = Uint8Array.from({ length: 1 + random.below(16) }, () => random.below(256));
  return [{ at: base + random.below(random.pick([64, 512, 8192])), bytes }];
}

const KINDS = [
  mutateField,
  mutateField,
  mutateField,
  mutateEntries,
  mutateBat,
  mutateBat,
  mutateLog,
  mutateLocator,
  mutateBytes,
] as const;

function sizeOf(random: Random, { size }: TestImage): number {
  if (!random.oneIn(8)) return size;
  if (random.oneIn(40)) return random.pick([2 ** 40, 2 ** 46, 2 ** 53 - 1]);
  return random.pick([
    0,
    7,
    8,
    65_536,
    320 * KIB,
    MIB - 1,
    MIB,
    size - MIB,
    size - 4096,
    size - 1,
    size + 1,
    size + MIB,
    random.below(size),
  ]);
}

/** The mutation that `random` gives for an image. */
export function mutate(random: Random, image: TestImage): Mutation {
  const writes = Array.from({ length: 1 + random.below(5) }, () => random.pick(KINDS)(random, image)).flat();
  return {
    writes,
    size: sizeOf(random, image),
    repair: { checksums: !random.oneIn(12), copies: !random.oneIn(4) },
  };
}
