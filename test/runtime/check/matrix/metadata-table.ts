/** Rules F: the metadata table and its entries. */
import type { VhdxMetadataTableEntry } from '../../../../generated/index.js';
import { GUIDS } from '../../../../runtime/base/guid.js';
import { type ImageSpec, KIB, MIB, type TestImage } from '../../../support/image-builder.js';
import { bytes, ITEMS, type MatrixCase, METADATA, UNKNOWN } from './case.js';

type Items = NonNullable<ImageSpec['items']>;

const user = (id: string, contents = new Uint8Array(4)): Items[number] => ({ id, bytes: contents, isUser: true });
const system = (id: string, contents = new Uint8Array(4)): Items[number] => ({ id, bytes: contents });

/** Items without contents, each with an ID of its own. */
function empty(count: number, isUser: boolean): Items {
  const kind = isUser ? 'aaaa' : 'bbbb';
  return Array.from({ length: count }, (_, index) => ({
    id: `deadbeef-0000-4000-${kind}-${String(index).padStart(12, '0')}`,
    bytes: new Uint8Array(),
    isUser,
  }));
}

/** User items of 1 MiB each, all in one place, so that only their sum is unusual. */
function large(count: number): Items {
  return empty(count, true).map((item) => ({ ...item, bytes: new Uint8Array(MIB) }));
}

/** Place of a field of the entry of the nth item. */
function field(index: number, offset: number, length: number): readonly [number, number] {
  return bytes(METADATA + 32 + 32 * index + offset, length);
}

function edit(id: string, change: (entry: VhdxMetadataTableEntry) => void) {
  return (image: TestImage): void => void image.editMetadataEntry(id, change);
}

