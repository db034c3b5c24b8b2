/** What writing does to the file, in which order: headers, log, space, and what happens when it cannot. */
import { describe, expect, test } from 'vitest';
import { VhdxHeader, VhdxLogEntry } from '../../../generated/index.js';
import {
  checkImage,
  openDisk,
  openWritableDisk,
  readExactly,
  VhdxError,
  type WritableDisk,
} from '../../../runtime/index.js';
import { PayloadState } from '../../../runtime/format.js';
import { KIB } from '../../../runtime/base/units.js';
import { noise } from '../../support/bytes.js';
import { IDS, type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';
import { type Operation, RecordingTarget } from '../../support/recording-target.js';

const HEADERS = [64 * KIB, 128 * KIB] as const;

async function openNew(
  spec: ImageSpec = {},
  edit: (image: TestImage) => void = () => undefined,
): Promise<{ image: TestImage; target: RecordingTarget; disk: WritableDisk }> {
  const image = new TestImage(spec);
  edit(image);
  const target = new RecordingTarget(image.source);
  return { image, target, disk: await openWritableDisk(target) };
}

function headerOf(image: TestImage, index: 0 | 1): VhdxHeader {
  return VhdxHeader.fromBytes(image.source.bytes(HEADERS[index], VhdxHeader.SIZE));
}

const isHeader = (operation: Operation): boolean => operation.kind === 'write' && operation.position < 192 * KIB;

/** Compares without a listing of a million differences. */
function expectBytes(bytes: Uint8Array, wanted: Uint8Array): void {
  expect(firstDifference(bytes, wanted)).toBe(-1);
}

/** Index of the first byte that is not as it should be, or -1. */
function firstDifference(bytes: Uint8Array, wanted: Uint8Array): number {
  if (Buffer.compare(bytes, wanted) === 0) return -1;
  return bytes.findIndex((byte, at) => byte !== wanted[at]);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error instanceof VhdxError ? error.code : error),
  );
}

/** The log entries among what was written, as they were written. */
function entriesOf(image: TestImage, operations: readonly Operation[]): { start: number; entry: VhdxLogEntry }[] {
  return operations.flatMap((operation) => {
    if (operation.kind !== 'write') return [];
    const start = operation.position - image.logOffset;
    return start >= 0 && start < image.logLength ? [{ start, entry: VhdxLogEntry.fromBytes(operation.bytes) }] : [];
  });
}

describe('the headers (2.2.2)', () => {
  test('opening, reading, flushing and closing → nothing is changed', async () => {
    const { target, disk } = await openNew({ allocate: [0] });
    await readExactly(disk, 0, MIB);
    await disk.flush();
    await disk.close();
    expect(target.operations).toEqual([]);
  });

  test('the first change → both headers first, the noncurrent one before, a flush after each, new GUIDs', async () => {
    const { image, target, disk } = await openNew({ allocate: [0] });
    await disk.write(new Uint8Array(512), 0);
    const [first, flush, second, flushAgain, payload] = target.operations;
    // The builder's current header is the second one.
    expect(first).toMatchObject({ kind: 'write', position: HEADERS[0] });
    expect(flush).toEqual({ kind: 'flush' });
    expect(second).toMatchObject({ kind: 'write', position: HEADERS[1] });
    expect(flushAgain).toEqual({ kind: 'flush' });
    expect(payload).toMatchObject({ kind: 'write', position: image.dataOffset });
    const [one, other] = [headerOf(image, 0), headerOf(image, 1)];
    expect([one.sequenceNumber, other.sequenceNumber]).toEqual([9n, 10n]);
    for (const guid of ['fileWriteGuid', 'dataWriteGuid'] as const) {
      expect(one[guid].toBytes()).toEqual(other[guid].toBytes());
    }
    const before = new TestImage();
    expect(one.fileWriteGuid.toBytes()).not.toEqual(headerOf(before, 0).fileWriteGuid.toBytes());
    expect(one.dataWriteGuid.toBytes()).not.toEqual(headerOf(before, 0).dataWriteGuid.toBytes());
  });

  test('writes into blocks that are there → no log at all', async () => {
    const { image, target, disk } = await openNew({ allocate: [0, 1] });
    await disk.write(noise(4096), 0);
    await disk.write(noise(4096), MIB);
    await disk.flush();
    await disk.close();
    expect(entriesOf(image, target.operations)).toEqual([]);
    expect(target.operations.filter(isHeader)).toHaveLength(2);
  });

  test('GUIDs that are asked for → they are used; those that the image has already → TypeError', async () => {
    const image = new TestImage({ allocate: [0] });
    const guids = { fileWriteGuid: IDS.parent, dataWriteGuid: IDS.disk };
    const disk = await openWritableDisk(new RecordingTarget(image.source), guids);
    await disk.write(new Uint8Array(512), 0);
    await disk.close();
    const opened = await openDisk(image.source);
    expect(opened.image.header.header.fileWriteGuid.data1).toBe(0x83ed0ec3);
    const again = openWritableDisk(new RecordingTarget(image.source), guids);
    await expect(again).rejects.toBeInstanceOf(TypeError);
  });

  test('a sequence number that cannot be raised often enough → refused before anything is changed', async () => {
    const image = new TestImage({ sequenceNumbers: [2n ** 64n - 3n, 2n ** 64n - 4n] });
    const target = new RecordingTarget(image.source);
    expect(await codeOf(openWritableDisk(target))).toBe('VHDX_HEADER_SEQUENCE_EXHAUSTED');
    expect(target.operations).toEqual([]);
  });
});

