import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from '../../../runtime/base/crc32c.js';
import { checkImage } from '../../../runtime/check/check.js';
import { openVhdx } from '../../../runtime/image/open.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { expectBytes } from '../../support/bytes.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';
import type { LoggedWrite } from '../../support/log-entries.js';
import { SparseSource } from '../../support/sparse-source.js';

const SECTOR = 4096;
const BAT = 2 * MIB;
/** A place in the BAT region that no entry of a small disk is at. */
const SPARE = BAT + MIB / 2;

function sector(fill: number): Uint8Array {
  return Uint8Array.from({ length: SECTOR }, (_, index) => (fill + index) & 0xff);
}

function data(fileOffset: number, fill: number): LoggedWrite {
  return { kind: 'data', fileOffset, bytes: sector(fill) };
}

/** The sequence numbers of the active sequence, oldest first. */
async function sequenceOf(image: TestImage): Promise<bigint[]> {
  const { logSummary } = await openVhdx(image.source);
  return (logSummary.sequence?.entries ?? []).map(({ sequenceNumber }) => sequenceNumber);
}

test('data and zero descriptors → replayed in order, the file itself unchanged', async () => {
  const image = new TestImage({ logGuid: IDS.log });
  image.poke(SPARE + SECTOR, 9, 9, 9);
  const before = image.toBytes();
  const length = image.addLogEntry(0, {
    sequenceNumber: 1n,
    tail: 0,
    writes: [data(SPARE, 1), data(SPARE + 2 * SECTOR, 2)],
  });
  image.addLogEntry(length, {
    sequenceNumber: 2n,
    tail: 0,
    writes: [{ kind: 'zero', fileOffset: SPARE + SECTOR, length: 2 * SECTOR }, data(SPARE, 3)],
  });
  const stored = image.toBytes();
  const { view } = await openVhdx(image.source);
  const replayed = await readExactly(view, SPARE, 3 * SECTOR);
  expectBytes(replayed.subarray(0, SECTOR), sector(3));
  expectBytes(replayed.subarray(SECTOR), new Uint8Array(2 * SECTOR));
  expectBytes(await readExactly(view, BAT, MIB / 2), before.slice(BAT, BAT + MIB / 2));
  expectBytes(image.toBytes(), stored);
});

test('entry that wraps → replayed', async () => {
  const image = new TestImage({ logGuid: IDS.log });
  image.addLogEntry(MIB - 2 * SECTOR, {
    sequenceNumber: 7n,
    writes: [data(SPARE, 1), data(SPARE + SECTOR, 2), data(SPARE + 2 * SECTOR, 3)],
  });
  const { view, logSummary } = await openVhdx(image.source);
  expect(logSummary.sequence).toMatchObject({
    tail: MIB - 2 * SECTOR,
    head: MIB - 2 * SECTOR,
    entryCount: 1,
    descriptorCount: 3,
  });
  expectBytes(await readExactly(view, SPARE + 2 * SECTOR, SECTOR), sector(3));
});

test('entry with 300 descriptors → all of them, and the entry may begin near the end', async () => {
  const image = new TestImage({ logGuid: IDS.log });
  // 126 descriptors fit beside the header: these need three descriptor sectors, the second of them after the wrap.
  const writes = Array.from({ length: 300 }, (_, n): LoggedWrite =>
    n % 3 === 0 ? data(SPARE + n * SECTOR, n) : { kind: 'zero', fileOffset: SPARE + n * SECTOR, length: SECTOR },
  ).slice(0, 120);
  const many = Array.from({ length: 300 }, (_, n): LoggedWrite => ({
    kind: 'zero',
    fileOffset: SPARE + (n % 100) * SECTOR,
    length: SECTOR,
  }));
  const first = image.addLogEntry(MIB - SECTOR, { sequenceNumber: 1n, writes: many });
  expect(first).toBe(3 * SECTOR);
  image.addLogEntry(2 * SECTOR, { sequenceNumber: 2n, tail: MIB - SECTOR, writes });
  const { view, logSummary } = await openVhdx(image.source);
  expect(logSummary.sequence).toMatchObject({ entryCount: 2, descriptorCount: 420 });
  expectBytes(await readExactly(view, SPARE + 99 * SECTOR, SECTOR), sector(99));
});

