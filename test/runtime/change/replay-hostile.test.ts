/** Logs that were made to harm: refused before the first write, or replayed, in bounded time and memory. */
import { describe, expect, test } from 'vitest';
import { crc32c } from '../../../runtime/format/checksum.js';
import { VhdxError } from '../../../runtime/errors/errors.js';
import { LIMITS } from '../../../runtime/base/limits.js';
import { planLogReplay, replayLog } from '../../../runtime/change/replay.js';
import type { ByteSource } from '../../../runtime/io/byte-source.js';
import { GIB, IDS, MIB, TestImage } from '../../support/image-builder.js';
import { type LoggedWrite, logEntryBytes, refixChecksum } from '../../support/log-entries.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { firstDifference, modelOf } from '../../support/replay-model.js';
import type { SparseSource } from '../../support/sparse-source.js';

const SECTOR = 4096;
const SPARE = 2 * MIB + MIB / 2;

/** Memory beyond what the process had before that the work may take; far less than a hostile log asks for. */
const ROOM = 512 * MIB;

/** Runs `work` and says by how much the process grew at the most. */
async function growthOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(most, process.memoryUsage.rss()) - before;
}

function zero(fileOffset: number | bigint, length: number | bigint): LoggedWrite {
  return { kind: 'zero', fileOffset, length };
}

/** An image with one entry in its log. */
function withEntry(writes: readonly LoggedWrite[], damage?: (bytes: Uint8Array) => void): TestImage {
  const image = new TestImage({ logGuid: IDS.log });
  image.addLogEntry(0, { sequenceNumber: 1n, writes, ...(damage === undefined ? {} : { damage }) });
  return image;
}

/** The code with which the replay of an image is refused, before the first write. */
async function refusalOf(image: TestImage): Promise<unknown> {
  const target = new RecordingTarget(image.source);
  const error: unknown = await replayLog(target).catch((cause: unknown) => cause);
  expect(target.operations).toEqual([]);
  return error instanceof VhdxError ? error.code : error;
}

/** Counts the bytes that are read. */
class CountingTarget extends RecordingTarget {
  count = 0;

  override read(into: Uint8Array, position: number): Promise<number> {
    this.count += into.length;
    return super.read(into, position);
  }
}

describe('targets', () => {
  test.each([
    ['8 TiB from the region tables on', 192 * 1024, 2 ** 43],
    ['up to 2^64', SPARE, 2n ** 64n - BigInt(SPARE) - 4096n],
    ['past 2^64', 2n ** 64n - 4096n, 2n ** 64n - 4096n],
  ])('zeros, %s → refused', async (_, fileOffset, length) => {
    const image = withEntry([zero(fileOffset, length)]);
    expect(image.size).toBe(4 * MIB);
    expect(await refusalOf(image)).toMatch(/^VHDX_LOG_TARGET_(LOG|BEYOND_END)$/);
  });

  test('more bytes than all metadata can have, in a file that is long enough → VHDX_LOG_REPLAY_TOO_LARGE', async () => {
    const image = withEntry([zero(4 * MIB, LIMITS.replayBytes + SECTOR)]);
    image.size = 64 * GIB;
    expect(await refusalOf(image)).toBe('VHDX_LOG_REPLAY_TOO_LARGE');
  });

  test('the same GiB 126 times → each byte read or written once', async () => {
    const image = withEntry(Array.from({ length: 126 }, () => zero(4 * MIB, GIB)));
    image.size = 2 * GIB;
    const counting = new CountingTarget(image.source);
    const growth = await growthOf(async () => {
      expect(await replayLog(counting)).toMatchObject({ bytes: GIB });
    });
    expect(counting.count).toBeLessThan(GIB + 16 * MIB);
    expect(growth).toBeLessThan(ROOM);
  });

  test('10,000 descriptors that overlap in every way → what one after the other gives', async () => {
    const image = new TestImage({ logGuid: IDS.log, logLength: 2 * MIB });
    const at = 3 * MIB + MIB / 4;
    image.source.write(new Uint8Array(MIB / 2).fill(7), at);
    const writes = Array.from({ length: 10_000 }, (_, n) =>
      zero(at + ((n * 37) % 100) * SECTOR, (1 + ((n * 11) % 27)) * SECTOR),
    );
    image.addLogEntry(0, { sequenceNumber: 1n, writes });
    const model = modelOf(image.toBytes(), writes, 0);
    await replayLog(new RecordingTarget(image.source));
    expect(firstDifference(image.toBytes(), model)).toBe(-1);
  });
});

