/** Changed metadata on its way into the file: what is flushed before what, and what an entry of the log states. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { PageSector } from '../../../runtime/io/page-cache.js';
import { Commits } from '../../../runtime/write/commits.js';
import { FileSpace } from '../../../runtime/image/file-space.js';
import { GuardedTarget } from '../../../runtime/io/guarded-target.js';
import type { StatedFileSizes } from '../../../runtime/log/writer.js';
import { LogWriter } from '../../../runtime/log/writer.js';
import type { SessionHeaders } from '../../../runtime/log/session-headers.js';
import { VhdxError } from '../../../runtime/errors/errors.js';
import { noise } from '../../support/bytes.js';
import { MIB } from '../../support/image-builder.js';
import { codeOf, reasonOf } from '../../support/reason.js';
import { type Operation, RecordingTarget } from '../../support/recording-target.js';
import { SparseSource } from '../../support/sparse-source.js';

const SECTOR = 4096;
const BAT = 2 * MIB;

/** A log that keeps an account of what it is asked for. */
class RecordingLog {
  readonly asked: string[] = [];
  readonly stated: StatedFileSizes[] = [];
  capacity = 3;
  room = Infinity;
  isOpen = false;
  canRestart = false;

  hasRoom(updates: number): boolean {
    return updates <= this.room;
  }

  restart(): boolean {
    if (!this.canRestart) return false;
    this.room = Infinity;
    this.asked.push('restart');
    return true;
  }

  append(updates: readonly { fileOffset: number }[], sizes: StatedFileSizes): Promise<void> {
    this.isOpen = true;
    this.room -= updates.length;
    this.stated.push(sizes);
    this.asked.push(`append ${updates.map(({ fileOffset }) => (fileOffset - BAT) / SECTOR).join(' ')}`);
    return Promise.resolve();
  }

  applied(): void {
    this.asked.push('applied');
  }

  flushed(): void {
    this.asked.push('flushed');
  }

  announce(): Promise<void> {
    this.asked.push('announce');
    return Promise.resolve();
  }

  end(): Promise<void> {
    this.isOpen = false;
    this.room = Infinity;
    this.asked.push('end');
    return Promise.resolve();
  }
}

let log: RecordingLog;
let file: SparseSource;
let space: FileSpace;
let guarded: GuardedTarget;
let commits: Commits;
/** Thrown by the target before an operation, if it is there. */
let fails: (operation: Operation) => Error | undefined;
/** What `requireOwn` of the headers finds. */
let foreign: Error | undefined;

beforeEach(() => {
  log = new RecordingLog();
  file = new SparseSource(4 * MIB);
  fails = () => undefined;
  foreign = undefined;
  const target = new RecordingTarget(file, (operation) => {
    const fault = fails(operation);
    if (fault !== undefined) throw fault;
    if (operation.kind === 'write') log.asked.push(`write ${(operation.position - BAT) / SECTOR}`);
  });
  guarded = new GuardedTarget(target);
  space = new FileSpace({ blockSize: MIB, free: [], end: 4 * MIB, lastUsed: 4 * MIB });
  const headers = {
    isStable: true,
    flushed: () => undefined,
    requireOwn: () => (foreign === undefined ? Promise.resolve() : Promise.reject(foreign)),
  } as Partial<SessionHeaders> as SessionHeaders;
  commits = new Commits(guarded, headers, log as Partial<LogWriter> as LogWriter, space);
});

/** Sector `index` of the BAT with these bytes; `released` counts. */
function sector(index: number, bytes = noise(SECTOR, index + 1)): PageSector & { released: number } {
  return {
    fileOffset: BAT + index * SECTOR,
    bytes,
    released: 0,
    release() {
      this.released += 1;
    },
  };
}

