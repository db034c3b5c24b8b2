/** Changes of images at rest, every state in which a crash can leave one, and what such a state may be. */
import { createHash } from 'node:crypto';
import { openDisk, type VhdxDisk } from '../../runtime/disk/disk.js';
import type { ParentResolver } from '../../runtime/disk/chain.js';
import { examineImage } from '../../runtime/check/check.js';
import { isZero } from '../../runtime/base/bytes.js';
import { formatGuid } from '../../runtime/base/guid.js';
import { VhdxError } from '../../runtime/errors/errors.js';
import { type ByteSource, readExactly } from '../../runtime/io/byte-source.js';
import type { ByteTarget } from '../../runtime/io/byte-target.js';
import { type CrashOptions, type CrashState, statesOf, windowsOf } from '../support/crash-states.js';
import type { TestImage } from '../support/image-builder.js';
import { LayeredFile, PAGE } from '../support/layered-file.js';
import { RecordingTarget, type Timed } from '../support/recording-target.js';
import { Draft } from './image-state.js';
import { ReadMemo } from './read-memo.js';

/** A change of an image. */
export interface ChangeWorkload {
  readonly name: string;
  readonly image: () => TestImage;
  /** Plans it for the image as it is, and carries it out; the second time there is nothing left to do. */
  readonly change: (target: ByteTarget) => Promise<unknown>;
  readonly parent?: ParentResolver;
  /** What the contents are read from; the disk of the image, if left out. */
  readonly open?: (source: ByteSource) => Promise<VhdxDisk>;
  /** Whether the contents may be only those before and after the change: always, if left out. */
  readonly isAllowed?: (contents: string, before: string, after: string) => boolean;
  /** Whether it writes over payload where that is: of that a sector is either old or new, as for any writer. */
  readonly writesInPlace?: true;
  /** Of so many states the change is completed from one; left out: of as many as for all. */
  readonly completeEvery?: number;
}

export interface ChangeRecording {
  readonly workload: ChangeWorkload;
  readonly image: TestImage;
  readonly base: LayeredFile;
  readonly timed: readonly Timed[];
}

/** What a reader makes of an image. */
interface Seen {
  /** What no image may have, crash or not. */
  readonly faults: readonly { readonly code: string; readonly severity: string; readonly message: string }[];
  /** Equal for disks of one size and the same contents. */
  readonly contents: string;
  readonly isPending: boolean;
  readonly fileWriteGuid: string;
  readonly dataWriteGuid: string;
}

const UNIT = 64 * 1024;
const HEADERS_END = 192 * 1024;
const HEADERS_START = 64 * 1024;
/** What an image is between the updates of its two headers, between log and places, and where a file was growing. */
const BETWEEN_UPDATES: readonly string[] = [
  'VHDX_HEADER_DATA_WRITE_GUID_DIFFERS',
  'VHDX_LOG_PENDING',
  'VHDX_FILE_LENGTH_UNALIGNED',
];
const TORN_HEADER = /^VHDX_HEADER_/;

type Opener = (source: ByteSource) => Promise<VhdxDisk>;

/** What a user sees of a disk, as a text. */
async function contentsOf(source: ByteSource, open: Opener): Promise<string> {
  const disk = await open(source);
  const hash = createHash('sha1');
  for await (const { kind, virtualOffset, length } of disk.extents()) {
    if (kind === 'zero') continue;
    for (let at = virtualOffset; at < virtualOffset + length;) {
      const end = Math.min(virtualOffset + length, (Math.floor(at / UNIT) + 1) * UNIT);
      const bytes = await readExactly(disk, at, end - at);
      // Of one unit, whatever extents it is in, the parts that are not zeros.
      for (let from = 0; from < bytes.length; from += 512) {
        const part = bytes.subarray(from, from + 512);
        if (!isZero(part)) hash.update(`${at + from}:`).update(part);
      }
      at = end;
    }
  }
  return `${disk.size} bytes, ${hash.digest('hex')}, ID ${disk.image.disk.virtualDiskId}, sectors of ${disk.image.disk.physicalSectorSize}`;
}

async function see(source: ByteSource, open: Opener): Promise<Seen> {
  const { report, walk } = await examineImage(source);
  const faults = report.findings.filter(({ severity }) => severity !== 'info');
  const header = walk?.header?.header;
  if (report.counts.error > 0 || header === undefined) {
    return { faults, contents: '', isPending: false, fileWriteGuid: '', dataWriteGuid: '' };
  }
  return {
    faults,
    contents: await contentsOf(source, open),
    isPending: walk?.log?.state === 'pending',
    fileWriteGuid: formatGuid(header.fileWriteGuid),
    dataWriteGuid: formatGuid(header.dataWriteGuid),
  };
}

