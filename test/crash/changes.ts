/** Changes of images at rest, every state in which a crash can leave one, and what such a state may be. */
import { openDisk, type VhdxDisk } from '../../runtime/disk/disk.js';
import type { ParentResolver } from '../../runtime/disk/chain.js';
import { examineImage } from '../../runtime/check/check.js';
import { formatGuid } from '../../runtime/base/guid.js';
import { VhdxError } from '../../runtime/errors/errors.js';
import type { ByteSource } from '../../runtime/io/byte-source.js';
import type { ByteTarget } from '../../runtime/io/byte-target.js';
import { type CrashOptions, type CrashState, statesOf, windowsOf } from '../support/crash-states.js';
import type { TestImage } from '../support/image-builder.js';
import { LayeredFile, PAGE } from '../support/layered-file.js';
import { RecordingTarget, type Timed } from '../support/recording-target.js';
import { type Layout, LayeredSums, layoutOf, sumOf } from './contents.js';
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
  /** Whether it writes so much that fewer of its states are gone through. */
  readonly isLarge?: true;
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

/** An image as checker and opener see it. */
interface Examined {
  readonly seen: Omit<Seen, 'contents'>;
  /** The contents as a text, but for what tells them apart; empty if they cannot be read. */
  readonly textOf: (sum: string) => string;
  /** Left out if the contents cannot be read. */
  readonly layout?: Layout;
}

/** Checks an image, opens it, and says where its contents are. Reads no payload of it. */
async function examine(source: ByteSource, open: Opener): Promise<Examined> {
  const { report, walk } = await examineImage(source);
  const faults = report.findings.filter(({ severity }) => severity !== 'info');
  const header = walk?.header?.header;
  if (report.counts.error > 0 || header === undefined) {
    const seen = { faults, isPending: false, fileWriteGuid: '', dataWriteGuid: '' };
    return { seen, textOf: () => '' };
  }
  // Contents in the log are none of the file's, where they are looked for.
  const logged = report.findings.find(({ code }) => code === 'VHDX_LOG_TARGET_PAYLOAD');
  if (logged !== undefined) faults.push(logged);
  const disk = await open(source);
  const { virtualDiskId, physicalSectorSize } = disk.image.disk;
  return {
    seen: {
      faults,
      isPending: walk?.log?.state === 'pending',
      fileWriteGuid: formatGuid(header.fileWriteGuid),
      dataWriteGuid: formatGuid(header.dataWriteGuid),
    },
    textOf: (sum) => `${disk.size} bytes, ${sum}, ID ${virtualDiskId}, sectors of ${physicalSectorSize}`,
    layout: await layoutOf(disk, source),
  };
}

/** What a reader makes of an image, all of which is read. */
async function see(source: ByteSource, open: Opener): Promise<Seen> {
  const { seen, textOf, layout } = await examine(source, open);
  return { ...seen, contents: layout === undefined ? '' : textOf(await sumOf(await open(source))) };
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
async function faultAtRest(
  source: ByteSource,
  expected: string,
  open: Opener,
  isMerged: boolean,
): Promise<string | undefined> {
  const seen = await see(source, open);
  // When the child no longer fits, all is done, even if the second header does not say so yet: both read the same.
  const fault = seen.faults.find(({ code }) => !(isMerged && code === 'VHDX_HEADER_DATA_WRITE_GUID_DIFFERS'));
  if (fault !== undefined) return `${fault.severity} ${fault.code}: ${fault.message}`;
  if (seen.isPending) return 'there is a log to be replayed';
  return seen.contents === expected ? undefined : `reads as ${seen.contents}, not as ${expected}`;
}

/** Of so many states one is read whole. */
const READ_EVERY = 100;

/** How thoroughly changes are gone through that write much. */
const FEWER = { exhaustive: 8, samples: 400, tears: 10 };

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
  const all = {
    ...options,
    ...(workload.isLarge === true ? FEWER : {}),
    mayDamage: (at: number) => at >= HEADERS_START && at < damagedUpTo,
  };
  for (const window of windowsOf(base, [...timed])) {
    const views = new ReadMemo(window.flushed, (source) => examine(source, open));
    const sums = new LayeredSums(window.flushed);
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
        workload.open !== undefined,
      );
      return fault === undefined ? undefined : `completed, it ${fault}`;
    });
    for (const state of statesOf(window, all)) {
      counts.states += 1;
      const headerTorn = isHeaderTorn(state);
      const { seen: found, textOf, layout } = await views.run(state.file);
      const contents = layout === undefined ? '' : textOf(sums.sumOf(state.file, layout));
      // Once in a while all is read as a user would: what is told without that must be the same.
      if (layout !== undefined && counts.states % READ_EVERY === 0) {
        const read = (await see(state.file, open)).contents;
        if (read !== contents) return `reads as ${read}, not as ${contents}\n  crash ${state.name}`;
      }
      const seen: Seen = { ...found, contents };
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
      if (counts.states % options.completeEvery !== 0) continue;
      counts.completed += 1;
      const fault = await completions.run(state.file);
      if (fault !== undefined) return `${fault}\n  crash ${state.name}`;
    }
  }
  const fault = await faultAtRest(last, after.contents, open, workload.open !== undefined);
  return fault === undefined ? undefined : `when it is done, it ${fault}`;
}
