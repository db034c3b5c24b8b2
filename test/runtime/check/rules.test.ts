import { describe, expect, test } from 'vitest';
import { VhdxGuid, type VhdxMetadataTableEntry } from '../../../generated/index.js';
import { GUIDS, parseGuid } from '../../../runtime/guid.js';
import { check, brief } from '../../support/findings.js';
import {
  GIB,
  IDS,
  type ImageSpec,
  KIB,
  MIB,
  parentLocatorBytes,
  regionEntry,
  TestImage,
} from '../../support/image-builder.js';

/** An image that breaks a rule, and what a check has to say of it: nothing else, in this order. */
interface Case {
  readonly name: string;
  readonly spec?: ImageSpec;
  readonly damage?: (image: TestImage) => void;
  readonly finds: readonly string[];
  /** Where the first finding is, in bytes. */
  readonly at?: number;
  readonly verdict?: string;
}

const UNKNOWN = 'deadbeef-0000-4000-8000-000000000001';
const OTHER = 'deadbeef-0000-4000-8000-000000000002';

function guid(text: string): VhdxGuid {
  return VhdxGuid.create(parseGuid(text));
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

/** An image with a further region of 1 MiB at the end of the file. */
function withRegion(change: Partial<Parameters<typeof regionEntry>[0]> = {}) {
  return (image: TestImage): void => {
    const fileOffset = image.append(MIB) * MIB;
    const entry = regionEntry({ guid: UNKNOWN, fileOffset, length: MIB, ...change });
    image.editRegionTable('both', (table) => table.entries.push(entry));
  };
}

function editBat(change: (entry: { fileOffset: bigint; length: number; reserved: number; required: boolean }) => void) {
  return (image: TestImage): void => {
    image.editRegionTable('both', ({ entries: [bat] }) => bat && change(bat));
  };
}

function editEntry(id: string, change: (entry: VhdxMetadataTableEntry) => void) {
  return (image: TestImage): void => void image.editMetadataEntry(id, change);
}

const damagedCopies: readonly Case[] = [
  {
    name: 'A1 file cut inside of the header section',
    damage: (image) => (image.size = MIB - 1),
    finds: ['A1 error'],
    at: MIB - 1,
  },
  { name: 'A2 wrong signature', damage: (image) => image.flip(3), finds: ['A2 error'], at: 0, verdict: 'not-vhdx' },
  { name: 'A3 lone surrogate in the creator', spec: { creator: 'a\ud800b' }, finds: ['A3 info'], at: 8 },
  { name: 'A4 byte behind the identifier', damage: (image) => image.poke(600, 1), finds: ['A4 info'], at: 600 },
  {
    name: 'A6 file of an odd length, A7 with it',
    damage: (image) => (image.size += 512),
    finds: ['A7 info', 'A6 warning'],
  },
  { name: 'A7 two MiB at the end', damage: (image) => (image.size += 2 * MIB), finds: ['A7 info'], at: 4 * MIB },
  {
    name: 'A8 hole between blocks',
    damage: (image) => {
      image.append(8 * MIB);
      image.setBat(0, { state: 6, fileOffsetMb: image.append(MIB) });
    },
    finds: ['A8 info'],
    at: 4 * MIB,
  },
  {
    name: 'B1 signature of the first header',
    damage: (image) => image.flip(64 * KIB),
    finds: ['B1 refuse-write'],
    at: 64 * KIB,
  },
  {
    name: 'B1 signature of the second header',
    damage: (image) => image.flip(128 * KIB),
    finds: ['B1 refuse-write'],
    at: 128 * KIB,
  },
  {
    name: 'B2 checksum of the second header',
    damage: (image) => image.flip(128 * KIB + 4),
    finds: ['B2 refuse-write'],
    at: 128 * KIB + 4,
  },
  {
    name: 'B2 any other byte of a header',
    damage: (image) => image.flip(64 * KIB + 4000),
    finds: ['B2 refuse-write'],
    at: 64 * KIB + 4,
  },
  {
    name: 'B3 both headers',
    damage: (image) => {
      image.flip(64 * KIB);
      image.flip(128 * KIB + 100);
    },
    finds: ['B3 error', 'B1 error', 'B2 error'],
    at: 64 * KIB,
  },
  {
    name: 'B4 equal sequence numbers in different headers',
    spec: { sequenceNumbers: [5n, 5n] },
    damage: (image) => void image.editHeader(1, (header) => (header.fileWriteGuid = guid(OTHER))),
    finds: ['B4 error'],
    at: 128 * KIB + 8,
  },
  { name: 'B4 identical headers', spec: { sequenceNumbers: [5n, 5n] }, finds: ['B4 warning'], verdict: 'clean' },
  {
    name: 'B6 noncurrent header with an older FileWriteGuid',
    damage: (image) => void image.editHeader(0, (header) => (header.fileWriteGuid = guid(OTHER))),
    finds: ['B6 info'],
    at: 64 * KIB,
  },
  {
    name: 'B7 noncurrent header with another DataWriteGuid',
    damage: (image) => void image.editHeader(0, (header) => (header.dataWriteGuid = guid(OTHER))),
    finds: ['B7 warning'],
    at: 64 * KIB + 32,
  },
  {
    name: 'B8 version of the current header',
    damage: (image) => void image.editHeader(1, (header) => (header.version = 2)),
    finds: ['B6 info', 'B8 error'],
  },
  {
    name: 'B9 log version without a log to replay',
    damage: (image) => void image.editHeader('both', (header) => (header.logVersion = 1)),
    finds: ['B9 warning'],
    at: 128 * KIB + 64,
  },
  {
    name: 'B9 log version with a log to replay',
    spec: { logGuid: IDS.log },
    damage: (image) => {
      image.addLogEntry(0, { sequenceNumber: 1n });
      image.editHeader('both', (header) => (header.logVersion = 1));
    },
    finds: ['B9 error'],
    at: 128 * KIB + 64,
  },
  {
    name: 'B10 log to replay, but no log',
    spec: { logGuid: IDS.log, logLength: 0 },
    finds: ['B10 error'],
    at: 128 * KIB + 68,
  },
  {
    name: 'B11 log length',
    damage: (image) => void image.editHeader('both', (header) => (header.logLength = MIB - 4096)),
    finds: ['B11 error', 'A8 info'],
    at: 128 * KIB + 68,
  },
  {
    name: 'B12 log offset',
    damage: (image) => void image.editHeader('both', (header) => (header.logOffset = 4096n)),
    finds: ['B12 error', 'A8 info'],
    at: 128 * KIB + 72,
  },
  {
    name: 'B12 log in the header section',
    damage: (image) => void image.editHeader('both', (header) => (header.logOffset = 0n)),
    finds: ['B12 error', 'A8 info'],
    at: 128 * KIB + 72,
  },
  {
    name: 'B13 log past the end',
    damage: (image) => void image.editHeader('both', (header) => (header.logOffset = 64n * 1024n * 1024n)),
    finds: ['B13 error', 'A8 info'],
    at: 128 * KIB + 72,
  },
  {
    name: 'B13 log offset near 2^64',
    damage: (image) => void image.editHeader('both', (header) => (header.logOffset = 2n ** 64n - 1048576n)),
    finds: ['B13 error', 'A8 info'],
  },
  { name: 'B15 log of more than 1 GiB', spec: { logLength: GIB + MIB }, finds: ['B15 warning'], at: 128 * KIB + 68 },
  { name: 'B16 no log', spec: { logLength: 0 }, finds: ['B16 refuse-write'], at: 128 * KIB + 68 },
  {
    name: 'B17 reserved bytes of the current header',
    damage: (image) => void image.editHeader('both', (header) => (header.reserved = Uint8Array.of(0, 9))),
    finds: ['B17 warning'],
    at: 128 * KIB + 80,
  },
  {
    name: 'B18 bytes behind a header',
    damage: (image) => image.poke(128 * KIB + 5000, 1),
    finds: ['B18 info'],
    at: 128 * KIB + 5000,
  },
  {
    name: 'B19 zero FileWriteGuid',
    damage: (image) => void image.editHeader('both', (header) => (header.fileWriteGuid = guid(GUIDS.zero))),
    finds: ['B19 warning'],
    at: 128 * KIB + 16,
  },
  {
    name: 'B19 zero DataWriteGuid',
    damage: (image) => void image.editHeader('both', (header) => (header.dataWriteGuid = guid(GUIDS.zero))),
    finds: ['B19 warning'],
    at: 128 * KIB + 32,
  },
  {
    name: 'B20 last sequence number',
    spec: { sequenceNumbers: [1n, 2n ** 64n - 1n] },
    finds: ['B20 refuse-write'],
    at: 128 * KIB + 8,
  },
];

const regionTables: readonly Case[] = [
  {
    name: 'C1 signature of copy 1',
    damage: (image) => image.flip(192 * KIB),
    finds: ['C1 refuse-write'],
    at: 192 * KIB,
  },
  {
    name: 'C1 checksum of copy 2',
    damage: (image) => image.flip(256 * KIB + 40_000),
    finds: ['C1 refuse-write'],
    at: 256 * KIB + 4,
  },
  {
    name: 'C1 both copies',
    damage: (image) => {
      image.flip(192 * KIB + 20);
      image.flip(256 * KIB + 20);
    },
    finds: ['C1 error', 'C1 error'],
    at: 192 * KIB + 4,
  },
  {
    name: 'C1 entry count of copy 1 overwritten',
    damage: (image) => image.poke(192 * KIB + 8, 255, 255, 255, 255),
    finds: ['C1 refuse-write'],
    at: 192 * KIB + 4,
  },
  {
    name: 'C2 copies that differ',
    damage: (image) => void image.editRegionTableBytes(1, (bytes) => (bytes[50_000] = 1)),
    finds: ['C2 refuse-write'],
    at: 256 * KIB + 50_000,
  },
  {
    name: 'C3 too many entries',
    damage: (image) => void image.editRegionTableBytes('both', (bytes) => bytes.set(u32(2048), 8)),
    finds: ['C3 error'],
    at: 192 * KIB + 8,
  },
  {
    name: 'C4 reserved field',
    damage: (image) => void image.editRegionTable('both', (table) => (table.reserved = 1)),
    finds: ['C4 warning'],
    at: 192 * KIB + 12,
  },
  {
    name: 'C5 the same region twice',
    damage: (image) => {
      withRegion()(image);
      withRegion()(image);
    },
    finds: ['C5 error'],
    at: 192 * KIB + 16 + 96,
  },
  {
    name: 'C6 offset of a region',
    damage: withRegion({ fileOffset: 512 * KIB }),
    finds: ['C6 error', 'A7 info'],
    at: 192 * KIB + 16 + 64 + 16,
  },
  {
    name: 'C7 odd length of an optional region',
    damage: withRegion({ length: 4096 }),
    finds: ['C7 error', 'A7 info'],
    at: 192 * KIB + 16 + 64 + 24,
  },
  {
    name: 'C7 BAT without a length',
    damage: editBat((bat) => (bat.length = 0)),
    finds: ['C7 error'],
    at: 192 * KIB + 16 + 24,
  },
  { name: 'C7 optional region without a length', damage: withRegion({ length: 0 }), finds: ['C7 warning', 'A7 info'] },
  {
    name: 'C8 BAT past the end',
    damage: editBat((bat) => (bat.fileOffset = 1n << 40n)),
    finds: ['C8 error'],
    at: 192 * KIB + 16 + 16,
  },
  {
    name: 'C8 optional region past the end',
    damage: withRegion({ fileOffset: 2 ** 40 }),
    finds: ['C8 warning', 'A7 info'],
  },
  {
    name: 'C8 optional region past 2^64',
    damage: withRegion({ fileOffset: 2n ** 64n - 1048576n, length: 2 * MIB }),
    finds: ['C8 error', 'A7 info'],
  },
  {
    name: 'C9 regions that overlap',
    damage: (image) => withRegion({ fileOffset: image.batOffset })(image),
    finds: ['C9 error', 'A7 info'],
    at: 192 * KIB + 16 + 64 + 16,
  },
  {
    name: 'C10 region on the log',
    damage: (image) => withRegion({ fileOffset: image.logOffset })(image),
    finds: ['C10 error', 'A7 info'],
    at: 192 * KIB + 16 + 64 + 16,
  },
  {
    name: 'C12 no BAT',
    damage: (image) => void image.editRegionTable('both', (table) => void table.entries.shift()),
    finds: ['C12 error'],
    at: 192 * KIB + 8,
  },
  {
    name: 'C12 no metadata',
    damage: (image) => void image.editRegionTable('both', (table) => void table.entries.pop()),
    finds: ['C12 error'],
    at: 192 * KIB + 8,
  },
  {
    name: 'C13 known region that is not required',
    damage: editBat((bat) => (bat.required = false)),
    finds: ['C13 warning'],
    at: 192 * KIB + 16 + 28,
  },
  {
    name: 'C14 Required is 3',
    damage: editBat((bat) => (bat.reserved = 1)),
    finds: ['C14 warning'],
    at: 192 * KIB + 16 + 28,
  },
  {
    name: 'C14 Required is 2',
    damage: editBat((bat) => Object.assign(bat, { reserved: 1, required: false })),
    finds: ['C14 warning'],
    at: 192 * KIB + 16 + 28,
  },
  {
    name: 'C15 unknown region that is required',
    damage: withRegion({ required: true }),
    finds: ['C15 error'],
    at: 192 * KIB + 16 + 64,
  },
  {
    name: 'C17 bytes behind the entries',
    damage: (image) => void image.editRegionTable('both', (table) => (table.unused[7] = 1)),
    finds: ['C17 info'],
    at: 192 * KIB + 16 + 64 + 7,
  },
  { name: 'C19 zero GUID', damage: withRegion({ guid: GUIDS.zero }), finds: ['C19 warning'], at: 192 * KIB + 16 + 64 },
];

/** Place of the entry of the nth metadata item. */
function entryAt(index: number): number {
  return 3 * MIB + 32 + 32 * index;
}

const user = (id: string, bytes = Uint8Array.of(1, 2, 3, 4)): NonNullable<ImageSpec['items']>[number] => ({
  id,
  bytes,
  isUser: true,
});

const metadata: readonly Case[] = [
  { name: 'F1 signature', damage: (image) => image.flip(3 * MIB), finds: ['F1 error'], at: 3 * MIB },
  {
    name: 'F2 too many entries',
    damage: (image) => image.poke(3 * MIB + 10, 0, 8),
    finds: ['F2 error'],
    at: 3 * MIB + 10,
  },
  {
    name: 'F2 65535 entries',
    damage: (image) => image.poke(3 * MIB + 10, 255, 255),
    finds: ['F2 error'],
    at: 3 * MIB + 10,
  },
  {
    name: 'F3 first reserved field',
    damage: (image) => image.poke(3 * MIB + 8, 1),
    finds: ['F3 warning'],
    at: 3 * MIB + 8,
  },
  {
    name: 'F3 second reserved field',
    damage: (image) => image.poke(3 * MIB + 20, 1),
    finds: ['F3 warning'],
    at: 3 * MIB + 12,
  },
  { name: 'F4 an item twice', spec: { items: [user(UNKNOWN), user(UNKNOWN)] }, finds: ['F4 error'], at: entryAt(6) },
  {
    name: 'F4 the same ID as user and system item',
    spec: { items: [user(UNKNOWN), { id: UNKNOWN, bytes: Uint8Array.of(1) }] },
    finds: [],
  },
  {
    name: 'F5 item in the table',
    spec: { items: [user(UNKNOWN)] },
    damage: editEntry(UNKNOWN, (entry) => (entry.offset = 32_768)),
    finds: ['F5 error', 'F19 info'],
    at: entryAt(5) + 16,
  },
  {
    name: 'F5 item of some length at 0',
    spec: { items: [user(UNKNOWN)] },
    damage: editEntry(UNKNOWN, (entry) => (entry.offset = 0)),
    finds: ['F5 error', 'F19 info'],
    at: entryAt(5) + 16,
  },
  {
    name: 'F6 item outside of the region',
    spec: { items: [user(UNKNOWN)] },
    damage: editEntry(UNKNOWN, (entry) => (entry.offset = MIB - 2)),
    finds: ['F6 error', 'F19 info'],
    at: entryAt(5) + 16,
  },
  {
    name: 'F7 items that overlap',
    spec: { items: [user(UNKNOWN)] },
    damage: editEntry(UNKNOWN, (entry) => (entry.offset -= 2)),
    finds: ['F7 error', 'F19 info'],
    at: entryAt(5) + 16,
  },
  {
    name: 'F8 item of more than 1 MiB',
    spec: { items: [user(UNKNOWN, new Uint8Array(MIB + 4))] },
    finds: ['F8 error'],
    at: entryAt(5) + 20,
  },
  {
    name: 'F9 empty item with an offset',
    spec: { items: [user(UNKNOWN, new Uint8Array())] },
    damage: editEntry(UNKNOWN, (entry) => (entry.offset = 70_000)),
    finds: ['F9 warning'],
    at: entryAt(5) + 16,
  },
  {
    name: 'F10 1025 user items',
    spec: {
      items: Array.from({ length: 1025 }, (_, n) =>
        user(`deadbeef-0000-4000-8000-${String(n).padStart(12, '0')}`, new Uint8Array()),
      ),
    },
    finds: ['F10 error'],
    at: 3 * MIB + 10,
  },
  {
    name: 'F11 reserved bits',
    damage: editEntry(GUIDS.virtualDiskId, (entry) => (entry.reserved = 1)),
    finds: ['F11 warning'],
    at: entryAt(2) + 24,
  },
  {
    name: 'F11 last four bytes',
    damage: editEntry(GUIDS.virtualDiskId, (entry) => (entry.reserved2 = 1)),
    finds: ['F11 warning'],
    at: entryAt(2) + 28,
  },
  {
    name: 'F12 unknown required item',
    spec: { items: [{ id: UNKNOWN, bytes: Uint8Array.of(1), isRequired: true }] },
    finds: ['F12 error'],
    at: entryAt(5),
  },
  { name: 'F13 unknown item', spec: { items: [{ id: UNKNOWN, bytes: Uint8Array.of(1) }] }, finds: [] },
  {
    name: 'F14 required user item',
    spec: { items: [{ ...user(UNKNOWN), isRequired: true }] },
    finds: ['F14 warning', 'F12 error'],
  },
  { name: 'F15 zero ID', spec: { items: [user(GUIDS.zero)] }, finds: ['F15 warning'], at: entryAt(5) },
  {
    name: 'F16 1024 system items',
    spec: {
      items: Array.from({ length: 1020 }, (_, n) => ({
        id: `deadbeef-0000-4000-8000-${String(n).padStart(12, '0')}`,
        bytes: new Uint8Array(),
      })),
    },
    finds: ['F16 info'],
  },
  {
    name: 'F17 physical sector size that is not required, as early Windows has it',
    damage: editEntry(GUIDS.physicalSectorSize, (entry) => (entry.isRequired = false)),
    finds: ['F17 warning'],
    at: entryAt(4) + 24,
  },
  {
    name: 'F18 CHS parameters',
    spec: { items: [{ id: GUIDS.chsParameters, bytes: Uint8Array.of(1) }] },
    finds: ['F18 info'],
    at: entryAt(5),
  },
  {
    name: 'F18 incomplete file',
    spec: { items: [{ id: GUIDS.incompleteFile, bytes: Uint8Array.of(1) }] },
    finds: ['F18 error'],
    at: entryAt(5),
  },
  {
    name: 'F19 byte of no item',
    damage: (image) => image.poke(3 * MIB + 900_000, 1),
    finds: ['F19 info'],
    at: 3 * MIB + 900_000,
  },
  {
    name: 'G1 item missing',
    damage: (image) =>
      void image.editMetadataTable((table) => (table.entries = table.entries.filter((_, n) => n !== 2))),
    finds: ['G1 error', 'F19 info'],
    at: 3 * MIB,
  },
  {
    name: 'G2 length of an item',
    damage: editEntry(GUIDS.virtualDiskId, (entry) => (entry.length = 12)),
    finds: ['G2 error', 'F19 info'],
    at: entryAt(2) + 20,
  },
  {
    name: 'G3 block size',
    damage: (image) => void image.setItem(GUIDS.fileParameters, u32(3 * MIB)),
    finds: ['G3 error'],
    at: 3 * MIB + 64 * KIB,
  },
  {
    name: 'G3 block of 512 KiB',
    damage: (image) => void image.setItem(GUIDS.fileParameters, u32(512 * KIB)),
    finds: ['G3 error'],
    at: 3 * MIB + 64 * KIB,
  },
  {
    name: 'G4 reserved bits',
    damage: (image) => image.poke(3 * MIB + 64 * KIB + 4, 4),
    finds: ['G4 warning'],
    at: 3 * MIB + 64 * KIB + 4,
  },
  {
    name: 'G5 no parent locator',
    spec: { type: 'differencing' },
    damage: (image) => void image.editMetadataTable((table) => void table.entries.pop()),
    finds: ['G5 error', 'F19 info'],
  },
  {
    name: 'G5 parent locator without a parent',
    spec: { parent: [['parent_linkage', `{${IDS.parent}}`]] },
    finds: ['G5 warning'],
    at: entryAt(5),
  },
  {
    name: 'G6 fixed disk with an unallocated block',
    spec: { type: 'fixed' },
    damage: (image) => void image.setBat(15, { state: 0 }),
    finds: ['G6 warning', 'A7 info'],
    at: 2 * MIB + 15 * 8,
  },
  {
    name: 'G7 fixed and differencing',
    spec: { type: 'differencing' },
    damage: (image) => image.poke(3 * MIB + 64 * KIB + 4, 3),
    finds: ['G7 info'],
  },
  {
    name: 'G8 size of half a sector',
    damage: (image) => void image.setItem(GUIDS.virtualDiskSize, u64(BigInt(MIB) + 256n)),
    finds: ['G8 error'],
    at: 3 * MIB + 64 * KIB + 8,
  },
  {
    name: 'G8 size of 512 bytes with sectors of 4096',
    spec: { logicalSectorSize: 4096 },
    damage: (image) => void image.setItem(GUIDS.virtualDiskSize, u64(BigInt(MIB) + 512n)),
    finds: ['G8 error'],
  },
  {
    name: 'G9 65 TiB',
    damage: (image) => void image.setItem(GUIDS.virtualDiskSize, u64(65n << 40n)),
    finds: ['G9 error'],
    at: 3 * MIB + 64 * KIB + 8,
  },
  {
    name: 'G10 no bytes',
    damage: (image) => void image.setItem(GUIDS.virtualDiskSize, u64(0n)),
    finds: ['G10 warning'],
    at: 3 * MIB + 64 * KIB + 8,
  },
  {
    name: 'G11 logical sectors of 1024',
    damage: (image) => void image.setItem(GUIDS.logicalSectorSize, u32(1024)),
    finds: ['G11 error'],
    at: 3 * MIB + 64 * KIB + 32,
  },
  {
    name: 'G12 physical sectors of 1024',
    damage: (image) => void image.setItem(GUIDS.physicalSectorSize, u32(1024)),
    finds: ['G12 error'],
    at: 3 * MIB + 64 * KIB + 36,
  },
  {
    name: 'G13 physical sectors less than logical ones',
    spec: { logicalSectorSize: 4096, physicalSectorSize: 512 },
    finds: ['G13 warning'],
    at: 3 * MIB + 64 * KIB + 36,
  },
  {
    name: 'G14 zero disk ID',
    damage: (image) => void image.setItem(GUIDS.virtualDiskId, new Uint8Array(16)),
    finds: ['G14 warning'],
    at: 3 * MIB + 64 * KIB + 16,
  },
];

const LINKAGE = ['parent_linkage', `{${IDS.parent}}`] as const;
const RELATIVE = ['relative_path', String.raw`..\parent.vhdx`] as const;
const LOCATOR = 3 * MIB + 64 * KIB + 40;

function locator(
  name: string,
  pairs: readonly (readonly [string, string])[],
  finds: readonly string[],
  at?: number,
): Case {
  const spec = { type: 'differencing' as const, parent: pairs };
  return at === undefined ? { name, spec, finds } : { name, spec, finds, at };
}

function damagedLocator(name: string, damage: (image: TestImage) => void, finds: readonly string[], at?: number): Case {
  return { ...locator(name, [LINKAGE, RELATIVE], finds, at), damage };
}

const parentLocator: readonly Case[] = [
  locator('locator as it should be', [LINKAGE, RELATIVE], []),
  locator(
    'upper-case linkage, as the specification has it',
    [['parent_linkage', `{${IDS.parent.toUpperCase()}}`], RELATIVE],
    [],
  ),
  damagedLocator(
    'H1 locator of 10 bytes',
    editEntry(GUIDS.parentLocator, (entry) => (entry.length = 10)),
    ['H1 error', 'F19 info'],
    LOCATOR,
  ),
  damagedLocator(
    'H1 more entries than there is room for',
    (image) => image.poke(LOCATOR + 18, 0, 1),
    ['H1 error'],
    LOCATOR,
  ),
  damagedLocator('H2 unknown type', (image) => image.flip(LOCATOR), ['H2 error'], LOCATOR),
  damagedLocator('H3 reserved field', (image) => image.poke(LOCATOR + 16, 1), ['H3 warning'], LOCATOR + 16),
  damagedLocator(
    'H4 key outside of the item',
    (image) => image.poke(LOCATOR + 20 + 12, 0, 0, 1, 0),
    ['H4 error'],
    LOCATOR + 20 + 12,
  ),
  damagedLocator(
    'H4 value in the table',
    (image) => image.poke(LOCATOR + 20 + 12 + 4, 20, 0, 0, 0),
    ['H4 error'],
    LOCATOR + 20 + 12 + 4,
  ),
  damagedLocator(
    'H4 odd length of a key',
    (image) => image.poke(LOCATOR + 20 + 12 + 8, 25, 0),
    ['H4 error'],
    LOCATOR + 20 + 12 + 8,
  ),
  damagedLocator(
    'H4 value without a length',
    (image) => image.poke(LOCATOR + 20 + 12 + 10, 0, 0),
    ['H4 error'],
    LOCATOR + 20 + 12 + 10,
  ),
  locator('H5 NUL inside of a value', [LINKAGE, RELATIVE, ['note', 'a\0b']], ['H5 error']),
  locator('H5 lone surrogate', [LINKAGE, RELATIVE, ['note', 'a\udc00']], ['H5 error']),
  locator('H5 NUL at the end of a value', [LINKAGE, ['relative_path', 'parent.vhdx\0']], ['H5 warning']),
  locator('H6 key twice', [LINKAGE, RELATIVE, RELATIVE], ['H6 error'], LOCATOR + 20 + 24),
  locator('H6 keys that differ in case', [LINKAGE, RELATIVE, ['Relative_Path', 'x']], []),
  locator('H7 no linkage', [RELATIVE], ['H7 error'], LOCATOR),
  locator('H7 linkage without braces', [['parent_linkage', IDS.parent], RELATIVE], ['H7 error'], LOCATOR + 20),
  locator('H7 linkage that is no GUID', [['parent_linkage', '{nobody}'], RELATIVE], ['H7 error'], LOCATOR + 20),
  locator(
    'H8 second linkage',
    [LINKAGE, ['parent_linkage2', `{${OTHER}}`], RELATIVE],
    ['H8 warning'],
    LOCATOR + 20 + 12,
  ),
  locator('H9 no path', [LINKAGE], ['H9 error'], LOCATOR),
  locator(
    'H11 volume path without a volume',
    [LINKAGE, ['volume_path', String.raw`c:\parent.vhdx`]],
    ['H11 warning'],
    LOCATOR + 20 + 12,
  ),
  locator(
    'H11 volume path',
    [LINKAGE, ['volume_path', String.raw`\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\a\p.vhdx`]],
    [],
  ),
  locator(
    'H11 absolute path without a prefix',
    [LINKAGE, ['absolute_win32_path', String.raw`c:\parent.vhdx`]],
    ['H11 warning'],
    LOCATOR + 20 + 12,
  ),
  locator(
    'H11 UNC path as the specification has it',
    [LINKAGE, ['absolute_win32_path', String.raw`\\?\MyServer\MyShare\p.vhdx`]],
    [],
  ),
  locator(
    'H12 relative path with slashes',
    [LINKAGE, ['relative_path', '../parent.vhdx']],
    ['H12 warning'],
    LOCATOR + 20 + 12,
  ),
  locator(
    'H12 relative path with a drive',
    [LINKAGE, ['relative_path', String.raw`d:\parent.vhdx`]],
    ['H12 warning'],
    LOCATOR + 20 + 12,
  ),
];

describe.each([
  ['file and headers', damagedCopies],
  ['region tables', regionTables],
  ['metadata', metadata],
  ['parent locator', parentLocator],
])('%s', (_, cases) => {
  test.each(cases)('$name → $finds', async ({ spec, damage, finds, at, verdict }) => {
    const image = new TestImage(spec);
    damage?.(image);
    const report = await check(image);
    expect(report.findings.map(brief)).toEqual(finds);
    expect(report.findings[0]?.fileOffset).toBe(at ?? report.findings[0]?.fileOffset);
    expect(report.verdict).toBe(verdict ?? report.verdict);
  });
});

const sound: readonly (readonly [string, ImageSpec])[] = [
  ['dynamic', {}],
  ['dynamic with blocks', { allocate: [3, 0, 15] }],
  ['fixed', { type: 'fixed' }],
  ['differencing', { type: 'differencing', allocate: [0], allocateAs: 7, bitmaps: [0] }],
  [
    'sectors of 4096 bytes',
    { logicalSectorSize: 4096, virtualSize: 40 * GIB, blockSize: 32 * MIB, allocate: [0, 1023, 1024] },
  ],
  ['several chunks', { virtualSize: 9 * GIB, allocate: [0, 4095, 4096, 8191, 8192] }],
  ['blocks of 256 MiB', { virtualSize: 9 * GIB, blockSize: 256 * MIB, allocate: [0, 35] }],
  ['user item', { items: [user(UNKNOWN)] }],
];

test.each(sound)('sound image, %s → nothing found', async (_, spec) => {
  const report = await check(new TestImage(spec));
  // A block that has each of its sectors, or none, could be said more simply: a hint, and all there is.
  expect(report.findings.map(brief).filter((text) => text !== 'I23 info')).toEqual([]);
  expect(report.verdict).toBe('clean');
  expect(report.space?.freeBytes).toBe(0);
});

test('parent locator as a writer makes it → read back', () => {
  expect(parentLocatorBytes([LINKAGE]).length).toBe(20 + 12 + 2 * (LINKAGE[0].length + LINKAGE[1].length));
});
