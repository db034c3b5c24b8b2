import { GUIDS } from '../../runtime/base/guid.js';
import { IDS, KIB, MIB, regionEntry, TestImage, TIB } from '../support/image-builder.js';

/** An image with one fault, or with something that only looks like one. */
export interface Damage {
  readonly title: string;
  readonly make: () => TestImage;
}

const HEADERS = [64 * KIB, 128 * KIB] as const;
const TABLES = [192 * KIB, 256 * KIB] as const;

const plain = (): TestImage => new TestImage({ allocate: [0, 5] });

function edited(edit: (image: TestImage) => void, make: () => TestImage = plain): () => TestImage {
  return () => {
    const image = make();
    edit(image);
    return image;
  };
}

const pending = (): TestImage => new TestImage({ allocate: [0, 5], logGuid: IDS.log });

/** The twelve that tools are known to disagree about. */
export const KNOWN_DAMAGES: readonly Damage[] = [
  { title: 'both headers damaged', make: edited((image) => HEADERS.forEach((at) => image.flip(at + 8))) },
  { title: 'one header damaged', make: edited((image) => image.flip(HEADERS[0] + 8)) },
  { title: 'region table 1 damaged, 2 good', make: edited((image) => image.flip(TABLES[0] + 40)) },
  { title: 'region table 2 damaged, 1 good', make: edited((image) => image.flip(TABLES[1] + 40)) },
  {
    title: 'two BAT entries on one block',
    make: edited((image) => image.setBat(1, { state: 6, fileOffsetMb: image.dataOffset / MIB })),
  },
  { title: 'BAT entry in the reserved state 4', make: edited((image) => image.setBat(1, { state: 4 })) },
  {
    title: 'partially present block in a disk without a parent',
    make: edited((image) => image.setBat(5, { state: 7, fileOffsetMb: image.dataOffset / MIB + 1 })),
  },
  {
    title: 'block past the end of the file',
    make: edited((image) => image.setBat(1, { state: 6, fileOffsetMb: 1000 })),
  },
  { title: 'block inside of the log', make: edited((image) => image.setBat(1, { state: 6, fileOffsetMb: 1 })) },
  { title: '8 MiB that nothing refers to', make: edited((image) => image.append(8 * MIB)) },
  { title: 'file signature damaged', make: edited((image) => image.flip(0)) },
  {
    title: 'log to replay',
    make: edited((image) => {
      const writes = [{ kind: 'zero', fileOffset: image.batOffset + 8 * KIB, length: 4096 } as const];
      image.addLogEntry(0, { sequenceNumber: 1n, writes });
    }, pending),
  },
];

/** Twenty more, after an image without any. */
export const MORE_DAMAGES: readonly Damage[] = [
  { title: 'none', make: plain },
  {
    title: 'both headers with the same sequence number',
    make: () =>
      new TestImage({ allocate: [0, 5], sequenceNumbers: [7n, 7n] }).editHeader(0, (header) => (header.logVersion = 1)),
  },
  {
    title: 'version 2 in the current header',
    make: edited((image) => image.editHeader(1, (header) => (header.version = 2))),
  },
  { title: 'LogGuid set, but no log entry', make: pending },
  {
    title: 'log to replay, entry with a wrong checksum',
    make: edited((image) => image.addLogEntry(0, { sequenceNumber: 1n, breakChecksum: true }), pending),
  },
  {
    title: 'log that would overwrite a header',
    make: edited((image) => {
      image.addLogEntry(0, { sequenceNumber: 1n, writes: [{ kind: 'zero', fileOffset: 64 * KIB, length: 4096 }] });
    }, pending),
  },
  {
    title: 'log whose file was cut off',
    make: edited((image) => image.addLogEntry(0, { sequenceNumber: 1n, flushedFileOffset: 64 * MIB }), pending),
  },
  {
    title: 'BAT region missing',
    make: edited((image) => image.editRegionTable('both', (table) => (table.entries = table.entries.slice(1)))),
  },
  {
    title: 'BAT and metadata region on one place',
    make: edited((image) =>
      image.editRegionTable('both', (table) => {
        for (const entry of table.entries) entry.fileOffset = BigInt(image.metadataOffset);
      }),
    ),
  },
  {
    title: 'unknown region that is required',
    make: edited((image) =>
      image.editRegionTable('both', (table) => {
        const guid = '12345678-1234-1234-1234-123456789abc';
        table.entries.push(regionEntry({ guid, fileOffset: image.append(MIB) * MIB, length: MIB, required: true }));
      }),
    ),
  },
  {
    title: 'block size that is no power of two',
    make: edited((image) => image.setItem(GUIDS.fileParameters, Uint8Array.of(0, 0, 0x30, 0, 0, 0, 0, 0))),
  },
  {
    title: 'virtual disk size that is no multiple of the sector size',
    make: edited((image) => image.setItem(GUIDS.virtualDiskSize, Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0))),
  },
  {
    title: 'virtual disk of more than 64 TiB',
    make: () => new TestImage({ virtualSize: 65 * TIB, blockSize: 256 * MIB, allocate: [0] }),
  },
  {
    title: 'virtual disk ID missing',
    make: edited((image) =>
      image.editMetadataTable((table) => (table.entries = table.entries.filter((_, index) => index !== 2))),
    ),
  },
  {
    title: 'metadata item outside of its region',
    make: edited((image) => image.editMetadataEntry(GUIDS.virtualDiskId, (entry) => (entry.offset = 2 * MIB))),
  },
  {
    title: 'unknown metadata item that is required',
    make: () =>
      new TestImage({
        allocate: [0, 5],
        items: [{ id: '12345678-1234-1234-1234-123456789abc', bytes: new Uint8Array(8), isRequired: true }],
      }),
  },
  {
    title: 'blocks that overlap in part',
    make: edited(
      (image) => {
        image.append(MIB);
        image.setBat(1, { state: 6, fileOffsetMb: image.dataOffset / MIB + 1 });
      },
      () => new TestImage({ blockSize: 2 * MIB, allocate: [0] }),
    ),
  },
  {
    title: 'present block at offset 0',
    make: edited((image) => image.setBat(1, { state: 6, fileOffsetMb: 0 })),
  },
  {
    title: 'reserved bits of a BAT entry set',
    make: edited((image) => image.setBat(1, { state: 0, reserved: 5 })),
  },
  {
    title: 'former contents of an unmapped block on another block',
    make: edited((image) => image.setBat(1, { state: 3, fileOffsetMb: image.dataOffset / MIB })),
  },
  { title: 'file cut off in the middle of a block', make: edited((image) => (image.size -= MIB + 4096)) },
];