test('entry with more descriptors than are read at once → all of them', async () => {
  const image = new TestImage({ logGuid: IDS.log });
  const writes = Array.from({ length: 5000 }, (_, n): LoggedWrite => ({
    kind: 'zero',
    fileOffset: SPARE + (n % 100) * SECTOR,
    length: SECTOR,
  }));
  image.addLogEntry(0, { sequenceNumber: 1n, writes: [...writes, data(SPARE + 100 * SECTOR, 5)] });
  const { view, logSummary } = await openVhdx(image.source);
  expect(logSummary.sequence).toMatchObject({ entryCount: 1, descriptorCount: 5001 });
  expectBytes(await readExactly(view, SPARE + 100 * SECTOR, SECTOR), sector(5));
});

test('entry of a longer log across a MiB → replayed', async () => {
  const image = new TestImage({ logGuid: IDS.log, logLength: 4 * MIB });
  const spare = image.batOffset + MIB / 2;
  for (const [number, start] of [MIB - SECTOR, MIB + 2 * SECTOR].entries()) {
    const fileOffset = spare + 2 * number * SECTOR;
    const writes = [data(fileOffset, number), data(fileOffset + SECTOR, number + 10)];
    const length = image.addLogEntry(start, { sequenceNumber: BigInt(number + 1), tail: MIB - SECTOR, writes });
    expect(length).toBe(3 * SECTOR);
  }
  const { view, logSummary } = await openVhdx(image.source);
  expect(logSummary.sequence).toMatchObject({ entryCount: 2, descriptorCount: 4 });
  expectBytes(
    await readExactly(view, spare, 4 * SECTOR),
    Uint8Array.from([0, 10, 1, 11].flatMap((fill) => [...sector(fill)])),
  );
});

test('ring filled exactly → all entries', async () => {
  const image = new TestImage({ logGuid: IDS.log });
  for (let n = 0; n < 256; n += 1) {
    image.addLogEntry(((n + 100) % 256) * SECTOR, { sequenceNumber: BigInt(n + 1), tail: 100 * SECTOR });
  }
  const { logSummary } = await openVhdx(image.source);
  expect(logSummary.sequence).toMatchObject({
    entryCount: 256,
    sequenceNumber: 256n,
    tail: 100 * SECTOR,
    head: 99 * SECTOR,
  });
});

test('tail in the middle → the entries from there on', async () => {
  const image = new TestImage({ logGuid: IDS.log });
  image.addLogEntry(0, { sequenceNumber: 1n, tail: 0 });
  image.addLogEntry(SECTOR, { sequenceNumber: 2n, tail: 0 });
  image.addLogEntry(2 * SECTOR, { sequenceNumber: 3n, tail: SECTOR });
  expect(await sequenceOf(image)).toEqual([2n, 3n]);
});

test('entry of another session between → the sequence ends before it', async () => {
  const image = new TestImage({ logGuid: IDS.log });
  image.addLogEntry(0, { sequenceNumber: 1n, tail: 0 });
  image.addLogEntry(SECTOR, { sequenceNumber: 2n, tail: 0, guid: IDS.parent });
  expect(await sequenceOf(image)).toEqual([1n]);
});

test('target past the end, LastFileOffset past that → the view is as long as the file will be', async () => {
  const image = new TestImage({ logGuid: IDS.log });
  const size = image.size;
  image.addLogEntry(0, {
    sequenceNumber: 1n,
    writes: [data(size + MIB, 5)],
    lastFileOffset: size + 3 * MIB,
    flushedFileOffset: size,
  });
  const { view } = await openVhdx(image.source);
  expect(view.size).toBe(size + 3 * MIB);
  expectBytes(await readExactly(view, size + MIB, SECTOR), sector(5));
  expectBytes(await readExactly(view, size + 2 * MIB, SECTOR), new Uint8Array(SECTOR));
});

test('pending region table → the regions are read from the log', async () => {
  const image = new TestImage({ logGuid: IDS.log });
  const good = image.source.bytes(192 * 1024, SECTOR);
  for (const offset of [192, 256]) {
    image.flip(offset * 1024 + 40);
  }
  expect((await checkImage(image.copy().source)).verdict).toBe('corrupt');
  image.addLogEntry(0, {
    sequenceNumber: 1n,
    writes: [192, 256].map((at): LoggedWrite => ({ kind: 'data', fileOffset: at * 1024, bytes: good })),
  });
  expect((await checkImage(image.source)).findings.map(({ rule }) => rule)).toEqual(['E12']);
});

test("pending log, log: 'refuse' → VHDX_LOG_PENDING", async () => {
  const image = new TestImage({ logGuid: IDS.log });
  image.addLogEntry(0, { sequenceNumber: 1n });
  await expect(openVhdx(image.source, { log: 'refuse' })).rejects.toMatchObject({
    code: 'VHDX_LOG_PENDING',
    rule: 'E12',
  });
});

