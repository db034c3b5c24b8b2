import { describe, expect, test } from 'vitest';
import { VhdxFileTypeIdentifier, VhdxHeader, VhdxMetadataTable, VhdxRegionTable } from '../../../generated/index.js';
import { PayloadState } from '../../../runtime/format/bat-states.js';
import { isZero } from '../../../runtime/base/bytes.js';
import { checkImage } from '../../../runtime/check/check.js';
import { formatGuid, GUIDS } from '../../../runtime/base/guid.js';
import { MemoryTarget } from '../../../runtime/io/memory-target.js';
import { openVhdx } from '../../../runtime/image/open.js';
import { type CreateOptions, createVhdx } from '../../../runtime/create/create.js';
import { GIB, IDS, KIB, MIB, TIB } from '../../support/image-builder.js';
import { faults, made } from '../../support/created.js';
import { expectBytes } from '../../support/bytes.js';
import { type Operation, RecordingTarget } from '../../support/recording-target.js';
import { SparseSource } from '../../support/sparse-source.js';

describe('a dynamic disk as it is made without being told more', () => {
  const image = made({ size: 64 * MIB });

  test('→ 4 MiB, laid out and described as Hyper-V does it', async () => {
    const file = await image;
    expect(file.size).toBe(4 * MIB);
    const { header, regions, disk, bat } = await openVhdx(file);
    expect(disk).toMatchObject({
      type: 'dynamic',
      virtualSize: 64 * MIB,
      blockSize: 32 * MIB,
      logicalSectorSize: 512,
      physicalSectorSize: 4096,
    });
    expect(header.header).toMatchObject({ logOffset: BigInt(MIB), logLength: MIB, logVersion: 0, version: 1 });
    expect(regions.metadata).toMatchObject({ fileOffset: 2 * MIB, length: MIB });
    expect(bat.fileOffset).toBe(3 * MIB);
    expect(await faults(file)).toEqual(['clean']);
  });

  test('headers → both valid, one number apart, the same otherwise, without a log', async () => {
    const file = await image;
    const [one, other] = [64, 128].map((at) => VhdxHeader.fromBytes(file.bytes(at * KIB, VhdxHeader.SIZE)));
    expect(other?.sequenceNumber).toBe((one?.sequenceNumber ?? 0n) + 1n);
    for (const header of [one, other]) {
      expect(header?.verifyChecksum()).toBe(true);
      expect(header?.logGuid.isZero).toBe(true);
    }
    expect(formatGuid(one?.fileWriteGuid ?? fail())).toBe(formatGuid(other?.fileWriteGuid ?? fail()));
    expect(formatGuid(one?.dataWriteGuid ?? fail())).toBe(formatGuid(other?.dataWriteGuid ?? fail()));
  });

  test('region tables → two equal copies, both regions required', async () => {
    const file = await image;
    const [one, other] = [192, 256].map((at) => file.bytes(at * KIB, 64 * KIB));
    expect(other).toEqual(one);
    const table = VhdxRegionTable.fromBytes(one ?? fail());
    expect(table.verifyChecksum()).toBe(true);
    expect(table.entries.map(({ guid, required }) => [formatGuid(guid), required])).toEqual([
      [GUIDS.batRegion, true],
      [GUIDS.metadataRegion, true],
    ]);
  });

  test('metadata items → packed from 64 KiB, flagged as 2.6.2 says', async () => {
    const file = await image;
    const { entries } = VhdxMetadataTable.fromBytes(file.bytes(2 * MIB, 64 * KIB));
    const rows = entries.map(({ itemId, isUser, isVirtualDisk, isRequired, offset, length }) => [
      formatGuid(itemId),
      [isUser, isVirtualDisk, isRequired].map(Number).join(''),
      offset - 64 * KIB,
      length,
    ]);
    expect(rows).toEqual([
      [GUIDS.fileParameters, '001', 0, 8],
      [GUIDS.virtualDiskSize, '011', 8, 8],
      [GUIDS.logicalSectorSize, '011', 16, 4],
      [GUIDS.physicalSectorSize, '011', 20, 4],
      [GUIDS.virtualDiskId, '011', 24, 16],
    ]);
  });

  test('BAT → no block is present', async () => {
    expect(isZero((await image).bytes(3 * MIB, MIB))).toBe(true);
  });
});

