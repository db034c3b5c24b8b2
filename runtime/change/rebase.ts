/** Plans and applies a change of the parent of a differencing disk. */
import { formatGuid } from '../base/guid.js';
import { bytesEqual } from '../base/bytes.js';
import type { SignalOptions } from '../base/options.js';
import { countText, hex, sizeText } from '../base/units.js';
import { parentLocator } from '../create/locator.js';
import type { NewParent } from '../create/options.js';
import { type ParentOptions, parentFaults } from '../disk/chain.js';
import { openParents, VhdxDisk } from '../disk/disk.js';
import { VhdxError } from '../errors/errors.js';
import { PayloadState } from '../format/bat-states.js';
import { linkagesOf } from '../format/parent-locator.js';
import { FileSpace } from '../image/file-space.js';
import { readVhdx, type VhdxImage } from '../image/open.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { applyOperation, type ApplyOptions, type ChangeReport, type Operation, planOperation } from './apply.js';
import { type ChangeSubject, type Job, sessionOperation } from './operation.js';
import { blocksToCopy, copyBlocks } from './flatten.js';
import { CHILDREN_NOTICE } from './notices.js';
import type { ChangePlan, PlanOptions, PlanRefusal, PlanStep } from './plan.js';
import { editLocator, locatorPlace, placeFor, readLocator } from './rebase-locator.js';
import type { ChangeSession } from './session.js';

/** Which parent a child is to have, and how it finds it. */
export interface RebaseRequest extends Omit<NewParent, 'image'> {
  /** The image of the parent; it stays the caller's, and has to be open until the plan has been carried out. */
  readonly newParent: Bytes;
  /** Takes a parent whose DataWriteGuid is not the one that the child was made for: what it shows may change. */
  readonly ignoreIdMismatch?: boolean | undefined;
  /** Copies into the child what the old parent shows and the new one does not, so that nothing a user sees changes. */
  readonly flatten?: boolean | undefined;
}

/** How a rebase is planned: `parent` finds the old parent, which `flatten` needs, and the parents of both. */
export interface RebaseOptions extends PlanOptions, ParentOptions {}

/** What a rebase is going to do. */
export interface RebasePlan extends ChangePlan {
  /** The operation that the plan is of. */
  readonly operation: 'rebase';
  /** DataWriteGuid of the new parent, which the child is linked to. */
  readonly parentLinkage: string;
  /** Blocks that become the child's own. */
  readonly copiedBlocks: number;
}

type RebaseDetail = Pick<RebasePlan, 'operation' | 'parentLinkage' | 'copiedBlocks'>;

/** Codes of what is wrong with a chain, which a plan refuses with. */
function refusalOf(error: unknown, what: string): PlanRefusal {
  if (!(error instanceof VhdxError)) throw error;
  return { code: error.code, message: `${what} ${error.message}`, remedy: '' };
}

/** The new parent with its own parents, whose chain must not lead back to the child. */
async function openNewParent(child: VhdxImage, request: RebaseRequest, options: RebaseOptions): Promise<VhdxDisk> {
  const source = toByteSource(request.newParent);
  const isSame =
    source === child.source || (source.identity !== undefined && source.identity === child.source.identity);
  if (isSame) {
    throw new VhdxError('VHDX_CHAIN_CYCLE', { message: 'The new parent is the image itself.' });
  }
  const image = await readVhdx(source, options);
  return new VhdxDisk(image, await openParents([child, image], options));
}

/** What tells the new parent from the one that the child was made for. */
function differenceText({ parent }: VhdxImage, { header, disk }: VhdxImage, childSize: number): string {
  const expected = parent === undefined ? [] : linkagesOf(parent);
  const own = formatGuid(header.header.dataWriteGuid);
  const size =
    disk.virtualSize === childSize
      ? ''
      : `, and has ${sizeText(disk.virtualSize)} where the child has ${sizeText(childSize)}`;
  return (
    `the child was made for a parent with DataWriteGuid ${expected.join(' or ') || 'zero'}; the new one has ${own} ` +
    `(virtual disk ID ${disk.virtualDiskId})${size}`
  );
}

interface Lineage {
  readonly refusals: readonly PlanRefusal[];
  readonly notices: readonly string[];
  /** The new parent is not the one that the child was made for. */
  readonly isOther: boolean;
}