export const METADATA_TABLE_CASES: readonly MatrixCase[] = [
  {
    rule: 'F1',
    what: 'signature',
    damage: (image) => image.flip(METADATA + 7),
    severity: 'error',
    section: '2.6.1.1',
    within: bytes(METADATA, 8),
    near: { what: 'the byte behind it', damage: (image) => image.flip(METADATA + 8), finds: ['F3 warning'] },
  },
  {
    rule: 'F2',
    what: '2048 entries',
    damage: (image) => image.poke(METADATA + 10, 0, 8),
    severity: 'error',
    section: '2.6.1.1',
    within: bytes(METADATA + 10, 2),
    near: {
      what: '2047 entries, the most of either kind',
      spec: { items: [...empty(1018, false), ...empty(1024, true)] },
    },
  },
  {
    rule: 'F2',
    what: '65535 entries',
    damage: (image) => image.poke(METADATA + 10, 255, 255),
    severity: 'error',
    section: '2.6.1.1',
    within: bytes(METADATA + 10, 2),
  },
  {
    rule: 'F3',
    what: 'first reserved field',
    damage: (image) => image.poke(METADATA + 9, 1),
    severity: 'warning',
    section: '2.6.1.1',
    within: bytes(METADATA + 8, 2),
    near: {
      what: 'the byte behind the last entry',
      damage: (image) => image.poke(METADATA + 32 + 5 * 32, 1),
      finds: ['F19 info'],
    },
  },
  {
    rule: 'F3',
    what: 'last byte of the second reserved field',
    damage: (image) => image.poke(METADATA + 31, 1),
    severity: 'warning',
    section: '2.6.1.1',
    within: bytes(METADATA + 12, 20),
  },
  {
    rule: 'F4',
    what: 'a user item twice',
    spec: { items: [user(UNKNOWN), user(UNKNOWN)] },
    severity: 'error',
    section: '2.6.1.2',
    within: field(6, 0, 32),
    near: { what: 'a user and a system item with one ID', spec: { items: [user(UNKNOWN), system(UNKNOWN)] } },
  },
  {
    rule: 'F4',
    what: 'the virtual disk size twice',
    spec: { items: [{ id: GUIDS.virtualDiskSize, bytes: new Uint8Array(8), isVirtualDisk: true, isRequired: true }] },
    severity: 'error',
    section: '2.6.1.2',
    within: field(5, 0, 32),
  },
  {
    rule: 'F5',
    what: 'an item that begins in the last byte of the table',
    spec: { items: [user(UNKNOWN)] },
    damage: edit(UNKNOWN, (item) => (item.offset = 64 * KIB - 1)),
    severity: 'error',
    section: '2.6.1.2',
    within: field(5, 16, 4),
    near: { what: 'an item that begins right behind the table', spec: {} },
  },
  {
    rule: 'F5',
    what: 'an item of some length at 0',
    spec: { items: [user(UNKNOWN)] },
    damage: edit(UNKNOWN, (item) => (item.offset = 0)),
    severity: 'error',
    section: '2.6.1.2',
    within: field(5, 16, 4),
  },
  {
    rule: 'F6',
    what: 'an item that ends a byte behind the region',
    spec: { items: [user(UNKNOWN)] },
    damage: edit(UNKNOWN, (item) => (item.offset = MIB - 3)),
    severity: 'error',
    section: '2.6.1.2',
    within: field(5, 16, 8),
    near: {
      what: 'an item that ends with the region',
      spec: { items: [user(UNKNOWN)] },
      damage: edit(UNKNOWN, (item) => (item.offset = MIB - 4)),
    },
  },
  {
    rule: 'F6',
    what: 'an item whose end is past 2^32',
    spec: { items: [user(UNKNOWN)] },
    damage: edit(UNKNOWN, (item) => (item.offset = 2 ** 32 - 2)),
    severity: 'error',
    section: '2.6.1.2',
    within: field(5, 16, 8),
  },
  {
    rule: 'F7',
    what: 'an item on the last byte of another',
    spec: { items: [user(UNKNOWN)] },
    damage: edit(UNKNOWN, (item) => (item.offset -= 1)),
    severity: 'error',
    section: '2.6.1.2',
    within: field(5, 16, 4),
    near: { what: 'items side by side', spec: { items: [user(UNKNOWN)] } },
  },
  {
    rule: 'F8',
    what: 'an item of 1 MiB and a byte',
    spec: { items: [user(UNKNOWN, new Uint8Array(MIB + 1))] },
    severity: 'error',
    section: '2.6.1.2',
    within: field(5, 20, 4),
    near: { what: 'an item of 1 MiB', spec: { items: [user(UNKNOWN, new Uint8Array(MIB))] } },
  },
  {
    rule: 'F9',
    what: 'an empty item with an offset',
    spec: { items: empty(1, true) },
    damage: edit('deadbeef-0000-4000-aaaa-000000000000', (item) => (item.offset = 70_000)),
    severity: 'warning',
    section: '2.6.1.2',
    within: field(5, 16, 4),
    near: { what: 'an empty item without', spec: { items: empty(1, true) } },
  },
  {
    rule: 'F10',
    what: '1025 user items',
    spec: { items: empty(1025, true) },
    severity: 'error',
    section: '2.6.1.2',
    within: [METADATA, ITEMS],
    near: { what: '1024 user items', spec: { items: empty(1024, true) } },
  },
  {
    rule: 'F11',
    what: 'the first reserved bit',
    damage: edit(GUIDS.virtualDiskId, (item) => (item.reserved = 1)),
    severity: 'warning',
    section: '2.6.1.2',
    within: field(2, 24, 4),
    near: {
      what: 'the bit before it',
      damage: edit(GUIDS.virtualDiskId, (item) => (item.isRequired = false)),
      finds: ['F17 warning'],
    },
  },
  {
    rule: 'F11',
    what: 'the last reserved bit of the entry',
    damage: edit(GUIDS.virtualDiskId, (item) => (item.reserved2 = 2 ** 31)),
    severity: 'warning',
    section: '2.6.1.2',
    within: field(2, 28, 4),
  },
  {
    rule: 'F12',
    what: 'an unknown item that is required',
    spec: { items: [{ ...system(UNKNOWN), isRequired: true }] },
    severity: 'error',
    section: '2.6.1.2',
    within: field(5, 0, 32),
    near: { what: 'an unknown item that is not (F13)', spec: { items: [system(UNKNOWN)] } },
  },
  {
    rule: 'F14',
    what: 'a user item that is required',
    spec: { items: [{ ...user(UNKNOWN), isRequired: true }] },
    severity: 'warning',
    section: '',
    within: field(5, 24, 4),
    // Nobody can know a user item.
    implies: ['F12 error'],
    near: { what: 'a user item of the virtual disk', spec: { items: [{ ...user(UNKNOWN), isVirtualDisk: true }] } },
  },
  {
    rule: 'F15',
    what: 'an ID of zeros',
    spec: { items: [user(GUIDS.zero)] },
    severity: 'warning',
    section: '',
    within: field(5, 0, 16),
    near: { what: 'an ID of one bit', spec: { items: [user(GUIDS.zero.replace(/0$/, '1'))] } },
  },
  {
    rule: 'F16',
    what: '1024 system items',
    spec: { items: empty(1019, false) },
    severity: 'info',
    section: '',
    within: bytes(METADATA, MIB),
    near: { what: '1023 system items', spec: { items: empty(1018, false) } },
  },
  {
    rule: 'F16',
    what: '41 MiB of user items',
    spec: { items: large(41) },
    severity: 'info',
    section: '',
    within: bytes(METADATA, MIB),
    near: { what: '40 MiB of user items', spec: { items: large(40) } },
  },
  {
    rule: 'F17',
    what: 'physical sector size that is not required, as early Windows has it',
    damage: edit(GUIDS.physicalSectorSize, (item) => (item.isRequired = false)),
    severity: 'warning',
    section: '2.6.2',
    within: field(4, 24, 4),
    near: { what: 'flags of an unknown item', spec: { items: [{ ...system(UNKNOWN), isVirtualDisk: true }] } },
  },
  {
    rule: 'F17',
    what: 'file parameters of the virtual disk',
    damage: edit(GUIDS.fileParameters, (item) => (item.isVirtualDisk = true)),
    severity: 'warning',
    section: '2.6.2',
    within: field(0, 24, 4),
  },
  {
    rule: 'F18',
    what: 'the mark of a file that was never finished',
    spec: { items: [system(GUIDS.incompleteFile)] },
    severity: 'error',
    section: '',
    within: field(5, 0, 32),
    near: { what: 'that ID as a user item', spec: { items: [user(GUIDS.incompleteFile)] } },
  },
  ...([GUIDS.chsParameters, GUIDS.pmemLabelStorage, GUIDS.hyperOne] as const).map((id): MatrixCase => ({
    rule: 'F18',
    what: `known extra item ${id}`,
    spec: { items: [system(id)] },
    severity: 'info',
    section: '',
    within: field(5, 0, 32),
  })),
  {
    rule: 'F19',
    what: 'the last byte of the region',
    damage: (image) => image.poke(METADATA + MIB - 1, 1),
    severity: 'info',
    section: '2.6.1.1',
    within: bytes(METADATA, MIB),
    near: { what: 'bytes of an item', spec: { items: [user(UNKNOWN, Uint8Array.of(1, 2, 3))] } },
  },
  {
    rule: 'F19',
    what: 'the last byte of the table',
    damage: (image) => image.poke(ITEMS - 1, 1),
    severity: 'info',
    section: '2.6.1.1',
    within: bytes(METADATA, MIB),
  },
];
