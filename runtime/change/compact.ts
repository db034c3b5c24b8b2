/** Plans and applies a compaction or defragmentation of an image in place. */
import { requireBoolean, requireFunction, requireOptions } from '../base/arguments.js';
import type { SignalOptions } from '../base/options.js';
import { countText, MIB, sizeText } from '../base/units.js';
import { parentFaults } from '../disk/chain.js';
import type { VhdxDisk } from '../disk/disk.js';
import { VhdxError } from '../errors/errors.js';
import type { ByteTarget } from '../io/byte-target.js';
import { requireTarget } from '../io/to-byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { applyOperation, type ApplyOptions, type ChangeReport, planOperation } from './apply.js';
import { type Change, type ChangeSubject, type Job, readSubject, sessionOperation } from './operation.js';
import { batchLimits, moveBlocks } from './block-mover.js';
import { copyWithout } from './compact-copy.js';
import type { ContentsQuestions } from './block-contents.js';
import type { FileLayout } from './file-layout.js';
import type { FreeRanges } from './free-ranges.js';
import { type MoveBatch, planMoves } from './move-planner.js';
import { type FreedBytes, NeedlessStorage } from './needless-storage.js';
import { CHILDREN_NOTICE } from './notices.js';
import type { ChangePlan, PlanOptions, PlanStep } from './plan.js';
import type { ChangeSession } from './session.js';
import { planSort } from './sort-planner.js';

/** How a file is to be made smaller. */
export interface CompactRequest {
  /** Whether blocks that are all zero give up their storage; they do if it is left out. */
  readonly zeros?: boolean | undefined;
  /**
   * Whether blocks are moved into free space, so that the file can be cut; they are if it is left out. Otherwise only what
   * is free at the end of the file is cut off.
   */
  readonly move?: boolean | undefined;
  /** Whether payload blocks are brought into the order of the disk. */
  readonly sort?: boolean | undefined;
  /** Says which parts of the disk nobody needs; those read as zeros afterwards, and DataWriteGuid changes (2.2.2). */
  readonly freeRanges?: FreeRanges | undefined;
  /** The parent of a differencing disk: for `againstParent`, and for `freeRanges` to read what is left to it. */
  readonly parent?: VhdxDisk | undefined;
  /** Whether blocks that equal what lies there in `parent` give up their storage. */
  readonly againstParent?: boolean | undefined;
}

/** What compacting an image is going to do. */
export interface CompactPlan extends ChangePlan {
  /** Whether blocks are put into the order of the disk as well. */
  readonly operation: 'compact' | 'defragment';
  /** Bytes of storage that are given up, by the reason. */
  readonly freed: FreedBytes;
  /** Bytes of the file that were free before. */
  readonly free: number;
  /** Bytes that are moved. */
  readonly moved: number;
}

type CompactDetail = Pick<CompactPlan, 'operation' | 'freed' | 'free' | 'moved'>;

/** All moves of a request, tried on `layout`. */
function* movesOf(layout: FileLayout, { move = true, sort = false }: CompactRequest): Generator<MoveBatch> {
  if (move) yield* planMoves(layout, batchLimits());
  if (sort) yield* planSort(layout, batchLimits());
}

const REASON_TEXTS: readonly (readonly [keyof FreedBytes, string])[] = [
  ['zero', 'all zero'],
  ['unmapped', 'of no defined contents'],
  ['unused', 'not in use'],
  ['parent', 'as in the parent'],
  ['bitmap', 'sector bitmaps'],
];

function freeingStep(needless: NeedlessStorage): PlanStep {
  const { freed, entries } = needless;
  const sum = REASON_TEXTS.reduce((total, [reason]) => total + freed[reason], 0);
  const parts = REASON_TEXTS.filter(([reason]) => freed[reason] > 0).map(
    ([reason, text]) => `${sizeText(freed[reason])} ${text}`,
  );
  return {
    kind: 'free-blocks',
    message: `Give up the storage of ${countText(entries, 'block')}, ${sizeText(sum)}: ${parts.join(', ')} (2.5.1).`,
    bytes: 0,
  };
}

/** What a file comes to. */
interface Outcome {
  readonly moves: number;
  readonly movedBytes: number;
  readonly newFileSize: number;
}