describe('the order', () => {
  test('a change → logged, flushed, announced, and only then put into its place', async () => {
    commits.add({ sectors: [sector(0), sector(5)], showsPayload: false });
    await commits.commit();
    expect(log.asked).toEqual(['append 0 5', 'flushed', 'announce', 'write 0', 'write 5', 'applied']);
    expect(file.bytes(BAT, SECTOR)).toEqual(noise(SECTOR, 1));
  });

  test('payload that the change shows → flushed before the change is logged', async () => {
    commits.payloadWritten();
    commits.add({ sectors: [sector(0)], showsPayload: true });
    await commits.commit();
    expect(log.asked.slice(0, 3)).toEqual(['flushed', 'append 0', 'flushed']);
  });

  test('payload in space that reads as zeros anyhow → one flush for both', async () => {
    commits.payloadWritten();
    commits.add({ sectors: [sector(0)], showsPayload: false });
    await commits.commit();
    expect(log.asked.filter((each) => each === 'flushed')).toHaveLength(1);
    expect(commits.owes).toBe(false);
  });

  test('no room in the log → what is in its place is flushed, the log is ended, and another one begun', async () => {
    log.room = 0;
    commits.add({ sectors: [sector(0)], showsPayload: false });
    await commits.commit();
    expect(log.asked.slice(0, 4)).toEqual(['flushed', 'end', 'append 0', 'flushed']);
  });

  test('no room, but the ring can be begun anew → neither a flush of its own nor an end', async () => {
    log.room = 0;
    log.canRestart = true;
    commits.add({ sectors: [sector(0)], showsPayload: false });
    await commits.commit();
    expect(log.asked.slice(0, 4)).toEqual(['restart', 'append 0', 'flushed', 'announce']);
  });

  test('sectors that are neighbours → put into their places at once, in the order of the file', async () => {
    log.capacity = 4;
    commits.add({ sectors: [sector(5), sector(1), sector(0), sector(3)], showsPayload: false });
    await commits.commit();
    expect(log.asked.slice(3, -1)).toEqual(['write 0', 'write 3', 'write 5']);
    for (const index of [0, 1, 3, 5]) {
      expect(file.bytes(BAT + index * SECTOR, SECTOR)).toEqual(noise(SECTOR, index + 1));
    }
  });

  test('no room, and payload that is shown → one flush serves both', async () => {
    log.room = 0;
    commits.payloadWritten();
    commits.add({ sectors: [sector(0)], showsPayload: true });
    await commits.commit();
    expect(log.asked.slice(0, 4)).toEqual(['flushed', 'end', 'append 0', 'flushed']);
  });

  test('payload alone → a flush, no log; nothing at all → nothing', async () => {
    commits.payloadWritten();
    expect(commits.owes).toBe(true);
    await commits.commit();
    await commits.commit();
    expect(log.asked).toEqual(['flushed']);
    expect(commits.owes).toBe(false);
  });
});

describe('what an entry states (2.3.1.1)', () => {
  test('FlushedFileOffset → the length that is on stable storage, in whole MiB; LastFileOffset → the space in use', async () => {
    space.take(MIB);
    // A file that grew by payload, whose last MiB is not whole.
    file.size = 5 * MIB + 4096;
    commits.add({ sectors: [sector(0)], showsPayload: false });
    await commits.commit();
    // The growth is not flushed when the entry is made.
    commits.add({ sectors: [sector(0)], showsPayload: false });
    await commits.commit();
    expect(log.stated).toEqual([
      { flushedFileOffset: 4 * MIB, lastFileOffset: 5 * MIB },
      { flushedFileOffset: 5 * MIB, lastFileOffset: 5 * MIB },
    ]);
  });

  test('growth while a flush is running → does not count before the next one', async () => {
    fails = ({ kind }) => {
      if (kind === 'flush') file.size = 8 * MIB;
      return undefined;
    };
    commits.add({ sectors: [sector(0)], showsPayload: false });
    await commits.commit();
    commits.add({ sectors: [sector(0)], showsPayload: false });
    await commits.commit();
    expect(log.stated.map(({ flushedFileOffset }) => flushedFileOffset)).toEqual([4 * MIB, 4 * MIB]);
  });
});

describe('a batch', () => {
  test('a sector that is changed again → logged once, with its last bytes, and unpinned as often as it was pinned', async () => {
    const bytes = noise(SECTOR, 7);
    const [first, second] = [sector(0, bytes), sector(0, bytes)];
    commits.add({ sectors: [first], showsPayload: false });
    bytes.fill(9);
    commits.add({ sectors: [second], showsPayload: false });
    expect([first.released, second.released]).toEqual([0, 1]);
    await commits.commit();
    expect([first.released, second.released]).toEqual([1, 1]);
    expect(log.asked[0]).toBe('append 0');
    expect(file.bytes(BAT, SECTOR)).toEqual(new Uint8Array(SECTOR).fill(9));
  });

  test('bytes that change while they are logged → belong to the next commit', async () => {
    const bytes = noise(SECTOR, 7);
    commits.add({ sectors: [sector(0, bytes)], showsPayload: false });
    fails = ({ kind }) => {
      if (kind === 'flush') bytes.fill(9);
      return undefined;
    };
    await commits.commit();
    expect(file.bytes(BAT, SECTOR)).toEqual(noise(SECTOR, 7));
  });

  test('room → as many sectors as an entry takes, those that gather counted', () => {
    expect([commits.hasRoom(3), commits.hasRoom(4)]).toEqual([true, false]);
    commits.add({ sectors: [sector(0), sector(1)], showsPayload: false });
    expect([commits.hasRoom(1), commits.hasRoom(2)]).toEqual([true, false]);
  });

  test('pending → from its addition until it is in its place; placed goes up then', async () => {
    const seen: number[][] = [];
    const pending = (): number[] => Array.from(commits.pending(), ({ fileOffset }) => (fileOffset - BAT) / SECTOR);
    commits.add({ sectors: [sector(0)], showsPayload: false });
    fails = ({ kind }) => {
      if (kind === 'flush') {
        commits.add({ sectors: [sector(1)], showsPayload: false });
        seen.push(pending());
      }
      return undefined;
    };
    const before = commits.placed;
    await commits.commit();
    expect(seen).toEqual([[0, 1]]);
    expect(pending()).toEqual([1]);
    expect(commits.placed).toBe(before + 1);
  });

  test('whenDurable → after the log is announced, before the places are written', async () => {
    commits.add({ sectors: [sector(0)], showsPayload: false, whenDurable: () => log.asked.push('durable') });
    await commits.commit();
    expect(log.asked).toEqual(['append 0', 'flushed', 'announce', 'durable', 'write 0', 'applied']);
  });
});

