/** Plans and applies the merge of a child into its parent. */
import { requireBoolean, requireCount } from '../base/arguments.js';
import { guidsEqual } from '../base/guid.js';
import { SECTOR_BITMAP_BLOCK_SIZE } from '../base/limits.js';
import type { SignalOptions } from '../base/options.js';
import { countText, sizeText } from '../base/units.js';
import { PayloadState } from '../format/bat-states.js';
import { type ParentFault, parentFaults } from '../disk/chain.js';
import { VhdxDisk } from '../disk/disk.js';
import { type VhdxCode, VhdxError } from '../errors/errors.js';
import { FileSpace } from '../image/file-space.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { applyOperation, type ApplyOptions, type ChangeReport, planOperation } from './apply.js';
import { type Change, type ChangeSubject, type Job, sessionOperation } from './operation.js';
import { holdsAll } from './merge-done.js';
import { bytesFor, mergedBlocks, Merger, needsBitmap } from './merge-work.js';
import { type ChangePlan, type PlanBinding, type PlanRefusal, type PlanStep, requireState, stateOf } from './plan.js';
import { measureResize, type Resizing, takeStorage } from './resize-plan.js';
import { readAgain, resizeDisk } from './resize-work.js';
import type { ChangeSession } from './session.js';

/** How a child is to be merged. */
export interface MergeRequest {
  /**
   * The disk of the child, open with its parents; it has to stay open, and nothing may write to its images. Opened with
   * `ignoreIdMismatch`, it may be one that has been merged before: the plan then says so, and has no steps.
   */
  readonly child: VhdxDisk;
  /** How many parents away the image is that it is merged into: 1, the direct one, if left out. */
  readonly depth?: number | undefined;
  /** Other images that take one of the merged ones for their parent, by name: the merge is refused if there are any. */
  readonly otherChildren?: readonly string[] | undefined;
  /** Merge in spite of them; they lose their parent. */
  readonly force?: boolean | undefined;
}

/** What merging is going to do to the parent. */
export interface MergePlan extends ChangePlan {
  /** The operation that the plan is of. */
  readonly operation: 'merge';
  /** How many images are merged into the parent. */
  readonly levels: number;
  /** The parent is no longer the one that the child was made for, but has all that is merged: there is nothing to do. */
  readonly isMerged: boolean;
  /** Bytes of the virtual disk of the parent before. */
  readonly virtualSize: number;
  /** Bytes of the virtual disk of the parent afterwards. */
  readonly newVirtualSize: number;
}

type MergeDetail = Pick<MergePlan, 'operation' | 'levels' | 'isMerged' | 'virtualSize' | 'newVirtualSize'>;

/** What there is to be merged, as far as the parent is concerned. */
interface Measure {
  readonly bytes: number;
  readonly blocks: number;
  readonly newBlocks: number;
  readonly newBitmaps: number;
  readonly zeroed: number;
  readonly fileSize: number;
}

async function measure(
  { image, survey }: ChangeSubject,
  growth: Resizing | undefined,
  levels: readonly VhdxDisk[],
  options: SignalOptions,
): Promise<Measure> {
  const space = FileSpace.of(image, survey);
  if (growth !== undefined) {
    const { bat } = takeStorage(space, growth);
    if (bat !== undefined) space.release(growth.region);
  }
  const geometry = growth?.geometry ?? image.bat.geometry;
  const bitmaps = new Set(survey.bitmaps.map(({ chunk }) => chunk));
  let [bytes, blocks, newBlocks, newBitmaps, zeroed] = [0, 0, 0, 0, 0];
  let hasTaken = growth !== undefined;
  for await (const merged of mergedBlocks({ image, geometry }, levels, options)) {
    const { merge, block } = merged;
    if (merge.writes === 'nothing' && merge.state === undefined) continue;
    blocks += 1;
    const storage = merge.writes === 'new' ? space.take(geometry.blockSize) : undefined;
    bytes += bytesFor(merged, geometry.blockSize, storage?.isNew ?? false);
    if (storage !== undefined) newBlocks += 1;
    if (merge.state === PayloadState.ZERO) zeroed += 1;
    const chunk = Math.floor(block / geometry.chunkRatio);
    if (needsBitmap(merged) && !bitmaps.has(chunk)) {
      bitmaps.add(chunk);
      newBitmaps += 1;
      if (!space.take(SECTOR_BITMAP_BLOCK_SIZE).isNew) bytes += SECTOR_BITMAP_BLOCK_SIZE;
    }
    hasTaken ||= storage !== undefined;
  }
  return { bytes, blocks, newBlocks, newBitmaps, zeroed, fileSize: hasTaken ? space.end : image.view.size };
}

