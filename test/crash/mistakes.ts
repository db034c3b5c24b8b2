/**
 * Writers with a mistake in them: what the writer did to its file, with the order, the flushes or the bytes spoiled as
 * that mistake would have them. The writer itself cannot tell a flush that does nothing from one that does.
 */
import { VhdxLogEntryHeader } from '../../generated/index.js';
import { isZero } from '../../runtime/base/bytes.js';
import { MIB } from '../support/image-builder.js';
import { refixChecksum } from '../support/log-entries.js';
import type { Change, Timed } from '../support/recording-target.js';
import { PARENT_LOCATOR } from '../support/stamped-images.js';
import type { Step } from '../support/disk-steps.js';
import type { Recording, Workload } from './record.js';
import { flushAfter, flushBefore, moved, nth, without } from './spoil.js';

export interface Mistake {
  readonly name: string;
  readonly workload: Workload;
  readonly spoil: (recording: Recording) => Timed[];
}

type Part = 'header' | 'log' | 'bat' | 'payload' | 'flush' | 'truncate';

const write = (position: number, length = 4096): Step => ({ kind: 'write', position, length });
const discard = (position: number, length = MIB): Step => ({ kind: 'discard', position, length });
const flush: Step = { kind: 'flush' };

/** What an operation is about, by its place in the file. Sector bitmap blocks lie among the payload. */
function partOf({ operation }: Timed, { image }: Recording): Part {
  if (operation.kind !== 'write') return operation.kind;
  if (operation.position < image.logOffset) return 'header';
  if (operation.position < image.batOffset) return 'log';
  return operation.position < image.dataOffset ? 'bat' : 'payload';
}

/** The operations of one part, in their order. */
function all(recording: Recording, part: Part): Timed[] {
  return recording.timed.filter((timed) => partOf(timed, recording) === part);
}

/** The writes of one part with other bytes. */
function rewritten(recording: Recording, part: Part, edit: (bytes: Uint8Array, position: number) => void): Timed[] {
  return recording.timed.map((timed) => {
    const { operation } = timed;
    if (operation.kind !== 'write' || partOf(timed, recording) !== part) return timed;
    const bytes = Uint8Array.from(operation.bytes);
    edit(bytes, operation.position);
    const change: Change = { ...operation, bytes };
    return { ...timed, operation: change };
  });
}

function editEntry(bytes: Uint8Array, edit: (header: VhdxLogEntryHeader) => void): void {
  const header = VhdxLogEntryHeader.fromBytes(bytes.slice(0, VhdxLogEntryHeader.SIZE));
  edit(header);
  bytes.set(header.toBytes());
  refixChecksum(bytes, 4);
}

/** Two commits of new blocks, at the end of the file. */
const NEW_BLOCKS: Workload = {
  name: 'new blocks',
  spec: { virtualSize: 8 * MIB, allocate: [0] },
  steps: [write(2 * MIB), flush, write(4 * MIB + 512), write(5 * MIB, 1024), flush, write(6 * MIB), flush],
};

const GARBAGE_WITHIN: Workload = {
  name: 'new blocks where something else was',
  spec: { virtualSize: 8 * MIB, allocate: [0] },
  garbage: 2,
  steps: [write(2 * MIB), flush, write(4 * MIB + 512), flush],
};

const IN_PLACE: Workload = {
  name: 'blocks that are there',
  spec: { virtualSize: 4 * MIB, allocate: [0, 1] },
  steps: [write(0), flush, write(MIB + 512), flush],
};

const USED_AGAIN: Workload = {
  name: 'a block given up, and its space used again',
  spec: { virtualSize: 8 * MIB, allocate: [0, 1] },
  steps: [discard(0), flush, write(5 * MIB, MIB), flush],
};

/** Commits of which each has another sector of the BAT: there are 512 entries in one. */
const TWO_BAT_SECTORS: Workload = {
  name: 'new blocks in two sectors of the BAT',
  spec: { virtualSize: 520 * MIB },
  steps: [write(514 * MIB), flush, write(3 * MIB), flush, write(516 * MIB), flush],
};

/** A bitmap block in which bits are set of a block that is not present, as another writer may leave them. */
const STALE_BITS: Workload = {
  name: 'a partly written block of a differencing disk, with stale bits',
  spec: { type: 'differencing', virtualSize: 8 * MIB, parent: PARENT_LOCATOR, bitmaps: [0] },
  staleBits: true,
  steps: [write(4 * MIB + 8192), flush],
};