function fail(): never {
  throw new Error('this is missing');
}

/** Entries of the BAT. [MS-VHDX] 2.5 */
function batEntries(size: number, blockSize: number, sectorSize: number): number {
  const blocks = Math.ceil(size / blockSize);
  const chunkRatio = (2 ** 23 * sectorSize) / blockSize;
  return blocks + Math.floor((blocks - 1) / chunkRatio);
}

describe('sizes and sectors', () => {
  const sizes = [1, 3, 16, 4096, 5 * 1024 * 1024].map((mib) => mib * MIB);
  const kinds = [...sizes, 4096, 5 * MIB + 4096, 64 * TIB].flatMap((size) =>
    [1, 2, 32, 256].flatMap((block) =>
      [512, 4096].map((sector) => ({ size, blockSize: block * MIB, logicalSectorSize: sector })),
    ),
  );

  test.each(kinds)('$size bytes, blocks of $blockSize, sectors of $logicalSectorSize → clean', async (options) => {
    const file = await made(options);
    const { disk, bat } = await openVhdx(file);
    const { size: virtualSize, ...rest } = options;
    expect(disk).toMatchObject({ ...rest, virtualSize });
    const entries = batEntries(options.size, options.blockSize, options.logicalSectorSize);
    expect(bat.geometry.entries).toBe(entries);
    // Header section, log, metadata, and a BAT in whole MiB.
    expect(file.size).toBe(3 * MIB + Math.ceil((entries * 8) / MIB) * MIB);
    if (options.size < 64 * TIB) expect(await faults(file)).toEqual(['clean']);
  });

  test('64 TiB with blocks of 1 MiB → a BAT of 513 MiB, of which nothing is written', async () => {
    const file = await made({ size: 64 * TIB, blockSize: MIB });
    expect(file.size).toBe(516 * MIB);
    expect(file.memory).toBeLessThan(MIB);
  });

  test('a log of 5 MiB → what follows lies behind it', async () => {
    const file = await made({ size: GIB, logLength: 5 * MIB });
    const { header, bat, regions } = await openVhdx(file);
    expect(header.header.logLength).toBe(5 * MIB);
    expect([regions.metadata?.fileOffset, bat.fileOffset, file.size]).toEqual([6 * MIB, 7 * MIB, 8 * MIB]);
    expect(await faults(file)).toEqual(['clean']);
  });
});

describe('fixed', () => {
  // Blocks of 1 MiB and sectors of 512 bytes: 4096 blocks to a chunk, then an entry for a bitmap that is not there.
  test('blocks beyond one chunk → all present, in order, the entry of the bitmap left out', async () => {
    const [size, blockSize] = [4098 * MIB, MIB];
    const target = new HoleTarget();
    await createVhdx(target, { size, blockSize, type: 'fixed' });
    const { bat, disk } = await openVhdx(target);
    expect(disk).toMatchObject({ type: 'fixed', leaveBlockAllocated: true, hasParent: false });
    const entries = new DataView((await bat.readEntries(0, 4099)).buffer);
    expect(entries.getBigUint64(4096 * 8, true)).toBe(0n);
    const blocks = Array.from({ length: 4099 }, (_, index) => index).filter((index) => index !== 4096);
    for (const [block, index] of blocks.entries()) {
      expect(entries.getBigUint64(index * 8, true)).toBe(
        (BigInt(4 + block) << 20n) | BigInt(PayloadState.FULLY_PRESENT),
      );
    }
    expect(target.size).toBe((4 + 4098) * MIB);
    // Nothing is left to be a hole of the host's file.
    expect(target.unwritten()).toBe(0);
  });

  test('a last block that is used in part → whole storage all the same', async () => {
    const file = await made({ size: 5 * MIB + 512, blockSize: 2 * MIB, type: 'fixed' });
    expect(file.size).toBe((4 + 6) * MIB);
    expect(await faults(file)).toEqual(['clean']);
  });

  test('progress → up to the size of the disk', async () => {
    const seen: number[] = [];
    await made({ size: 5 * MIB, blockSize: 2 * MIB, type: 'fixed', onProgress: (done) => seen.push(done) });
    expect(seen).toEqual([1, 2, 3, 4, 5, 5].map((mib) => mib * MIB));
  });
});