function stepsOf(found: Measure, growth: Resizing | undefined, levels: number): PlanStep[] {
  const { bytes, blocks, newBlocks, newBitmaps, zeroed } = found;
  const parts = [
    ...(newBlocks > 0 ? [`${newBlocks} of them new`] : []),
    ...(zeroed > 0 ? [`${zeroed} of them zeros without storage`] : []),
    ...(newBitmaps > 0 ? [`with ${countText(newBitmaps, 'new sector bitmap block')}`] : []),
  ];
  const list = parts.length === 0 ? '' : `, ${parts.join(', ')}`;
  const whose = levels === 1 ? 'the child' : `${levels} children`;
  return [
    ...(growth?.steps ?? []),
    {
      kind: 'payload',
      message: `Write what ${whose} supplied into ${countText(blocks, 'block')} of the parent: ${sizeText(bytes)}${list}.`,
      bytes,
    },
    {
      kind: 'header',
      message:
        'Give the headers of the parent a new DataWriteGuid: the child no longer takes it for its parent (2.2.2).',
      bytes: 0,
    },
  ];
}

function refusalsOf({ otherChildren = [], force = false }: MergeRequest): PlanRefusal[] {
  if (otherChildren.length === 0 || force) return [];
  return [
    {
      code: 'VHDX_MERGE_OTHER_CHILDREN',
      message: `Other images have a merged image for their parent, and would read something else: ${otherChildren.join(', ')}.`,
      remedy: 'Merge those first, write to a new file (-o), or use --force if they are not needed.',
    },
  ];
}

/** @throws VhdxError */
function throwFault(fault: ParentFault | undefined): void {
  if (fault !== undefined) throw new VhdxError(fault.code, { message: fault.message });
}

/**
 * Makes sure that `depth` images of `chain` are those to be merged into the image, and that each of the chain is the
 * parent that the one before it was made for; of the image itself, `isMergedBefore` says that.
 *
 * @throws VhdxError VHDX_MERGE_TARGET_UNFIT, or as `judgeParent`
 */
function requireChain({ image }: ChangeSubject, chain: readonly VhdxDisk[], depth: number): void {
  const { identity } = image.source;
  const parent = chain[depth];
  const isMerged =
    identity !== undefined && chain.slice(0, depth).some((level) => level.image.source.identity === identity);
  const isOther =
    parent === undefined || !guidsEqual(parent.image.header.header.dataWriteGuid, image.header.header.dataWriteGuid);
  if (isMerged || isOther) {
    const why = isMerged
      ? 'it is itself one of the images that are merged'
      : 'it is not the parent that the child reads';
    throw new VhdxError('VHDX_MERGE_TARGET_UNFIT', {
      message: `The child cannot be merged into ${image.source.path ?? 'this image'}: ${why}.`,
    });
  }
  for (const [index, level] of chain.entries()) {
    const next = chain[index + 1];
    if (next !== undefined && index !== depth - 1) throwFault(parentFaults(level.image, next.image)[0]);
  }
}

/**
 * Whether the image is no longer the parent that the last level was made for because all has been merged into it.
 *
 * @throws VhdxError as `judgeParent`, if it is another parent
 */
async function isMergedBefore(
  { image }: ChangeSubject,
  levels: readonly VhdxDisk[],
  behind: VhdxDisk | undefined,
  options: SignalOptions,
): Promise<boolean> {
  const last = levels.at(-1);
  const faults = last === undefined ? [] : parentFaults(last.image, image);
  const [fault] = faults;
  if (fault === undefined) return false;
  const isOfContents = faults.every(({ code }) => code === 'VHDX_PARENT_LINKAGE_MISMATCH');
  if (isOfContents && (await holdsAll(new VhdxDisk(image, behind), levels, options))) return true;
  throwFault(fault);
  return false;
}

/** Merges the same images each time: should one have changed meanwhile, the plan is stale. */
class Merge implements Change<MergeDetail> {
  readonly name = 'merge';
  readonly #request: MergeRequest;
  #states: readonly PlanBinding[] | undefined;
  #found: Measure | undefined;

  constructor(request: MergeRequest) {
    if (typeof request !== 'object' || request === null) throw new TypeError('the request must be an object');
    requireCount(request.depth, 'depth', 1);
    requireBoolean(request.force, 'force');
    this.#request = request;
  }