function outcomeOf(layout: FileLayout, request: CompactRequest, fileSize: number): Outcome {
  let moves = 0;
  let units = 0;
  for (const batch of movesOf(layout, request)) {
    moves += batch.length;
    units += batch.reduce((sum, move) => sum + move.units, 0);
  }
  return { moves, movedBytes: units * MIB, newFileSize: Math.min(fileSize, layout.end * MIB) };
}

function stepsOf(
  needless: NeedlessStorage,
  { moves, movedBytes, newFileSize }: Outcome,
  fileSize: number,
  { sort = false }: CompactRequest,
): PlanStep[] {
  const purpose = sort ? 'into free space and into the order of the disk' : 'into free space';
  return [
    ...(needless.entries > 0 ? [freeingStep(needless)] : []),
    ...(moves > 0
      ? [
          {
            kind: 'move-blocks' as const,
            message: `Move ${countText(moves, 'block')}, ${sizeText(movedBytes)}, ${purpose}.`,
            bytes: movedBytes,
          },
        ]
      : []),
    ...(newFileSize < fileSize
      ? [
          {
            kind: 'cut-file' as const,
            message: `Cut the file from ${sizeText(fileSize)} to ${sizeText(newFileSize)}.`,
            bytes: 0,
          },
        ]
      : []),
  ];
}

const FIXED_NOTICE =
  'A fixed disk keeps the storage of all its blocks; vhdx convert --type dynamic makes a disk that does without.';

/** @throws VhdxError as `judgeParent`: blocks that are left to another parent would become other contents */
function requireParent({ image }: ChangeSubject, { parent, againstParent = false, freeRanges }: CompactRequest): void {
  if (!image.disk.hasParent) {
    if (!againstParent) return;
    throw new VhdxError('VHDX_COMPACT_NO_PARENT', {
      message: 'The disk has no parent to compare its blocks with: it is not a differencing one.',
    });
  }
  if (parent === undefined) {
    if (!againstParent && freeRanges === undefined) return;
    throw new VhdxError('VHDX_PARENT_NOT_FOUND', { message: 'The parent of the disk is needed for this.' });
  }
  const [fault] = parentFaults(image, parent.image);
  if (fault !== undefined) throw new VhdxError(fault.code, { message: fault.message });
}

function freeBytes(layout: FileLayout, fileSize: number): number {
  let units = 0;
  for (let unit = 0; unit < Math.ceil(fileSize / MIB); unit += 1) if (layout.at(unit) === 0) units += 1;
  return units * MIB;
}

function requireRequest(request: CompactRequest): void {
  if (typeof request !== 'object' || request === null) throw new TypeError('the request must be an object');
  const { zeros, move, sort, freeRanges, againstParent } = request;
  for (const [title, value] of Object.entries({ zeros, move, sort, againstParent })) requireBoolean(value, title);
  requireFunction(freeRanges, 'freeRanges');
}

/** Makes the same job of the same image each time; what the contents of its blocks come to is found out once. */
class Compaction implements Change<CompactDetail> {
  readonly name: 'compact' | 'defragment';
  readonly #request: CompactRequest;
  #needless: NeedlessStorage | undefined;

  constructor(name: 'compact' | 'defragment', request: CompactRequest) {
    requireRequest(request);
    this.name = name;
    this.#request = request;
  }

  readonly prepare = async (subject: ChangeSubject, options: SignalOptions): Promise<Job<CompactDetail>> => {
    const request = this.#request;
    requireParent(subject, request);
    const { image } = subject;
    // A plan is carried out on the very file that it was made for, so its blocks hold what they held then.
    this.#needless ??= await NeedlessStorage.find(image, questionsOf(request), options);
    const needless = this.#needless;
    const fileSize = image.view.size;
    const layout = await needless.layout(subject, options);
    const { freed } = needless;
    const free = freeBytes(layout, fileSize) - REASON_TEXTS.reduce((sum, [reason]) => sum + freed[reason], 0);
    const outcome = outcomeOf(layout, request, fileSize);
    const isFixed = image.disk.type === 'fixed';
    return {
      steps: stepsOf(needless, outcome, fileSize, request),
      notices: [...(needless.changesContents ? [CHILDREN_NOTICE] : []), ...(isFixed ? [FIXED_NOTICE] : [])],
      changesContents: needless.changesContents,
      newFileSize: outcome.newFileSize,
      detail: { operation: this.name, freed, free: Math.max(0, free), moved: outcome.movedBytes },
      run: (session) => run(session, subject, needless, request),
    };
  };
}

