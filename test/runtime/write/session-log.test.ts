/** What a session writes to the log, and when: entries, flushes, places. [MS-VHDX] 2.3 */
import { describe, expect, test } from 'vitest';
import { checkImage, openDisk, openWritableDisk, readExactly } from '../../../runtime/index.js';
import { collect, noise } from '../../support/bytes.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { entriesOf, headerOf, HEADERS, openNew } from '../../support/write-session.js';

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
      for (let at = 0; at < bytes.length; at += 4096) {
        places += 1;
        expect(logged.get(position + at)?.some((one) => one.equals(bytes.subarray(at, at + 4096)))).toBe(true);
      }
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
    // The entry, and the first of the headers that name it.
    expect(flushes).toBe(2);
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