describe('entries', () => {
  test('2^32 - 1 descriptors in an entry of one sector → not a valid entry', async () => {
    const image = withEntry([zero(SPARE, SECTOR)], (bytes) =>
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(24, 0xffff_ffff, true),
    );
    expect(await refusalOf(image)).toBe('VHDX_LOG_NO_ACTIVE_SEQUENCE');
  });

  test('entry length 2^32 - 4096 → not a valid entry', async () => {
    const image = withEntry([zero(SPARE, SECTOR)], (bytes) =>
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(8, 0xffff_f000, true),
    );
    expect(await refusalOf(image)).toBe('VHDX_LOG_NO_ACTIVE_SEQUENCE');
  });

  test('a ring of entries that name each other as tails → the search ends', async () => {
    const image = new TestImage({ logGuid: IDS.log });
    for (let n = 0; n < 256; n += 1) {
      image.addLogEntry(n * SECTOR, { sequenceNumber: BigInt(n + 1), tail: ((n + 1) % 256) * SECTOR });
    }
    // Only the last entry's tail, the first entry, lies in the sequence that leads to it.
    expect((await planLogReplay(image.source)).log.sequence).toMatchObject({ entryCount: 256, tail: 0 });
  });

  test('all sequence numbers equal, each entry its own tail → one entry is replayed', async () => {
    const image = new TestImage({ logGuid: IDS.log });
    for (let n = 0; n < 256; n += 1) image.addLogEntry(n * SECTOR, { sequenceNumber: 5n, tail: n * SECTOR });
    expect((await planLogReplay(image.source)).log.sequence?.entryCount).toBe(1);
  });
});

/** A file whose log is one entry of zero descriptors alone, made up as it is read: nothing of it is in memory. */
class FullLog implements ByteSource {
  readonly size: number;
  readonly #file: SparseSource;
  readonly #logOffset: number;
  readonly #logLength: number;
  readonly #first: Uint8Array;
  readonly #other: Uint8Array;

  constructor(logLength: number) {
    // The metadata lies behind the log, as the builder has it; of the log itself nothing is written.
    const image = new TestImage({ logGuid: IDS.log, logLength });
    this.#file = image.source;
    this.size = image.size;
    this.#logOffset = image.logOffset;
    this.#logLength = logLength;
    const target = image.metadataOffset + MIB / 2;
    const sample = logEntryBytes({
      guid: IDS.log,
      sequenceNumber: 1n,
      tail: 0,
      writes: Array.from({ length: 254 }, () => zero(target, SECTOR)),
      flushedFileOffset: image.size,
      lastFileOffset: image.size,
    });
    this.#first = sample.slice(0, SECTOR);
    this.#other = sample.slice(SECTOR);
    const view = new DataView(this.#first.buffer);
    view.setUint32(8, logLength, true);
    view.setUint32(24, 126 + 128 * (logLength / SECTOR - 1), true);
    view.setUint32(4, 0, true);
    const others = new Uint8Array(MIB);
    for (let at = 0; at < MIB; at += SECTOR) others.set(this.#other, at);
    let crc = crc32c(this.#first);
    let rest = logLength - SECTOR;
    for (; rest >= MIB; rest -= MIB) crc = crc32c(others, crc);
    view.setUint32(4, crc32c(others.subarray(0, rest), crc), true);
  }

  async read(into: Uint8Array, position: number): Promise<number> {
    const count = await this.#file.read(into, position);
    const end = Math.min(position + count, this.#logOffset + this.#logLength);
    for (let at = Math.max(position, this.#logOffset); at < end;) {
      const from = (at - this.#logOffset) % SECTOR;
      const part = (at - this.#logOffset < SECTOR ? this.#first : this.#other).subarray(from, from + end - at);
      into.set(part, at - position);
      at += part.length;
    }
    return count;
  }
}

describe('a log that is full of zero descriptors', () => {
  test('of 8 MiB: 262,142 descriptors → planned', async () => {
    const plan = await planLogReplay(new FullLog(8 * MIB));
    expect(plan).toMatchObject({ bytes: SECTOR, log: { sequence: { descriptorCount: 262_142 } } });
  });

  test('of 1 GiB: one entry with 33 million → refused', async () => {
    const log = new FullLog(GIB);
    const growth = await growthOf(async () => {
      await expect(planLogReplay(log)).rejects.toMatchObject({ code: 'VHDX_LOG_TOO_MANY_DESCRIPTORS' });
    });
    expect(growth).toBeLessThan(ROOM);
  }, 600_000);
});

test.each([
  ['goes on from an older entry', 0],
  ['is a sequence by itself', SECTOR],
])(
  'newest entry has more descriptors than are replayed and %s → refused, not the older one replayed',
  async (_, tail) => {
    const image = new TestImage({ logGuid: IDS.log, logLength: 16 * MIB });
    image.addLogEntry(0, { sequenceNumber: 1n, writes: [zero(image.dataOffset, SECTOR)] });
    const entry = longEntry(image.dataOffset, tail);
    image.source.write(entry, image.logOffset + SECTOR);
    expect(await refusalOf(image)).toBe('VHDX_LOG_TOO_MANY_DESCRIPTORS');
  },
);

/** A valid entry with the sequence number 2 and more zero descriptors than are replayed, in 8 MiB. */
function longEntry(target: number, tail: number): Uint8Array {
  const sample = logEntryBytes({
    guid: IDS.log,
    sequenceNumber: 2n,
    tail,
    writes: Array.from({ length: 254 }, () => zero(target, SECTOR)),
    flushedFileOffset: target,
    lastFileOffset: target,
  });
  const sectors = 2049;
  const bytes = new Uint8Array(sectors * SECTOR);
  bytes.set(sample);
  for (let at = 2 * SECTOR; at < bytes.length; at += SECTOR) bytes.set(sample.subarray(SECTOR), at);
  const count = 126 + 128 * (sectors - 1);
  expect(count).toBeGreaterThan(LIMITS.replayDescriptors);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, bytes.length, true);
  view.setUint32(24, count, true);
  refixChecksum(bytes, 4);
  return bytes;
}
