/**
 * Images as programs in the field leave them: each recipe says which writer does so, and what it has that an image of the
 * builder has not. Small, and the same in every run; the habits were seen in images that these programs made.
 */
import { VhdxMetadataTableEntry } from '../../generated/index.js';
import { GUIDS } from '../../runtime/base/guid.js';
import { noise } from './bytes.js';
import { GIB, KIB, MIB, TestImage } from './image-builder.js';
import { guid, IDS, type ImageSpec } from './image-items.js';

export interface Habit {
  readonly writer: string;
  readonly what: string;
  /** What a check finds, as `rule severity`, in its order. */
  readonly finds: readonly string[];
  readonly verdict: 'clean' | 'needs-attention';
  readonly make: () => MadeImage;
}

export interface MadeImage {
  readonly image: TestImage;
  /** What the virtual disk holds: the bytes of some blocks; all others are zeros. */
  readonly contents: ReadonlyMap<number, Uint8Array>;
}

const ZERO = 2;
const FULL = 6;

/** Gives blocks storage in this order, `hole` bytes behind the structures, with bytes in it; the others get `state`. */
function withBlocks(spec: ImageSpec, blocks: readonly number[], state: number, hole = 0): MadeImage {
  const image = new TestImage(spec);
  image.append(hole);
  const contents = new Map<number, Uint8Array>();
  for (let block = 0; block < image.payloadBlocks; block += 1) {
    if (state !== 0) image.setBat(image.payloadIndex(block), { state });
  }
  for (const block of blocks) {
    const bytes = noise(64 * KIB, block + 1);
    const fileOffsetMb = image.append(image.blockSize);
    image.setBat(image.payloadIndex(block), { state: FULL, fileOffsetMb });
    image.source.write(bytes, fileOffsetMb * MIB);
    contents.set(block, bytes);
  }
  return { image, contents };
}

/** Hyper-V writes a sixth metadata entry behind the five that count: the virtual disk ID once more. */
function leaveStaleEntry(image: TestImage): void {
  const entry = VhdxMetadataTableEntry.create({
    itemId: guid(GUIDS.virtualDiskId),
    offset: 64 * KIB + 40,
    length: 16,
    isUser: false,
    isVirtualDisk: true,
    isRequired: true,
  });
  image.source.write(entry.toBytes(), image.metadataOffset + 32 + 5 * 32);
}

/** QEMU leaves the Required flag of both regions clear, and changes DataWriteGuid in one header alone. */
function asQemu(image: TestImage): void {
  image.editRegionTable('both', (table) => {
    for (const entry of table.entries) entry.required = false;
  });
  image.editHeader(0, (header) => {
    header.dataWriteGuid = guid(IDS.parent);
  });
}
const QEMU_FINDS = ['B7 warning', 'C13 warning', 'C13 warning'];

const WINDOWS: ImageSpec = { virtualSize: GIB, blockSize: 32 * MIB, physicalSectorSize: 4096 };