/** A target that keeps no zeros, but knows which MiBs have been written. */
class HoleTarget extends RecordingTarget {
  readonly #written = new Set<number>();

  constructor() {
    super(new SparseSource());
  }

  override async write(bytes: Uint8Array, position: number): Promise<void> {
    if (position % MIB === 0 && bytes.length === MIB) this.#written.add(position / MIB);
    if (isZero(bytes)) this.file.size = Math.max(this.file.size, position + bytes.length);
    else this.file.write(bytes, position);
  }

  unwritten(): number {
    return this.size / MIB - this.#written.size;
  }
}

describe('what no disk can be', () => {
  test.each<[string, CreateOptions, string, RegExp]>([
    ['no size', {}, 'VHDX_CREATE_SIZE_INVALID', /^No size was given/],
    ['size 0', { size: 0 }, 'VHDX_CREATE_SIZE_INVALID', /from 512 bytes to 64 TiB/],
    ['65 TiB', { size: 65 * TIB }, 'VHDX_CREATE_SIZE_INVALID', /to 64 TiB/],
    ['one sector more than 64 TiB', { size: 64 * TIB + 512 }, 'VHDX_CREATE_SIZE_INVALID', /to 64 TiB/],
    ['half a sector', { size: 256 }, 'VHDX_CREATE_SIZE_INVALID', /multiple of its logical sector size, 512/],
    ['512 of 4096', { size: 512, logicalSectorSize: 4096 }, 'VHDX_CREATE_SIZE_INVALID', /sector size, 4096/],
    ['less than nothing', { size: -512 }, 'VHDX_CREATE_SIZE_INVALID', /-512/],
    ['no number', { size: Number.NaN }, 'VHDX_CREATE_SIZE_INVALID', /NaN/],
    ['blocks of 3 MiB', { size: MIB, blockSize: 3 * MIB }, 'VHDX_CREATE_BLOCK_SIZE_INVALID', /1 MiB to 256 MiB/],
    ['blocks of 512 KiB', { size: MIB, blockSize: MIB / 2 }, 'VHDX_CREATE_BLOCK_SIZE_INVALID', /power of two/],
    ['blocks of 512 MiB', { size: MIB, blockSize: 512 * MIB }, 'VHDX_CREATE_BLOCK_SIZE_INVALID', /power of two/],
    ['sectors of 1024', { size: MIB, logicalSectorSize: 1024 }, 'VHDX_CREATE_SECTOR_SIZE_INVALID', /512 or 4096/],
    ['physical 1024', { size: MIB, physicalSectorSize: 1024 }, 'VHDX_CREATE_SECTOR_SIZE_INVALID', /512 or 4096/],
    [
      'physical below logical',
      { size: MIB, logicalSectorSize: 4096, physicalSectorSize: 512 },
      'VHDX_CREATE_SECTOR_SIZE_INVALID',
      /less than the logical/,
    ],
    ['no log', { size: MIB, logLength: 0 }, 'VHDX_CREATE_LOG_LENGTH_INVALID', /1 MiB to 1 GiB/],
    ['half a MiB of log', { size: MIB, logLength: 1.5 * MIB }, 'VHDX_CREATE_LOG_LENGTH_INVALID', /whole MiB/],
    ['2 GiB of log', { size: MIB, logLength: 2 * GIB }, 'VHDX_CREATE_LOG_LENGTH_INVALID', /to 1 GiB/],
    ['a creator of 257', { size: MIB, creator: 'x'.repeat(257) }, 'VHDX_CREATE_CREATOR_INVALID', /256/],
    ['half a character', { size: MIB, creator: '\ud83d' }, 'VHDX_CREATE_CREATOR_INVALID', /text/],
    ['no parent', { type: 'differencing' }, 'VHDX_CREATE_PARENT_MISSING', /needs a parent/],
  ])('%s → %s, and nothing is touched', async (_title, options, code, says) => {
    const before = Uint8Array.of(1, 2, 3);
    const target = new MemoryTarget(before);
    await expect(createVhdx(target, options)).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
    expectBytes(target.toBytes(), before);
  });
});