/** Writes to the sector bitmap, in place and in the log, with all bits set that were set before. */
function withOldBits(recording: Recording): Timed[] {
  const { image, base } = recording;
  const bitmap = image.dataOffset;
  const keep = (bytes: Uint8Array, from: number, position: number): void => {
    const old = base.bytes(position, 4096);
    for (const [index, byte] of old.entries()) bytes[from + index] = (bytes[from + index] ?? 0) | byte;
  };
  const inPlace = rewritten(recording, 'payload', (bytes, position) => {
    if (position < bitmap + MIB && bytes.length === 4096) keep(bytes, 0, position);
  });
  return rewritten({ ...recording, timed: inPlace }, 'log', (bytes) => {
    const view = new DataView(bytes.buffer);
    let sector = 4096;
    for (let at = 64; at < 4096 && view.getUint32(at, true) === 0x6373_6564; at += 32, sector += 4096) {
      const position = Number(view.getBigUint64(at + 16, true));
      if (position < bitmap || position >= bitmap + MIB) continue;
      // The bytes that a descriptor holds, and the others: [MS-VHDX] 2.3.1.3.
      const whole = new Uint8Array(4096);
      whole.set(bytes.subarray(at + 8, at + 16));
      whole.set(bytes.subarray(sector + 8, sector + 4092), 8);
      whole.set(bytes.subarray(at + 4, at + 8), 4092);
      keep(whole, 0, position);
      bytes.set(whole.subarray(0, 8), at + 8);
      bytes.set(whole.subarray(8, 4092), sector + 8);
      bytes.set(whole.subarray(4092), at + 4);
    }
    refixChecksum(bytes, 4);
  });
}

export const mistakes: readonly Mistake[] = [
  {
    name: 'flush() does not flush the file',
    workload: IN_PLACE,
    spoil: (recording) => without(recording, flushAfter(recording, nth(all(recording, 'payload'), 0))),
  },
  {
    name: 'the log is not flushed before LogGuid is set',
    workload: NEW_BLOCKS,
    spoil: (recording) => without(recording, flushAfter(recording, nth(all(recording, 'log'), 0))),
  },
  {
    name: 'the log is not flushed before the BAT is written in its place',
    workload: NEW_BLOCKS,
    spoil: (recording) => without(recording, flushAfter(recording, nth(all(recording, 'log'), 1))),
  },
  {
    name: 'the BAT is written in its place before the log entry',
    workload: NEW_BLOCKS,
    spoil: (recording) => moved(recording, nth(all(recording, 'log'), 0).begin, [nth(all(recording, 'bat'), 0)]),
  },
  {
    name: 'the BAT shows a block before its payload is written',
    workload: NEW_BLOCKS,
    spoil: (recording) => {
      const entry = nth(all(recording, 'log'), 1);
      const payload = all(recording, 'payload').filter(({ end }) => end < entry.begin);
      return moved(recording, nth(all(recording, 'bat'), 1).begin, [nth(payload, -1)]);
    },
  },
  {
    name: 'payload in used space is not flushed before the log entry that shows it',
    workload: GARBAGE_WITHIN,
    spoil: (recording) => without(recording, flushBefore(recording, nth(all(recording, 'log'), 1))),
  },
  {
    name: 'used space is not zeroed',
    workload: GARBAGE_WITHIN,
    spoil: (recording) =>
      without(
        recording,
        ...all(recording, 'payload').filter(({ operation }) => operation.kind === 'write' && isZero(operation.bytes)),
      ),
  },
  {
    name: 'space is used again before the block that had it has been given up for good',
    workload: USED_AGAIN,
    spoil: (recording) => {
      const [entry, next] = all(recording, 'log');
      if (entry === undefined || next === undefined) throw new RangeError('there are not two entries');
      const payload = all(recording, 'payload').filter(({ begin, end }) => begin > entry.end && end < next.begin);
      return moved(recording, entry.begin, payload);
    },
  },
  {
    name: 'LogGuid is set before the first log entry is written',
    workload: NEW_BLOCKS,
    spoil: (recording) => {
      const entry = nth(all(recording, 'log'), 0);
      const headers = all(recording, 'header').filter(({ begin }) => begin > entry.end);
      const announcing = [nth(headers, 0), nth(headers, 1)];
      return moved(
        recording,
        entry.begin,
        announcing.flatMap((header) => [header, flushAfter(recording, header)]),
      );
    },
  },
  {
    name: 'LogGuid is cleared before the BAT in its place is flushed',
    workload: NEW_BLOCKS,
    spoil: (recording) => without(recording, flushAfter(recording, nth(all(recording, 'bat'), -1))),
  },
  {
    name: 'the two headers are written without a flush between them',
    workload: NEW_BLOCKS,
    spoil: (recording) => without(recording, flushAfter(recording, nth(all(recording, 'header'), 2))),
  },
  {
    name: 'only one of the two headers is written',
    workload: NEW_BLOCKS,
    spoil: (recording) => without(recording, ...all(recording, 'header').filter((_, index) => index % 2 === 1)),
  },
  {
    name: 'the file is changed before it has a new FileWriteGuid',
    workload: IN_PLACE,
    spoil: (recording) => moved(recording, nth(all(recording, 'header'), 0).begin, [nth(all(recording, 'payload'), 0)]),
  },
  {
    name: 'the tail is advanced before the BAT in its place is flushed',
    workload: TWO_BAT_SECTORS,
    spoil: (recording) =>
      rewritten(recording, 'log', (bytes, position) =>
        editEntry(bytes, (header) => {
          header.tail = position - recording.image.logOffset;
        }),
      ),
  },
  {
    name: 'FlushedFileOffset is the length of a file that has not been flushed',
    workload: NEW_BLOCKS,
    spoil: (recording) =>
      rewritten(recording, 'log', (bytes) =>
        editEntry(bytes, (header) => {
          header.flushedFileOffset = header.lastFileOffset;
        }),
      ),
  },
  { name: 'bits of a sector bitmap are not cleared', workload: STALE_BITS, spoil: withOldBits },
];