export const HABITS: readonly Habit[] = [
  {
    writer: 'Windows Server 2012',
    what: 'blocks of 32 MiB, unused ones in state ZERO, a stale entry behind the metadata table',
    finds: [],
    verdict: 'clean',
    make: () => {
      const made = withBlocks({ ...WINDOWS, creator: 'Microsoft Windows 6.2.9200.16384' }, [0, 1, 31], ZERO);
      leaveStaleEntry(made.image);
      return made;
    },
  },
  {
    writer: 'Hyper-V of Windows 10',
    what: 'a pending log of two entries in the middle of the ring, both for the same sector of the BAT',
    finds: ['D12 info', 'E12 refuse-write'],
    verdict: 'needs-attention',
    make: () => {
      const spec = { ...WINDOWS, logGuid: IDS.log, creator: 'Microsoft Windows 10.0.15063.0' };
      const made = withBlocks(spec, [0], 0);
      const { image } = made;
      leaveStaleEntry(image);
      const bytes = noise(64 * KIB, 4);
      const fileOffsetMb = image.append(image.blockSize);
      image.source.write(bytes, fileOffsetMb * MIB);
      made.image.source.size = image.size;
      let at = 20 * KIB;
      const tail = at;
      // The first entry gives block 3 its storage and block 5 state ZERO; the second one block 4 state ZERO, too.
      const before = image.source.bytes(image.batOffset, 4096);
      for (const [number, edit] of [
        () => {
          image.setBat(image.payloadIndex(3), { state: FULL, fileOffsetMb });
          image.setBat(image.payloadIndex(5), { state: ZERO });
        },
        () => image.setBat(image.payloadIndex(4), { state: ZERO }),
      ].entries()) {
        edit();
        const sector = image.source.bytes(image.batOffset, 4096);
        at += image.addLogEntry(at, {
          sequenceNumber: 80_117_443_871_106_390n + BigInt(number),
          tail,
          writes: [{ kind: 'data', fileOffset: image.batOffset, bytes: sector }],
          // The file has grown since the last flush when the second entry is written.
          flushedFileOffset: number === 0 ? image.size : image.size - MIB,
          lastFileOffset: image.size,
        });
      }
      image.source.write(before, image.batOffset);
      return { image, contents: new Map([...made.contents, [3, bytes]]) };
    },
  },
  {
    writer: 'Disk2vhd',
    what: 'two headers with the same bytes, a file that ends 512 bytes behind the last block',
    finds: ['B4 warning', 'A7 info', 'A6 warning'],
    verdict: 'clean',
    make: () => {
      const spec = { virtualSize: 16 * MIB, blockSize: 2 * MIB, creator: 'd2v', sequenceNumbers: [1n, 1n] as const };
      const made = withBlocks(spec, [0, 1, 2, 3, 4, 5, 6, 7], 0);
      made.image.size += 512;
      return made;
    },
  },
  {
    writer: 'QEMU 1.6',
    what: 'a pending log of one entry at 48 KiB of the ring, flags of regions clear',
    finds: [...QEMU_FINDS, 'E12 refuse-write'],
    verdict: 'needs-attention',
    make: () => {
      const spec = { virtualSize: 10 * GIB, logGuid: IDS.log, creator: 'QEMU v1.6.50' };
      const made = withBlocks(spec, [0, 1, 2], 0);
      const { image } = made;
      asQemu(image);
      const after = image.source.bytes(image.batOffset, 4096);
      image.addLogEntry(48 * KIB, {
        sequenceNumber: 7n,
        writes: [{ kind: 'data', fileOffset: image.batOffset, bytes: after }],
      });
      // In the file the last block is not there yet.
      image.setBat(image.payloadIndex(2), { state: 0 });
      return made;
    },
  },
  {
    writer: 'QEMU 5.2',
    what: 'a disk over 4 GiB: state 2 in the entry of a sector bitmap block that it does not have',
    finds: [...QEMU_FINDS, 'I18 warning', 'A8 info'],
    verdict: 'clean',
    make: () => {
      // The first block begins at a multiple of 8 MiB.
      const spec = { virtualSize: 6 * GIB, blockSize: 16 * MIB, creator: 'QEMU v5.2.0' };
      const made = withBlocks(spec, [0, 100], ZERO, 4 * MIB);
      asQemu(made.image);
      made.image.setBat(made.image.bitmapIndex(0), { state: ZERO });
      return made;
    },
  },
  {
    writer: 'QEMU before 1.7',
    what: 'a fixed disk whose size is no multiple of a block, and whose file ends with it',
    finds: [...QEMU_FINDS, 'I8 warning', 'A6 warning'],
    verdict: 'clean',
    make: () => {
      const spec: ImageSpec = { type: 'fixed', virtualSize: 9 * MIB + 512 * KIB, blockSize: 2 * MIB };
      const image = new TestImage(spec);
      asQemu(image);
      const contents = new Map<number, Uint8Array>();
      for (let block = 0; block < image.payloadBlocks; block += 1) {
        const bytes = noise(64 * KIB, block + 1);
        image.source.write(bytes, image.dataOffset + block * image.blockSize);
        contents.set(block, bytes);
      }
      image.size = image.dataOffset + 9 * MIB + 512 * KIB;
      return { image, contents };
    },
  },
  {
    writer: 'VirtualBox',
    what: 'sector bitmap blocks in a disk without a parent',
    finds: ['I19 warning'],
    verdict: 'clean',
    make: () => {
      // In front of the blocks: QEMU takes the place of a sector bitmap block for as long as a payload block.
      const made = withBlocks({ virtualSize: 6 * GIB, blockSize: 32 * MIB }, [0, 150], 0, MIB);
      const { image } = made;
      image.setBat(image.bitmapIndex(0), { state: FULL, fileOffsetMb: image.dataOffset / MIB });
      return made;
    },
  },
];