describe('the log (2.3)', () => {
  test('the first entry → on stable storage before the headers name its LogGuid', async () => {
    const { image, target, disk } = await openNew();
    await disk.write(noise(512), 0);
    const before = target.operations.length;
    await disk.flush();
    const [entry, flush, header] = target.operations.slice(before);
    expect(entry).toMatchObject({ kind: 'write', position: image.logOffset });
    expect(flush).toEqual({ kind: 'flush' });
    expect(header).toMatchObject({ kind: 'write', position: HEADERS[0] });
    const [, current] = [headerOf(image, 0), headerOf(image, 1)];
    const [{ entry: logged } = { entry: undefined }] = entriesOf(image, target.operations);
    expect(logged?.header.logGuid.toBytes()).toEqual(current.logGuid.toBytes());
  });

  test('the BAT → changed in place only to what a flushed entry of the log says', async () => {
    const { image, target, disk } = await openNew({ virtualSize: 4096 * MIB });
    for (let round = 0; round < 40; round += 1) {
      for (let block = 0; block < 5; block += 1) {
        await disk.write(noise(512, round * 5 + block + 1), ((round * 97 + block * 1031) % 4096) * MIB);
      }
      if (round % 3 === 0) await disk.flush();
    }
    await disk.close();
    const logged = new Map<number, Buffer[]>();
    let unflushed: [number, Buffer][] = [];
    let places = 0;
    for (const operation of target.operations) {
      if (operation.kind === 'flush') {
        for (const [at, bytes] of unflushed) logged.set(at, [...(logged.get(at) ?? []), bytes]);
        unflushed = [];
      }
      if (operation.kind !== 'write') continue;
      const { position, bytes } = operation;
      for (const { entry } of entriesOf(image, [operation])) {
        for (const [index, { body }] of entry.descriptors.entries()) {
          const sector = entry.dataSectors[index];
          if (body instanceof Uint8Array || !('leadingBytes' in body) || sector === undefined)
            throw new Error('no data');
          unflushed.push([
            Number(body.fileOffset),
            Buffer.concat([body.leadingBytes, sector.data, body.trailingBytes]),
          ]);
        }
      }
      if (position < image.batOffset || position >= image.batOffset + image.batLength) continue;
      places += 1;
      expect(logged.get(position)?.some((one) => one.equals(bytes))).toBe(true);
    }
    expect(places).toBeGreaterThan(20);
  });

  test('many entries → one sector of descriptors each, one behind the other from the start, never across the end', async () => {
    const { image, target, disk } = await openNew({ virtualSize: 200 * 1024 * MIB });
    // Every write is in a BAT sector of its own.
    for (let block = 0; block < 400 * 512; block += 512) {
      await disk.write(noise(512, block + 1), block * MIB);
      if (block % 7 === 0) await disk.flush();
    }
    await disk.close();
    const entries = entriesOf(image, target.operations);
    let [next, guid, number] = [0, '', 0n];
    let rings = 0;
    for (const { start, entry } of entries) {
      const of = Buffer.from(entry.header.logGuid.toBytes()).toString('hex');
      if (of !== guid) [next, number, guid, rings] = [0, 0n, of, rings + 1];
      expect(start).toBe(next);
      expect(entry.header.sequenceNumber).toBe(number + 1n);
      expect(entry.header.descriptorCount).toBeLessThanOrEqual(126);
      expect(entry.header.tail).toBeLessThanOrEqual(start);
      next = start + entry.header.entryLength;
      number += 1n;
      expect(next).toBeLessThanOrEqual(image.logLength);
    }
    expect(rings).toBeGreaterThan(1);
    expect((await checkImage(image.source)).findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  test('a batch that fills an entry → committed before it outgrows it, without a flush of the caller', async () => {
    const { image, target, disk } = await openNew({ virtualSize: 200 * 1024 * MIB });
    const writes = Array.from({ length: 300 }, (_, index) => disk.write(noise(512, index + 1), index * 512 * MIB));
    await Promise.all(writes);
    const counts = entriesOf(image, target.operations).map(({ entry }) => entry.header.descriptorCount);
    expect(counts.length).toBeGreaterThan(1);
    expect(Math.max(...counts)).toBeLessThanOrEqual(126);
    await disk.close();
    const closed = await openDisk(image.source);
    expect(await readExactly(closed, 299 * 512 * MIB, 512)).toEqual(noise(512, 300));
  });

  test('flushes at the same time → one', async () => {
    const { target, disk } = await openNew();
    await disk.write(noise(512), 0);
    const before = target.operations.filter(({ kind }) => kind === 'flush').length;
    await Promise.all(Array.from({ length: 20 }, () => disk.flush()));
    const flushes = target.operations.filter(({ kind }) => kind === 'flush').length - before;
    // The entry, and the headers that name it.
    expect(flushes).toBe(3);
  });

  test('extents → as the disk is now, before anything is flushed', async () => {
    const { disk } = await openNew({ allocate: [0, 1] });
    await disk.write(noise(MIB), 3 * MIB);
    await disk.discard(0, MIB);
    const extents = await collect(disk.extents());
    const kinds = extents.map(({ kind, virtualOffset, length }) => [kind, virtualOffset / MIB, length / MIB]);
    expect(kinds).toEqual([
      ['zero', 0, 1],
      ['data', 1, 1],
      ['zero', 2, 1],
      ['data', 3, 1],
      ['zero', 4, 12],
    ]);
    await disk.close();
  });

  test('a pending log → replayed into the file before it is written', async () => {
    const image = new TestImage({ allocate: [0, 1], logGuid: IDS.log });
    const bat = image.source.bytes(image.batOffset, 4096);
    const moved = bat.slice();
    // Blocks 0 and 1 change places.
    moved.set(bat.subarray(8, 16), 0);
    moved.set(bat.subarray(0, 8), 8);
    image.source.write(new Uint8Array(MIB).fill(1), image.dataOffset);
    image.source.write(new Uint8Array(MIB).fill(2), image.dataOffset + MIB);
    image.addLogEntry(0, { sequenceNumber: 5n, writes: [{ kind: 'data', fileOffset: image.batOffset, bytes: moved }] });
    const disk = await openWritableDisk(new RecordingTarget(image.source));
    expect(image.source.bytes(image.batOffset, 16)).toEqual(moved.slice(0, 16));
    await disk.write(new Uint8Array(512).fill(7), 0);
    await disk.close();
    const closed = await openDisk(image.source);
    expect(await readExactly(closed, 0, 1024)).toEqual(
      Uint8Array.from({ length: 1024 }, (_, at) => (at < 512 ? 7 : 2)),
    );
  });
});

describe('space', () => {
  /** An image with old bytes in a free MiB between its blocks. */
  function withHole(image: TestImage): void {
    image.setBat(image.payloadIndex(0), { state: PayloadState.NOT_PRESENT });
    image.source.write(new Uint8Array(MIB).fill(0xee), image.dataOffset);
  }

  test('free space of the file → used first, and its old bytes never seen', async () => {
    const { image, disk } = await openNew({ allocate: [0, 1] }, withHole);
    const { size } = image;
    await disk.write(noise(512), 5 * MIB + 4096);
    await disk.flush();
    expect(image.size).toBe(size);
    const block = await readExactly(disk, 5 * MIB, MIB);
    expect(block.subarray(4096, 4608)).toEqual(noise(512));
    expect(block.findIndex((byte, at) => byte !== 0 && (at < 4096 || at >= 4608))).toBe(-1);
    await disk.close();
  });

  test('no free space → the file grows by a block, in whole MiB', async () => {
    const { image, disk } = await openNew({ allocate: [0] });
    const { size } = image;
    await disk.write(noise(512), 5 * MIB);
    await disk.close();
    expect(image.size).toBe(size + MIB);
  });

  test('unknown regions, and the places of unmapped blocks → never used', async () => {
    const guid = '99999999-0000-4000-8000-000000000001';
    const regions = [{ guid, fileOffset: 8 * MIB, length: 2 * MIB }];
    const { image, disk } = await openNew({ regions }, (made) => {
      made.source.size = 14 * MIB;
      made.source.write(new Uint8Array(10 * MIB).fill(0xee), 4 * MIB);
      made.setBat(made.payloadIndex(0), { state: PayloadState.UNMAPPED, fileOffsetMb: 11 });
    });
    for (let block = 1; block < 12; block += 1) await disk.write(noise(MIB, block), block * MIB);
    await disk.close();
    const old = new Uint8Array(MIB).fill(0xee);
    for (const place of [8, 9, 11]) expectBytes(image.source.bytes(place * MIB, MIB), old);
    expect(image.size).toBeGreaterThan(14 * MIB);
    const closed = await openDisk(image.source);
    for (let block = 1; block < 12; block += 1)
      expectBytes(await readExactly(closed, block * MIB, MIB), noise(MIB, block));
  });

  test('a discarded block → its space is used again, but not before that is on stable storage', async () => {
    const { image, disk } = await openNew({ allocate: [0, 1] });
    const { size } = image;
    await disk.write(new Uint8Array(MIB).fill(1), 0);
    await disk.discard(0, MIB);
    await disk.write(new Uint8Array(512).fill(2), 4 * MIB);
    expect(image.size).toBe(size + MIB);
    await disk.flush();
    await disk.write(new Uint8Array(512).fill(3), 5 * MIB);
    expect(image.size).toBe(size + MIB);
    expect((await readExactly(disk, 5 * MIB, MIB)).findLastIndex((byte) => byte !== 0)).toBe(511);
    await disk.close();
  });

  test('a fixed disk → keeps its storage when it is discarded', async () => {
    const { image, disk } = await openNew({ type: 'fixed', virtualSize: 4 * MIB }, (made) => {
      made.source.write(new Uint8Array(4 * MIB).fill(5), made.dataOffset);
    });
    const bat = image.source.bytes(image.batOffset, 64);
    await disk.discard(MIB, 2 * MIB);
    await disk.close();
    expect(image.source.bytes(image.batOffset, 64)).toEqual(bat);
    const closed = await openDisk(image.source);
    const expected = new Uint8Array(4 * MIB).fill(5).fill(0, MIB, 3 * MIB);
    expectBytes(await readExactly(closed, 0, 4 * MIB), expected);
  });

  test('a last block that ends past the end of the file → the file is made whole', async () => {
    const { image, disk } = await openNew({ virtualSize: MIB / 2, allocate: [0] }, (made) => {
      made.source.size -= MIB / 2;
    });
    const { size } = image;
    await disk.write(noise(512), 0);
    expect(image.size).toBe(size + MIB / 2);
    await disk.close();
  });
});

describe('what cannot be done', () => {
  const refusals: readonly [string, ImageSpec, (image: TestImage) => void, string][] = [
    [
      'two blocks share storage',
      { allocate: [0, 1] },
      (image) => image.setBat(1, { state: 6, fileOffsetMb: image.dataOffset / MIB }),
      'VHDX_BAT_BLOCK_OVERLAP',
    ],
    [
      'a block on the log',
      { allocate: [0] },
      (image) => image.setBat(0, { state: 6, fileOffsetMb: 1 }),
      'VHDX_BAT_BLOCK_ON_STRUCTURE',
    ],
    [
      'a block past the end',
      { allocate: [0] },
      (image) => image.setBat(0, { state: 6, fileOffsetMb: 500 }),
      'VHDX_BAT_BLOCK_BEYOND_END',
    ],
    ['a reserved state', { allocate: [0] }, (image) => image.setBat(0, { state: 5 }), 'VHDX_BAT_STATE_RESERVED'],
    ['one header damaged', {}, (image) => image.flip(HEADERS[0] + 100), 'VHDX_HEADER_CHECKSUM_MISMATCH'],
    ['one region table damaged', {}, (image) => image.flip(256 * KIB + 100), 'VHDX_REGION_TABLE_CHECKSUM_MISMATCH'],
    ['no log', { logLength: 0 }, () => undefined, 'VHDX_LOG_ABSENT'],
  ];
  test.each(refusals)('an image with %s → not opened, not touched', async (_, spec, damage, code) => {
    const image = new TestImage(spec);
    damage(image);
    const target = new RecordingTarget(image.source);
    expect(await codeOf(openWritableDisk(target))).toBe(code);
    expect(target.operations).toEqual([]);
  });

  test('bad positions and lengths → a code, and nothing written', async () => {
    const { target, disk } = await openNew({ virtualSize: 16 * MIB, logicalSectorSize: 4096 });
    expect(await codeOf(disk.write(new Uint8Array(512), 0))).toBe('VHDX_WRITE_UNALIGNED');
    expect(await codeOf(disk.write(new Uint8Array(4096), 512))).toBe('VHDX_WRITE_UNALIGNED');
    expect(await codeOf(disk.discard(0, 100))).toBe('VHDX_WRITE_UNALIGNED');
    expect(await codeOf(disk.write(new Uint8Array(8192), 16 * MIB - 4096))).toBe('VHDX_WRITE_PAST_END');
    expect(await codeOf(disk.discard(16 * MIB, 4096))).toBe('VHDX_WRITE_PAST_END');
    expect(await codeOf(disk.write(new Uint8Array(4096), -4096))).toBeInstanceOf(RangeError);
    expect(await codeOf(disk.discard(0, Number.NaN))).toBeInstanceOf(RangeError);
    await disk.write(new Uint8Array(0), 16 * MIB);
    await disk.close();
    expect(target.operations).toEqual([]);
  });

  test('after close → VHDX_DISK_CLOSED; close again → nothing', async () => {
    const { disk } = await openNew();
    await disk.close();
    await disk.close();
    expect(await codeOf(disk.write(new Uint8Array(512), 0))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(disk.discard(0, 512))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(disk.read(new Uint8Array(512), 0))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(disk.flush())).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(disk.resolve(0, 512))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(collect(disk.extents()))).toBe('VHDX_DISK_CLOSED');
    expect(await codeOf(collect(disk.ranges()))).toBe('VHDX_DISK_CLOSED');
  });

  test('close while extents are listed → the list ends with VHDX_DISK_CLOSED', async () => {
    const { disk } = await openNew({ allocate: [0, 2] });
    const extents = disk.extents();
    await extents.next();
    await disk.close();
    expect(await codeOf(extents.next())).toBe('VHDX_DISK_CLOSED');
  });

  test('close while writes are running → they are done first', async () => {
    const { image, disk } = await openNew();
    const write = disk.write(noise(MIB), MIB);
    await disk.close();
    await write;
    expectBytes(await readExactly(await openDisk(image.source), MIB, MIB), noise(MIB));
  });

  test('a signal that is aborted → nothing is written', async () => {
    const { target, disk } = await openNew();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(disk.write(new Uint8Array(512), 0, { signal })).rejects.toThrow('enough');
    expect(target.operations).toEqual([]);
    await disk.close();
  });

  test('a fault of the target at any operation → the disk takes no more, and opens with what was flushed', async () => {
    const work = async (disk: WritableDisk): Promise<void> => {
      for (let block = 0; block < 4; block += 1) {
        await disk.write(noise(2048, block + 10), block * MIB + 4096);
        await disk.flush();
        if (block === 2) await disk.discard(MIB, MIB);
      }
    };
    for (let failing = 0; ; failing += 1) {
      const image = new TestImage({ allocate: [1] });
      let count = 0;
      const target = new RecordingTarget(image.source, () => {
        count += 1;
        if (count === failing) throw new VhdxError('VHDX_TARGET_IO', { message: 'the cable is out' });
      });
      const disk = await openWritableDisk(target);
      const outcome = await codeOf(work(disk));
      if (outcome === 'done') {
        expect(failing === 0 || failing > 20).toBe(true);
        if (failing > 0) break;
        continue;
      }
      expect(outcome).toBe('VHDX_TARGET_IO');
      expect(await codeOf(disk.write(new Uint8Array(512), 0))).toBe('VHDX_DISK_POISONED');
      expect(await codeOf(disk.flush())).toBe('VHDX_DISK_POISONED');
      const after = target.operations.length;
      expect(['done', 'VHDX_DISK_POISONED']).toContain(await codeOf(disk.close()));
      expect(target.operations.length).toBe(after);
      const report = await checkImage(image.source);
      expect(report.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      await openDisk(image.source);
    }
  });

  test('headers that cannot be changed any more, in the middle of it → the disk takes no more', async () => {
    const image = new TestImage({ sequenceNumbers: [2n ** 64n - 8n, 2n ** 64n - 9n], virtualSize: 200 * 1024 * MIB });
    const disk = await openWritableDisk(new RecordingTarget(image.source));
    // The session begins, a log begins and ends; there are no numbers left for the next one.
    let outcome: unknown = 'done';
    let flushed = -1;
    for (let block = 0; block < 400 && outcome === 'done'; block += 1) {
      await disk.write(noise(512, block + 1), block * 512 * MIB);
      outcome = await codeOf(disk.flush());
      if (outcome === 'done') flushed = block;
    }
    expect(outcome).toBe('VHDX_HEADER_SEQUENCE_EXHAUSTED');
    expect(await codeOf(disk.flush())).toBe('VHDX_DISK_POISONED');
    expect(await codeOf(disk.close())).toBe('VHDX_DISK_POISONED');
    const closed = await openDisk(image.source);
    for (let block = 0; block <= flushed; block += 1) {
      expectBytes(await readExactly(closed, block * 512 * MIB, 512), noise(512, block + 1));
    }
  });

  test('no room for payload → the write is refused, everything else goes on', async () => {
    const image = new TestImage({ allocate: [0] });
    let isFull = false;
    const { size } = image;
    const target = new RecordingTarget(image.source, (operation) => {
      const grows =
        (operation.kind === 'truncate' && operation.size > size) ||
        (operation.kind === 'write' && operation.position + operation.bytes.length > size);
      if (isFull && grows) throw new VhdxError('VHDX_TARGET_FULL', { message: 'no space is left' });
    });
    const disk = await openWritableDisk(target);
    isFull = true;
    expect(await codeOf(disk.write(noise(MIB, 3), 3 * MIB))).toBe('VHDX_TARGET_FULL');
    await disk.write(noise(512, 4), 0);
    await disk.flush();
    isFull = false;
    await disk.write(noise(MIB, 5), 5 * MIB);
    await disk.close();
    const closed = await openDisk(image.source);
    expect(await readExactly(closed, 0, 512)).toEqual(noise(512, 4));
    expectBytes(await readExactly(closed, 3 * MIB, MIB), new Uint8Array(MIB));
    expectBytes(await readExactly(closed, 5 * MIB, MIB), noise(MIB, 5));
    expect((await checkImage(image.source)).verdict).toBe('clean');
  });
});