function judgeLineage(child: VhdxImage, parent: VhdxImage, request: RebaseRequest): Lineage {
  const refusals: PlanRefusal[] = [];
  let isOther = false;
  for (const { code, message } of parentFaults(child, parent)) {
    if (code !== 'VHDX_PARENT_LINKAGE_MISMATCH') refusals.push({ code, message, remedy: '' });
    else {
      isOther = true;
      if (request.ignoreIdMismatch === true || request.flatten === true) continue;
      const remedy =
        '--flatten copies what differs, so that the disk stays as it is; --ignore-id-mismatch takes the parent as it is.';
      refusals.push({ code, message, remedy });
    }
  }
  const notices: string[] = [];
  if (isOther && refusals.length === 0) {
    const text = differenceText(child, parent, child.disk.virtualSize);
    notices.push(`This is another parent: ${text}.`);
  }
  if (parent.log.state === 'pending') {
    notices.push('The new parent has a pending log; vhdx replay writes it without parting it from its child.');
  }
  return { refusals, notices, isOther };
}

/** What is refused before any contents are looked at. */
function idleJob(refusals: readonly PlanRefusal[], parentLinkage: string): Job<RebaseDetail> {
  const detail = { operation: 'rebase', parentLinkage, copiedBlocks: 0 } as const;
  return { steps: [], refusals, changesContents: false, detail, run: () => Promise.resolve() };
}

/** Opens the old parent for `work`, and closes it; a refusal if it cannot be opened. */
async function withOldParent<T>(
  child: VhdxImage,
  options: RebaseOptions,
  work: (old: VhdxDisk) => Promise<T>,
): Promise<T | PlanRefusal> {
  let old: VhdxDisk | undefined;
  try {
    old = await openParents([child], options);
  } catch (error) {
    return refusalOf(error, 'The old parent, whose contents are to be copied, cannot be read.');
  }
  if (old === undefined) return refusalOf(new VhdxError('VHDX_PARENT_NOT_FOUND', { message: '' }), 'There is none.');
  try {
    return await work(old);
  } finally {
    await old.close();
  }
}

interface Rebasing {
  readonly locator: Uint8Array;
  /** Where in the file it goes; `undefined` if it is there already. */
  readonly fileOffset: number | undefined;
  readonly blocks: readonly number[];
}

function stepsOf(image: VhdxImage, { locator, fileOffset, blocks }: Rebasing, linkage: string): PlanStep[] {
  const steps: PlanStep[] = [];
  if (blocks.length > 0) {
    const bytes = blocks.length * image.disk.blockSize;
    const message = `Copy ${countText(blocks.length, 'block')} into the child in which the parents differ: ${sizeText(bytes)} at most.`;
    steps.push({ kind: 'payload', message, bytes });
  }
  if (fileOffset !== undefined) {
    const { item } = locatorPlace(image);
    const where =
      fileOffset === item.fileOffset
        ? `at ${hex(fileOffset)}`
        : `from ${hex(item.fileOffset)} to ${hex(fileOffset)}, where it has room,`;
    const message = `Write a new parent locator ${where} of ${locator.length} bytes, for the parent with DataWriteGuid ${linkage} (2.6.2.6).`;
    steps.push({ kind: 'metadata', message, bytes: 0 });
  }
  return steps;
}

/** Length of the file when blocks without storage have some. */
async function sizeWith(
  { image, survey }: ChangeSubject,
  blocks: readonly number[],
  options: SignalOptions,
): Promise<number> {
  const space = FileSpace.of(image, survey);
  let end = image.view.size;
  for (const block of blocks) {
    const { state } = await image.bat.payloadEntry(block, options);
    // A block that is there in part keeps its storage.
    if (state === PayloadState.PARTIALLY_PRESENT) continue;
    const { fileOffset, length } = space.take(image.disk.blockSize);
    end = Math.max(end, fileOffset + length);
  }
  return end;
}