  readonly prepare = async (subject: ChangeSubject, options: SignalOptions): Promise<Job<MergeDetail>> => {
    const { child, depth = 1 } = this.#request;
    const chain = child.levels();
    const levels = chain.slice(0, depth);
    requireChain(subject, chain, depth);
    await this.#requireUnchanged(levels, options);
    const { image } = subject;
    const { virtualSize } = image.disk;
    if (await isMergedBefore(subject, levels, chain[depth + 1], options)) return mergedJob(depth, virtualSize);
    const growth = child.size > virtualSize ? await measureResize(subject, child.size, 0, options) : undefined;
    const behind = chain[depth + 1];
    if (growth !== undefined && behind !== undefined && behind.size > virtualSize) {
      throw new VhdxError('VHDX_MERGE_TARGET_UNFIT', {
        message: `The child cannot be merged: its parent would grow from ${sizeText(virtualSize)} to ${sizeText(child.size)} and then show what its own parent has there.`,
      });
    }
    // A plan is carried out on the very files that it was made for, so this comes to the same then.
    this.#found ??= await measure(subject, growth, levels, options);
    const found = this.#found;
    return {
      steps: stepsOf(found, growth, depth),
      refusals: refusalsOf(this.#request),
      notices: noticesOf(child, virtualSize),
      changesContents: true,
      newFileSize: found.fileSize,
      detail: {
        operation: 'merge',
        levels: depth,
        isMerged: false,
        virtualSize,
        newVirtualSize: Math.max(virtualSize, child.size),
      },
      run: (session) => run(session, levels, growth),
    };
  };

  async #requireUnchanged(levels: readonly VhdxDisk[], options: SignalOptions): Promise<void> {
    const found = await Promise.all(levels.map(({ image }) => stateOf(image.source, options)));
    for (const [index, state] of (this.#states ?? found).entries()) requireState(state, found[index] ?? state);
    this.#states = found;
  }
}

const DONE: VhdxCode = 'VHDX_MERGE_DONE';

/** What is left of a merge that has been completed. */
function mergedJob(levels: number, virtualSize: number): Job<MergeDetail> {
  const notice = `The parent is no longer the one that the child was made for, but holds all that the child supplies: it has been merged already (${DONE}). Nobody needs the child any more; --delete removes it.`;
  return {
    steps: [],
    notices: [notice],
    changesContents: false,
    detail: { operation: 'merge', levels, isMerged: true, virtualSize, newVirtualSize: virtualSize },
    run: () => Promise.resolve(),
  };
}

function noticesOf(child: VhdxDisk, virtualSize: number): string[] {
  if (child.size >= virtualSize) return [];
  return [
    `The parent is larger than the child and stays so: ${sizeText(virtualSize)}, not ${sizeText(child.size)} (vhdx resize).`,
  ];
}

/**
 * The parent keeps its DataWriteGuid until all is in it: so long the child reads right over it, since it supplies itself
 * what has become other bytes there.
 */
async function run(session: ChangeSession, levels: readonly VhdxDisk[], growth: Resizing | undefined): Promise<void> {
  for (const { image } of levels) await image.source.keepFromWriters?.();
  session.deferDataWriteGuid();
  if (growth !== undefined) await resizeDisk(session, growth);
  const image = growth === undefined ? session.image : await readAgain(session);
  await new Merger(session, image).merge(levels);
  await session.rest();
  await session.renewDataWriteGuid();
}

/**
 * Says what it takes to merge a child into `parent`, the image of one of its parents, and changes nothing. What the child
 * and the images between the two supply is written there; the child, which nobody needs then, is left as it is. Parents
 * of other block sizes, differencing ones and smaller ones will do. The source stays open. Costs a pass over both BATs
 * and the sector bitmaps.
 *
 * @throws VhdxError as `openVhdx`; the code of the first finding that forbids writing; VHDX_MERGE_TARGET_UNFIT,
 * VHDX_PARENT_LINKAGE_MISMATCH, VHDX_PARENT_SECTOR_SIZE_MISMATCH
 */
export async function planMerge(parent: Bytes, request: MergeRequest, options: SignalOptions = {}): Promise<MergePlan> {
  return planOperation(toByteSource(parent), sessionOperation(new Merge(request)), options);
}

/**
 * Plans as `planMerge` and carries it out at once. Whenever it is interrupted, the child reads over the parent as before;
 * the next call completes it, and one after that finds nothing left to do. `parent` may be a copy of the parent, which then becomes an image of its own.
 *
 * @throws as `planMerge` and `applyPlan`; VHDX_MERGE_OTHER_CHILDREN
 */
export async function mergeImage(
  parent: ByteTarget,
  request: MergeRequest,
  options: ApplyOptions = {},
): Promise<ChangeReport<MergePlan>> {
  return applyOperation(parent, sessionOperation(new Merge(request)), options);
}