/** The search of 2.3.3 over the bytes of a ring of empty entries, written from the specification alone. */
function bruteForce(ring: Uint8Array, guid: Uint8Array): bigint[] {
  const view = new DataView(ring.buffer, ring.byteOffset);
  const valid = (at: number): boolean => {
    const entry = Uint8Array.from(ring.subarray(at, at + SECTOR));
    const stored = view.getUint32(at + 4, true);
    entry.fill(0, 4, 8);
    return (
      view.getUint32(at, true) === 0x65676f6c &&
      view.getUint32(at + 8, true) === SECTOR &&
      entry.subarray(32, 48).every((byte, index) => byte === guid[index]) &&
      crc32c(entry) === stored
    );
  };
  let best: { number: bigint; numbers: bigint[] } = { number: 0n, numbers: [] };
  for (let tail = 0; tail < ring.length; tail += SECTOR) {
    const starts: number[] = [];
    let number = 0n;
    for (let at = tail; valid(at); at = (at + SECTOR) % ring.length) {
      const next = view.getBigUint64(at + 16, true);
      if (starts.length > 0 && next !== number + 1n) break;
      number = next;
      starts.push(at);
    }
    const from = starts.indexOf(view.getUint32((starts.at(-1) ?? 0) + 12, true));
    if (starts.length === 0 || from === -1 || number <= best.number) continue;
    best = { number, numbers: starts.slice(from).map((at) => view.getBigUint64(at + 16, true)) };
  }
  return best.numbers;
}

test('random rings of stored entries, some of them damaged → the search of 2.3.3 by brute force', async () => {
  const slots = fc.array(
    fc.record({
      at: fc.oneof(fc.nat(8), fc.nat(255)),
      run: fc.integer({ min: 1, max: 6 }),
      number: fc.integer({ min: 1, max: 12 }),
      back: fc.nat(6),
      harm: fc.nat(40),
    }),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(slots, async (list) => {
      const image = new TestImage({ logGuid: IDS.log });
      for (const { at, run, number, back, harm } of list) {
        for (let n = 0; n < run; n += 1) {
          const start = ((at + n) % 256) * SECTOR;
          const tail = ((at + Math.max(0, n - back)) % 256) * SECTOR;
          image.addLogEntry(start, { sequenceNumber: BigInt(number + n), tail });
          if (harm === n) image.flip(image.logOffset + start + 500);
        }
      }
      const ring = image.source.bytes(image.logOffset, image.logLength);
      const guid = image.source.bytes(64 * 1024 + 48, 16);
      const expected = bruteForce(ring, guid);
      const { log } = await checkImage(image.source);
      expect(log?.sequence?.entries.map(({ sequenceNumber }) => sequenceNumber) ?? []).toEqual(expected);
    }),
    { numRuns: 300, seed: 4 },
  );
});

/** Counts the bytes that are read. */
class CountingSource extends SparseSource {
  count = 0;

  override read(into: Uint8Array, position: number): Promise<number> {
    this.count += into.length;
    return super.read(into, position);
  }
}

test('hostile log in which each sector claims the whole ring → each byte is read a few times at most', async () => {
  const image = new TestImage({ logGuid: IDS.log, logLength: 8 * MIB });
  const counting = Object.assign(new CountingSource(), { size: image.size });
  counting.write(image.toBytes(), 0);
  const header = (await import('../../support/log-entries.js')).logEntryBytes({
    guid: IDS.log,
    sequenceNumber: 1n,
    tail: 0,
    flushedFileOffset: 0,
    lastFileOffset: 0,
    damage: (bytes) => new DataView(bytes.buffer).setUint32(8, 8 * MIB, true),
  });
  for (let at = 0; at < 8 * MIB; at += SECTOR) counting.write(header, image.logOffset + at);
  const report = await checkImage(counting);
  expect(report.findings[0]?.rule).toBe('E6');
  expect(counting.count).toBeLessThan(5 * 8 * MIB);
});

test('hostile log of entries that each chain to the next, none valid → linear', async () => {
  const image = new TestImage({ logGuid: IDS.log, logLength: 32 * MIB });
  // The tail of the last one is outside of the sequence, so each start of 2.3.3 would run to the end in vain.
  for (let n = 0; n < 8191; n += 1)
    image.addLogEntry(n * SECTOR, { sequenceNumber: BigInt(n + 1), tail: 32 * MIB - SECTOR });
  const report = await checkImage(image.source);
  expect(report.findings.map(({ rule }) => rule)).toEqual(['E6']);
  expect(report.findings[0]?.message).toContain('8191 valid entries, none with a tail inside its sequence');
});