async function run(
  session: ChangeSession,
  work: Rebasing,
  changesContents: boolean,
  options: RebaseOptions,
): Promise<void> {
  if (work.blocks.length > 0) {
    const done = await withOldParent(session.image, options, async (old) => {
      await copyBlocks(session, work.blocks, old);
    });
    if (done !== undefined) throw new VhdxError(done.code, { message: done.message });
  }
  if (work.fileOffset === undefined) return;
  const edits = session.edits();
  await editLocator(session, edits, work.locator, work.fileOffset);
  await session.commit(edits, { changesContents });
}

async function prepareWith(
  subject: ChangeSubject,
  parent: VhdxDisk,
  request: RebaseRequest,
  options: RebaseOptions,
): Promise<Job<RebaseDetail>> {
  const { image } = subject;
  const { newParent: _, ignoreIdMismatch: _ignored, flatten = false, ...paths } = request;
  const linkage = formatGuid(parent.image.header.header.dataWriteGuid);
  const { refusals, notices, isOther } = judgeLineage(image, parent.image, request);
  if (refusals.length > 0) return idleJob(refusals, linkage);
  const locator = parentLocator({ image: parent.image, ...paths });
  const isThere = bytesEqual(locator, await readLocator(image, options));
  const place = isThere ? undefined : placeFor(image, locatorPlace(image), locator.length);
  if (!isThere && place === undefined) {
    const message = `The metadata region has no room for a parent locator of ${locator.length} bytes.`;
    return idleJob([{ code: 'VHDX_REBASE_NO_ROOM', message, remedy: 'Copy the disk with vhdx convert.' }], linkage);
  }
  let blocks: readonly number[] = [];
  if (flatten && !isThere) {
    const found = await withOldParent(image, options, (old) => blocksToCopy(image, [old, parent], options));
    if ('code' in found) return idleJob([found], linkage);
    blocks = found;
  }
  const changesContents = isOther && !flatten;
  const work = { locator, fileOffset: place, blocks };
  return {
    steps: stepsOf(image, work, linkage),
    notices: [...notices, ...(changesContents ? [CHILDREN_NOTICE] : [])],
    changesContents,
    newFileSize: await sizeWith(subject, blocks, options),
    detail: { operation: 'rebase', parentLinkage: linkage, copiedBlocks: blocks.length },
    run: (session) => run(session, work, changesContents, options),
  };
}

async function prepare(
  subject: ChangeSubject,
  request: RebaseRequest,
  options: RebaseOptions,
): Promise<Job<RebaseDetail>> {
  const { image } = subject;
  if (!image.disk.hasParent) {
    const message = `The disk is ${image.disk.type}, and only a differencing one has a parent.`;
    return idleJob([{ code: 'VHDX_REBASE_NO_CHILD', message, remedy: '' }], '');
  }
  let parent: VhdxDisk;
  try {
    parent = await openNewParent(image, request, options);
  } catch (error) {
    return idleJob([refusalOf(error, 'The new parent cannot be used.')], '');
  }
  try {
    return await prepareWith(subject, parent, request, options);
  } finally {
    // The new parent itself stays open: it is the caller's.
    await parent.parent?.close();
  }
}

function operationOf(request: RebaseRequest, options: RebaseOptions): Operation<RebaseDetail> {
  const { parent } = options;
  return sessionOperation(
    { name: 'rebase', prepare: (subject, { signal }) => prepare(subject, request, { parent, signal }) },
    options,
  );
}

/**
 * Says what it takes to give a differencing disk another parent, or the same one in another place, and changes nothing.
 * The locator is a new one with all paths that are given. `flatten` reads the contents of both parents where the child
 * has none. Child and new parent stay open; what `options.parent` finds is closed.
 *
 * @throws VhdxError VHDX_CREATE_PARENT_PATH_INVALID; as `openVhdx` for the child, and the code of the first finding that
 * forbids writing
 */
export async function planRebase(
  source: Bytes,
  request: RebaseRequest,
  options: RebaseOptions = {},
): Promise<RebasePlan> {
  return planOperation(toByteSource(source), operationOf(request, options), options);
}

/** Plans as `planRebase` and carries it out at once. @throws as `planRebase` and `applyPlan` */
export async function rebaseImage(
  target: ByteTarget,
  request: RebaseRequest,
  options: ApplyOptions & RebaseOptions = {},
): Promise<ChangeReport<RebasePlan>> {
  return applyOperation(target, operationOf(request, options), options);
}