describe('the way it is made', () => {
  test('a creator of 256 code units → written whole; ids → as given', async () => {
    const creator = '\u{1f4bd}'.repeat(128);
    const ids = { fileWriteGuid: IDS.fileWrite, dataWriteGuid: IDS.dataWrite, virtualDiskId: IDS.disk };
    const file = await made({ size: MIB, creator, ids });
    const image = await openVhdx(file);
    expect(image.creator).toBe(creator);
    expect(image.disk.virtualDiskId).toBe(IDS.disk);
    expect(formatGuid(image.header.header.fileWriteGuid)).toBe(IDS.fileWrite);
    expect(formatGuid(image.header.header.dataWriteGuid)).toBe(IDS.dataWrite);
    expect(VhdxFileTypeIdentifier.fromBytes(file.bytes(0, 520)).creatorText).toBe(creator);
  });

  test('no ids → random ones, all different', async () => {
    const guids = new Set<string>();
    for (let run = 0; run < 2; run += 1) {
      const { header, disk } = await openVhdx(await made({ size: MIB }));
      guids.add(formatGuid(header.header.fileWriteGuid)).add(formatGuid(header.header.dataWriteGuid));
      guids.add(disk.virtualDiskId);
    }
    expect(guids.size).toBe(6);
  });

  test('what was there → gone', async () => {
    const target = new MemoryTarget(new Uint8Array(9 * MIB).fill(0xff));
    await createVhdx(target, { size: MIB });
    expect(target.size).toBe(4 * MIB);
    expect((await checkImage(target)).findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test('a target that keeps its length → refused', async () => {
    const device = new MemoryTarget(new Uint8Array(8 * MIB));
    device.truncate = async (): Promise<void> => undefined;
    await expect(createVhdx(device, { size: MIB })).rejects.toMatchObject({ code: 'VHDX_TARGET_UNSUITABLE' });
  });

  test.each(['dynamic', 'fixed'] as const)('%s → what makes it a VHDX is written last', async (type) => {
    const target = new RecordingTarget(new SparseSource());
    await createVhdx(target, { type, size: 4 * MIB, blockSize: MIB });
    const first = (operation: Operation): boolean => operation.kind === 'write' && operation.position === 0;
    const last = target.operations.at(-1);
    expect(last === undefined ? '' : first(last)).toBe(true);
    const before = target.operations.slice(0, -1);
    const signature = new TextEncoder().encode('vhdxfile');
    for (const operation of before.filter(first)) {
      expect(operation.kind === 'write' && isZero(operation.bytes.subarray(0, signature.length))).toBe(true);
    }
  });

  test('given up half-way → the reason, and no VHDX', async () => {
    const controller = new AbortController();
    const target = new RecordingTarget(new SparseSource());
    const reason = new Error('enough');
    const onProgress = (done: number): void => {
      if (done === 3 * MIB) controller.abort(reason);
    };
    const options = { type: 'fixed', size: 8 * MIB, blockSize: MIB, signal: controller.signal, onProgress } as const;
    await expect(createVhdx(target, options)).rejects.toBe(reason);
    expect((await checkImage(target)).verdict).toBe('not-vhdx');
  });

  test('every write in turn fails → the fault, and no VHDX', async () => {
    const options = { type: 'fixed', size: 3 * MIB, blockSize: MIB } as const;
    const whole = new RecordingTarget(new SparseSource());
    await createVhdx(whole, options);
    for (let failing = 0; failing < whole.operations.length; failing += 1) {
      let count = 0;
      const full = new Error('no space is left');
      const target = new RecordingTarget(new SparseSource(), () => {
        if (count++ === failing) throw full;
      });
      await expect(createVhdx(target, options)).rejects.toBe(full);
      expect((await checkImage(target)).verdict).toBe('not-vhdx');
    }
  });
});