/** Carries a change out, and records what it does to the file. */
export async function recordChange(workload: ChangeWorkload): Promise<ChangeRecording> {
  const image = workload.image();
  const base = LayeredFile.of(image.source);
  const target = new RecordingTarget(base.copy());
  await workload.change(target);
  return { workload, image, base, timed: target.timed };
}

/** How many states there were, and of how many the change was completed. */
export interface ChangeCounts {
  states: number;
  completed: number;
}

function isHeaderTorn(state: CrashState): boolean {
  for (const { position } of state.torn()) if (position < HEADERS_END) return true;
  return false;
}

/** Whether anything but the headers is another than in the base. */
function isChanged(file: LayeredFile, base: LayeredFile): boolean {
  for (let layer: LayeredFile | undefined = file; layer !== undefined && layer !== base; layer = layer.below) {
    for (const number of layer.pages.keys()) {
      const position = number * PAGE;
      if (position < HEADERS_START || position >= HEADERS_END) return true;
    }
  }
  return false;
}

/** What is wrong with an image that a change, or a completed one, has left at rest. */
async function faultAtRest(source: ByteSource, expected: string, open: Opener): Promise<string | undefined> {
  const seen = await see(source, open);
  const [fault] = seen.faults;
  if (fault !== undefined) return `${fault.severity} ${fault.code}: ${fault.message}`;
  if (seen.isPending) return 'there is a log to be replayed';
  return seen.contents === expected ? undefined : `reads as ${seen.contents}, not as ${expected}`;
}

/** The first state of a recording that must not be; `undefined` if there is none. */
export async function exploreChange(
  { workload, image, base, timed }: ChangeRecording,
  options: CrashOptions & { readonly completeEvery: number },
  counts: ChangeCounts,
): Promise<string | undefined> {
  const { parent, change } = workload;
  const open = workload.open ?? ((source: ByteSource) => openDisk(source, parent === undefined ? {} : { parent }));
  const before = await see(base, open);
  let last: LayeredFile = base;
  for (const { flushed, end } of windowsOf(base, [...timed])) if (end === Infinity) last = flushed.copy();
  const after = await see(last, open);
  const isAllowed =
    workload.isAllowed ?? ((contents): boolean => contents === before.contents || contents === after.contents);
  const damagedUpTo = workload.writesInPlace === true ? image.dataOffset : Infinity;
  const all = { ...options, mayDamage: (at: number) => at >= HEADERS_START && at < damagedUpTo };
  for (const window of windowsOf(base, [...timed])) {
    const views = new ReadMemo(window.flushed, (source) => see(source, open));
    const completions = new ReadMemo(window.flushed, async (source) => {
      const draft = new Draft(source);
      try {
        await change(new RecordingTarget(draft));
      } catch (error) {
        if (error instanceof VhdxError) return `cannot be completed: ${error.code}: ${error.message}`;
        throw error;
      }
      const fault = await faultAtRest(
        { size: draft.size, read: (into, at) => draft.read(into, at) },
        after.contents,
        open,
      );
      return fault === undefined ? undefined : `completed, it ${fault}`;
    });
    for (const state of statesOf(window, all)) {
      counts.states += 1;
      const headerTorn = isHeaderTorn(state);
      const seen = await views.run(state.file);
      const bad = seen.faults.find(
        ({ code, severity }) =>
          !BETWEEN_UPDATES.includes(code) && !(severity === 'refuse-write' && headerTorn && TORN_HEADER.test(code)),
      );
      if (bad !== undefined) return `${bad.severity} ${bad.code}: ${bad.message}\n  crash ${state.name}`;
      if (!isAllowed(seen.contents, before.contents, after.contents)) {
        return `reads as ${seen.contents}; before it was ${before.contents}, after it ${after.contents}\n  crash ${state.name}`;
      }
      if (seen.contents !== before.contents && seen.dataWriteGuid === before.dataWriteGuid) {
        return `has other contents under the old DataWriteGuid\n  crash ${state.name}`;
      }
      if (seen.fileWriteGuid === before.fileWriteGuid && isChanged(state.file, base)) {
        return `was changed under its old FileWriteGuid\n  crash ${state.name}`;
      }
      // A damaged header is repaired first, which is not this change's to do.
      if (seen.faults.some(({ code }) => TORN_HEADER.test(code) && code !== 'VHDX_HEADER_DATA_WRITE_GUID_DIFFERS'))
        continue;
      if (counts.states % (workload.completeEvery ?? options.completeEvery) !== 0) continue;
      counts.completed += 1;
      const fault = await completions.run(state.file);
      if (fault !== undefined) return `${fault}\n  crash ${state.name}`;
    }
  }
  const fault = await faultAtRest(last, after.contents, open);
  return fault === undefined ? undefined : `when it is done, it ${fault}`;
}