describe('calls at once', () => {
  test('while one is running → they share the next one, which has what was added meanwhile', async () => {
    commits.add({ sectors: [sector(0)], showsPayload: false });
    const others: Promise<void>[] = [];
    fails = ({ kind }) => {
      if (kind === 'flush' && others.length === 0) {
        commits.add({ sectors: [sector(1)], showsPayload: false });
        others.push(commits.commit(), commits.commit());
      }
      return undefined;
    };
    await commits.commit();
    expect(log.asked.filter((each) => each.startsWith('append'))).toEqual(['append 0']);
    await Promise.all(others);
    expect(log.asked.filter((each) => each.startsWith('append'))).toEqual(['append 0', 'append 1']);
  });

  test('while another one is running, later → a commit of its own, not the one that is done', async () => {
    for (const round of [1, 2]) {
      let other: Promise<void> | undefined;
      fails = ({ kind }) => {
        if (kind === 'flush' && other === undefined) {
          commits.add({ sectors: [sector(10 + round)], showsPayload: false });
          other = commits.commit();
        }
        return undefined;
      };
      commits.add({ sectors: [sector(0)], showsPayload: false });
      await commits.commit();
      await other;
      expect(commits.owes).toBe(false);
      expect(log.asked).toContain(`append ${10 + round}`);
    }
  });

  test('the one that is running fails → the next one says so too', async () => {
    commits.add({ sectors: [sector(0)], showsPayload: false });
    fails = ({ kind }) => (kind === 'flush' ? new VhdxError('VHDX_TARGET_IO', { message: 'broken' }) : undefined);
    const codes = [codeOf(commits.commit()), codeOf(commits.commit())];
    expect(await Promise.all(codes)).toEqual(['VHDX_TARGET_IO', 'VHDX_DISK_POISONED']);
  });
});

describe('faults', () => {
  test('another program has written to the image → nothing is logged, and the disk takes no more', async () => {
    foreign = new VhdxError('VHDX_TARGET_CHANGED', { message: 'changed' });
    commits.add({ sectors: [sector(0)], showsPayload: false });
    expect(await reasonOf(commits.commit())).toBe(foreign);
    expect(log.asked).toEqual([]);
    expect(guarded.isFaulty).toBe(true);
    expect(commits.owes).toBe(true);
  });

  test('the same, with payload alone → it is owed still', async () => {
    foreign = new VhdxError('VHDX_TARGET_CHANGED', { message: 'changed' });
    commits.payloadWritten();
    expect(await reasonOf(commits.commit())).toBe(foreign);
    expect(commits.owes).toBe(true);
  });

  test('a flush that fails → what was written before is owed still', async () => {
    fails = ({ kind }) => (kind === 'flush' ? new VhdxError('VHDX_TARGET_IO', { message: 'broken' }) : undefined);
    commits.payloadWritten();
    expect(await codeOf(commits.commit())).toBe('VHDX_TARGET_IO');
    expect(commits.owes).toBe(true);
    expect(log.asked).toEqual([]);
  });

  test('the log has the change, its place cannot be written → nothing is owed: a replay brings it', async () => {
    const one = sector(0);
    fails = ({ kind }) => (kind === 'write' ? new VhdxError('VHDX_TARGET_IO', { message: 'broken' }) : undefined);
    commits.add({ sectors: [one], showsPayload: false });
    expect(await codeOf(commits.commit())).toBe('VHDX_TARGET_IO');
    expect(commits.owes).toBe(false);
    // Memory alone has it: it stays there.
    expect(one.released).toBe(0);
    expect([...commits.pending()]).toHaveLength(1);
  });
});

describe('end', () => {
  test('an open log → what is in its place is flushed, then the log is ended', async () => {
    commits.add({ sectors: [sector(0)], showsPayload: false });
    await commits.end();
    expect(log.asked.slice(-3)).toEqual(['applied', 'flushed', 'end']);
  });

  test('no log → nothing', async () => {
    await commits.end();
    expect(log.asked).toEqual([]);
  });

  test('another program has written meanwhile → the log is left as it is', async () => {
    commits.add({ sectors: [sector(0)], showsPayload: false });
    await commits.commit();
    foreign = new VhdxError('VHDX_TARGET_CHANGED', { message: 'changed' });
    expect(await reasonOf(commits.end())).toBe(foreign);
    expect(log.asked).not.toContain('end');
  });
});
