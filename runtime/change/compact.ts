/** Plans and applies a compaction or defragmentation of an image in place. */
import { requireOptions } from '../base/arguments.js';
import type { SignalOptions } from '../base/options.js';
import { MIB } from '../base/units.js';
import { parentFaults } from '../disk/chain.js';
import { VhdxError } from '../errors/errors.js';
import type { ByteTarget } from '../io/byte-target.js';
import { requireTarget } from '../io/to-byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { applyOperation, type ApplyOptions, type ChangeReport, planOperation } from './apply.js';
import { type Change, type ChangeSubject, type Job, readSubject, sessionOperation } from './operation.js';
import { moveBlocks } from './block-mover.js';
import { copyWithout } from './compact-copy.js';
import { freeBytes, freedBytes, holesOf, movesOf, outcomeOf, stepsOf } from './compact-steps.js';
import type { ContentsQuestions } from './block-contents.js';
import { type CompactRequest, requireRequest } from './compact-request.js';
import type { FileLayout } from './file-layout.js';
import { NeedlessStorage } from './needless-storage.js';
import { CHILDREN_NOTICE } from './notices.js';
import type { ChangePlan, PlanOptions } from './plan.js';
import type { ChangeSession } from './session.js';
import type { FreedBytes } from './storage-judge.js';
import { movableStructures } from './structures.js';

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
  /** Bytes inside of the file that are made holes. */
  readonly punched: number;
}

type CompactDetail = Pick<CompactPlan, 'operation' | 'freed' | 'free' | 'moved' | 'punched'>;

const HOLES_NOTICE =
  'The file has holes afterwards: Hyper-V and WSL refuse it where Windows has marked it as sparse for that, and a copy of it may be marked so.';
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
    const free = freeBytes(layout, fileSize) - freedBytes(freed);
    const outcome = outcomeOf(layout, request, fileSize);
    return {
      steps: stepsOf(needless, outcome, movableStructures(image), fileSize, request),
      notices: [
        ...(needless.changesContents ? [CHILDREN_NOTICE] : []),
        ...(image.disk.type === 'fixed' ? [FIXED_NOTICE] : []),
        ...(outcome.punchedBytes > 0 ? [HOLES_NOTICE] : []),
      ],
      changesContents: needless.changesContents,
      newFileSize: outcome.newFileSize,
      detail: {
        operation: this.name,
        freed,
        free: Math.max(0, free),
        moved: outcome.movedBytes,
        punched: outcome.punchedBytes,
      },
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
  // What the host cannot do is to be known before anything else is done.
  if (request.punchHoles === true) await session.discard(0, 0);
  if (needless.entries > 0) await needless.giveUp(session, subject.survey);
  const layout = await needless.layout(subject, session.reading);
  await moveBlocks(session, layout, movesOf(layout, request));
  await session.cutTo(layout.end * MIB);
  if (request.punchHoles === true) await punchHoles(session, layout);
}

/** Of free space that nothing in the file refers to any more. */
async function punchHoles(session: ChangeSession, layout: FileLayout): Promise<void> {
  for (const [first, end] of holesOf(layout, session.target.size)) {
    await session.discard(first * MIB, (end - first) * MIB);
  }
  await session.flush();
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
  await requireTarget(target).truncate(0);
  const freed = await copyWithout(image, questionsOf(request), target, options);
  return { freed, fileSize: image.view.size, newFileSize: target.size };
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