function questionsOf({ zeros = true, againstParent = false, parent, freeRanges }: CompactRequest): ContentsQuestions {
  return { zeros, againstParent, parent, freeRanges };
}

async function run(
  session: ChangeSession,
  subject: ChangeSubject,
  needless: NeedlessStorage,
  request: CompactRequest,
): Promise<void> {
  if (needless.entries > 0) await needless.giveUp(session, subject.survey);
  const layout = await needless.layout(subject, session.reading);
  await moveBlocks(session, layout, movesOf(layout, request));
  await session.cutTo(layout.end * MIB);
}

/**
 * Says how much smaller the file of an image can become, and what it takes: blocks whose storage is not needed give it
 * up, blocks at the end of the file are moved into what is free, and the file is cut. Changes nothing. The source stays
 * open. Costs a pass over the BAT, a read of 64 KiB or less for each block with data, and one of the whole block where it
 * may be all zero; memory of 4 bytes for each MiB of the file and 1 byte for each block.
 *
 * @throws VhdxError as `openVhdx`; the code of the first finding that forbids writing; VHDX_COMPACT_NO_PARENT,
 * VHDX_PARENT_NOT_FOUND, VHDX_PARENT_LINKAGE_MISMATCH, VHDX_PARENT_SECTOR_SIZE_MISMATCH; what `freeRanges` throws, and
 * RangeError if its ranges are not in order
 */
export async function planCompact(
  source: Bytes,
  request: CompactRequest = {},
  options: PlanOptions = {},
): Promise<CompactPlan> {
  return planOperation(toByteSource(source), sessionOperation(new Compaction('compact', request), options), options);
}

/**
 * Plans as `planCompact` and carries it out at once. Whenever it is interrupted, the disk holds the same; only what lies
 * in free ranges may be zeros or not. The next call goes on from there.
 *
 * @throws as `planCompact` and `applyPlan`
 */
export async function compactImage(
  target: ByteTarget,
  request: CompactRequest = {},
  options: ApplyOptions & PlanOptions = {},
): Promise<ChangeReport<CompactPlan>> {
  return applyOperation(target, sessionOperation(new Compaction('compact', request), options), options);
}

/** What copying without needless storage has made. */
export interface CompactCopyReport {
  /** Bytes of storage that the copy does without, by the reason. */
  readonly freed: FreedBytes;
  /** Length of the image in bytes, after the replay of its log. */
  readonly fileSize: number;
  /** Length of the copy in bytes. */
  readonly newFileSize: number;
}

/**
 * Writes a compacted copy of an image into `target`, whose contents are lost; the image stays as it is. A pending log is
 * replayed in memory. The copy has its blocks in the order of the disk, and all identifiers of the image but
 * FileWriteGuid. The first bytes of the file, which say that it is a VHDX, are written last; nothing is flushed.
 *
 * @throws as `planCompact`; what `target` throws
 */
export async function copyCompacted(
  source: Bytes,
  target: ByteTarget,
  request: CompactRequest = {},
  options: ApplyOptions = {},
): Promise<CompactCopyReport> {
  requireOptions(options);
  requireRequest(request);
  const subject = await readSubject(toByteSource(source), { signal: options.signal });
  requireParent(subject, request);
  const { image } = subject;
  const needless = await NeedlessStorage.find(image, questionsOf(request), { signal: options.signal });
  await requireTarget(target).truncate(0);
  await copyWithout(image, needless, target, options);
  return { freed: needless.freed, fileSize: image.view.size, newFileSize: target.size };
}

/** What defragmenting is: nothing is looked for in the contents of blocks. */
const SORTING: CompactRequest = { zeros: false, sort: true };

/**
 * As `planCompact`, but for the order: payload blocks come to lie in that of the disk, without free space among them.
 *
 * @throws VhdxError as `openVhdx`; the code of the first finding that forbids writing
 */
export async function planDefragment(source: Bytes, options: SignalOptions = {}): Promise<CompactPlan> {
  return planOperation(toByteSource(source), sessionOperation(new Compaction('defragment', SORTING)), options);
}

/** Plans as `planDefragment` and carries it out at once, as `compactImage` does. @throws as `planDefragment` and `applyPlan` */
export async function defragmentImage(
  target: ByteTarget,
  options: ApplyOptions = {},
): Promise<ChangeReport<CompactPlan>> {
  return applyOperation(target, sessionOperation(new Compaction('defragment', SORTING)), options);
}
