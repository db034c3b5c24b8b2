/** The log of a session: what is written where, what the headers say, and what of it is still needed. */
import { beforeEach, describe, expect, test } from 'vitest';
import { VhdxLogEntry } from '../../../generated/index.js';
import { formatGuid, GUIDS } from '../../../runtime/base/guid.js';
import type { HeaderChange } from '../../../runtime/format/header-update.js';
import { LogWriter } from '../../../runtime/log/writer.js';
import type { SessionHeaders } from '../../../runtime/log/session-headers.js';
import { noise } from '../../support/bytes.js';
import { MIB } from '../../support/image-builder.js';
import { reasonOf } from '../../support/reason.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { SparseSource } from '../../support/sparse-source.js';
import { InternalError } from '../../../runtime/errors/internal-error.js';

const SECTOR = 4096;
const PLACE = { fileOffset: 3 * MIB, length: MIB };
const SIZES = { flushedFileOffset: 5 * MIB, lastFileOffset: 6 * MIB };

let target: RecordingTarget;
/** The LogGuids that the headers got, in their order. */
let named: string[];
let headers: SessionHeaders;

beforeEach(() => {
  target = new RecordingTarget(new SparseSource(8 * MIB));
  named = [];
  const update = ({ logGuid }: HeaderChange): Promise<void> => {
    if (logGuid !== undefined) named.push(formatGuid(logGuid));
    return Promise.resolve();
  };
  headers = { update } as Partial<SessionHeaders> as SessionHeaders;
});

const updates = (count: number): { fileOffset: number; bytes: Uint8Array }[] =>
  Array.from({ length: count }, (_, index) => ({ fileOffset: index * SECTOR, bytes: noise(SECTOR, index + 1) }));

/** The entries that were written: where they begin in the log, and what their headers say. */
function entries(): { start: number; guid: string; sequenceNumber: bigint; tail: number; length: number }[] {
  return target.operations.flatMap((operation) => {
    if (operation.kind !== 'write') return [];
    const { header } = VhdxLogEntry.fromBytes(operation.bytes);
    return {
      start: operation.position - PLACE.fileOffset,
      guid: formatGuid(header.logGuid),
      sequenceNumber: header.sequenceNumber,
      tail: header.tail,
      length: header.entryLength,
    };
  });
}

/** One commit, as `Commits` makes it. */
async function commit(log: LogWriter, count: number): Promise<void> {
  await log.append(updates(count), SIZES);
  log.flushed();
  await log.announce();
  log.applied();
}

describe('append', () => {
  test('entries → one behind the other from the start, numbered from 1, under one LogGuid', async () => {
    const log = new LogWriter(target, PLACE, headers);
    expect(log.isOpen).toBe(false);
    for (const count of [1, 3, 126]) await commit(log, count);
    expect(log.isOpen).toBe(true);
    const [first, second, third] = entries();
    expect([first?.start, second?.start, third?.start]).toEqual([0, 2 * SECTOR, 6 * SECTOR]);
    expect(entries().map(({ sequenceNumber }) => sequenceNumber)).toEqual([1n, 2n, 3n]);
    expect(new Set(entries().map(({ guid }) => guid))).toEqual(new Set(named));
    expect(named).toHaveLength(1);
  });

  test('the sizes of the file → in the header of the entry', async () => {
    await commit(new LogWriter(target, PLACE, headers), 1);
    const [operation] = target.operations;
    if (operation?.kind !== 'write') throw new Error('an entry is written');
    const { header } = VhdxLogEntry.fromBytes(operation.bytes);
    expect(header.flushedFileOffset).toBe(BigInt(SIZES.flushedFileOffset));
    expect(header.lastFileOffset).toBe(BigInt(SIZES.lastFileOffset));
  });
});

describe('tail (2.3.1.1): where the oldest entry begins whose updates may not be in their places', () => {
  test('the entry before is applied and flushed → the entry itself', async () => {
    const log = new LogWriter(target, PLACE, headers);
    await commit(log, 1);
    log.flushed();
    await commit(log, 1);
    expect(entries().map(({ tail }) => tail)).toEqual([0, 2 * SECTOR]);
  });

  test('the entry before is applied, not flushed → that one', async () => {
    const log = new LogWriter(target, PLACE, headers);
    await commit(log, 1);
    await commit(log, 1);
    expect(entries().map(({ tail }) => tail)).toEqual([0, 0]);
  });

  test('a flush before the updates are applied → the entry is still needed', async () => {
    const log = new LogWriter(target, PLACE, headers);
    await commit(log, 1);
    log.flushed();
    await log.append(updates(1), SIZES);
    log.flushed();
    await log.append(updates(1), SIZES);
    expect(entries().map(({ tail }) => tail)).toEqual([0, 2 * SECTOR, 2 * SECTOR]);
  });
});

describe('announce', () => {
  test('twice → the headers are written once', async () => {
    const log = new LogWriter(target, PLACE, headers);
    await log.append(updates(1), SIZES);
    await log.announce();
    await log.announce();
    expect(named).toHaveLength(1);
    expect(named).not.toContain(GUIDS.zero);
  });

  test('no log → nothing', async () => {
    await new LogWriter(target, PLACE, headers).announce();
    expect(named).toEqual([]);
  });
});

describe('end', () => {
  test('no log → nothing', async () => {
    await new LogWriter(target, PLACE, headers).end();
    expect(named).toEqual([]);
  });

  test('all updates in their places, and flushed → LogGuid zero; the next entry is the first of another log', async () => {
    const log = new LogWriter(target, PLACE, headers);
    await commit(log, 1);
    log.flushed();
    await log.end();
    expect(log.isOpen).toBe(false);
    await commit(log, 1);
    const [first, second] = entries();
    expect(named).toEqual([first?.guid, GUIDS.zero, second?.guid]);
    expect(first?.guid).not.toBe(second?.guid);
    expect([second?.start, second?.sequenceNumber, second?.tail]).toEqual([0, 1n, 0]);
  });

  test.each([
    ['not applied', async (log: LogWriter) => log.append(updates(1), SIZES)],
    ['applied, not flushed', async (log: LogWriter) => commit(log, 1)],
    [
      'flushed before they were applied',
      async (log: LogWriter) => {
        await log.append(updates(1), SIZES);
        log.flushed();
        log.applied();
      },
    ],
  ])('updates that are %s → InternalError, and the log goes on', async (_, work) => {
    const log = new LogWriter(target, PLACE, headers);
    await work(log);
    expect(await reasonOf(log.end())).toBeInstanceOf(InternalError);
    expect(log.isOpen).toBe(true);
    expect(named).not.toContain(GUIDS.zero);
  });
});

describe('room', () => {
  test('a log of 1 MiB → entries of 126 updates, as many as end within it', async () => {
    const log = new LogWriter(target, PLACE, headers);
    expect(log.capacity).toBe(126);
    // 127 sectors each: two entries, and 2 sectors that no update fits into but one.
    await commit(log, 126);
    expect(log.hasRoom(126)).toBe(true);
    await commit(log, 126);
    expect(log.hasRoom(126)).toBe(false);
    expect(log.hasRoom(1)).toBe(true);
    expect(log.hasRoom(2)).toBe(false);
    await commit(log, 1);
    expect(log.hasRoom(1)).toBe(false);
    const last = entries().at(-1);
    expect((last?.start ?? 0) + (last?.length ?? 0)).toBe(PLACE.length);
  });

  test('a log of a few sectors → entries that fit it', () => {
    expect(new LogWriter(target, { ...PLACE, length: 5 * SECTOR }, headers).capacity).toBe(4);
  });
});
