/** Plans and applies a change of the size of a disk. */
import { requireNumber } from '../base/arguments.js';
import type { SignalOptions } from '../base/options.js';
import { bytesEqual } from '../base/bytes.js';
import { hex, sizeText } from '../base/units.js';
import { checkSize } from '../create/options.js';
import type { ParentOptions } from '../disk/chain.js';
import { openParents, VhdxDisk } from '../disk/disk.js';
import { type Gpt, moveGpt, readGpt } from '../disk/gpt.js';
import { isSourceError, VhdxError } from '../errors/errors.js';
import { PayloadState } from '../format/bat-states.js';
import type { VhdxImage } from '../image/open.js';
import { readExactly } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { applyOperation, type ApplyOptions, type ChangeReport, type Operation, planOperation } from './apply.js';
import { type ChangeSubject, type Job, sessionOperation } from './operation.js';
import { type DiskUse, measureUse } from './data-end.js';
import { CHILDREN_NOTICE } from './notices.js';
import type { ChangePlan, PlanOptions, PlanRefusal, PlanStep } from './plan.js';
import { measureResize } from './resize-plan.js';
import { cutTail, readAgain, resizeDisk } from './resize-work.js';
import type { ChangeSession } from './session.js';
import { writeVirtual } from './virtual-write.js';

/** Which size a disk is to get: one of the first three. */
export interface ResizeRequest {
  /** Bytes: a multiple of the logical sector size, at most 64 TiB. */
  readonly size?: number | undefined;
  /** Bytes more, or less if negative, than the disk has. */
  readonly by?: number | undefined;
  /** The smallest size that cuts off nothing. */
  readonly toMinimum?: boolean | undefined;
  /** Cuts off data and partitions behind the new end. */
  readonly discardData?: boolean | undefined;
  /** Moves the backup of a GPT to the end of the disk. */
  readonly fixGpt?: boolean | undefined;
}

/** How a resize is planned; the parents of a differencing disk are needed to make it smaller. */
export interface ResizeOptions extends PlanOptions, ParentOptions {}

/** What a resize is going to do. */
export interface ResizePlan extends ChangePlan {
  /** The operation that the plan is of. */
  readonly operation: 'resize';
  /** Bytes of the virtual disk before. */
  readonly virtualSize: number;
  /** Bytes of the virtual disk afterwards. */
  readonly newVirtualSize: number;
  /** The smallest size in bytes that cuts off nothing, where it had to be found out. */
  readonly minimumSize: number | undefined;
}

type ResizeDetail = Pick<ResizePlan, 'operation' | 'virtualSize' | 'newVirtualSize' | 'minimumSize'>;

/** Opens the disk of an image that stays the caller's; closes the parents that it opens. */
async function withDisk<T>(image: VhdxImage, options: ResizeOptions, work: (disk: VhdxDisk) => Promise<T>): Promise<T> {
  const parent = await openParents([image], options);
  try {
    return await work(new VhdxDisk(image, parent));
  } finally {
    await parent?.close();
  }
}

/** As `withDisk`; undefined if the disk cannot be read because of its parents. */
async function withReadableDisk<T>(
  image: VhdxImage,
  options: ResizeOptions,
  work: (disk: VhdxDisk) => Promise<T>,
): Promise<{ readonly value: T } | { readonly fault: VhdxError }> {
  try {
    return { value: await withDisk(image, options, work) };
  } catch (error) {
    if (image.disk.hasParent && error instanceof VhdxError && !isSourceError(error)) return { fault: error };
    throw error;
  }
}

/** What the plan of a disk that becomes smaller depends on. */
interface Limits {
  readonly use: DiskUse | undefined;
  readonly refusals: readonly PlanRefusal[];
}

async function findUse(image: VhdxImage, options: ResizeOptions): Promise<Limits> {
  const found = await withReadableDisk(image, options, (disk) =>
    measureUse(disk, image.disk.logicalSectorSize, options),
  );
  if ('value' in found) return { use: found.value, refusals: [] };
  const { code, message } = found.fault;
  const remedy = 'Give the parent, or cut off whatever is there with --discard-data.';
  return {
    use: undefined,
    refusals: [{ code, message: `What lies behind the new end cannot be read: ${message}`, remedy }],
  };
}

function cutRefusals(size: number, { dataEnd, partitionsEnd, minimumSize }: DiskUse): PlanRefusal[] {
  if (size >= dataEnd && size >= partitionsEnd) return [];
  const what = [
    ...(size < partitionsEnd ? [`a partition ends at ${hex(partitionsEnd)} (${partitionsEnd} bytes)`] : []),
    ...(size < dataEnd ? [`there is data up to ${hex(dataEnd)} (${dataEnd} bytes)`] : []),
  ];
  return [
    {
      code: 'VHDX_RESIZE_INTO_DATA',
      message: `The disk cannot end at ${hex(size)}: ${what.join(', and ')}.`,
      remedy: `The smallest size that cuts off nothing is ${sizeText(minimumSize)} (--to-minimum); --discard-data cuts it off.`,
    },
  ];
}

/** The size that is asked for, and what has been found out for that. */
async function chooseSize(
  image: VhdxImage,
  request: ResizeRequest,
  options: ResizeOptions,
): Promise<Limits & { readonly size: number }> {
  const { virtualSize, logicalSectorSize } = image.disk;
  const asked = request.size ?? virtualSize + (request.by ?? 0);
  if (request.toMinimum !== true) {
    checkSize(asked, logicalSectorSize);
    if (asked >= virtualSize || request.discardData === true) return { size: asked, use: undefined, refusals: [] };
  }
  const { use, refusals } = await findUse(image, options);
  if (request.toMinimum === true) return { size: use?.minimumSize ?? virtualSize, use, refusals };
  return { size: asked, use, refusals: use === undefined ? refusals : cutRefusals(asked, use) };
}

/** A GPT's fate: what is to be said of it, and whether its backup is to be moved. */
interface GptPart {
  readonly steps: readonly PlanStep[];
  readonly refusals: readonly PlanRefusal[];
  readonly notices: readonly string[];
  /** Blocks that get storage for it. */
  readonly newBlocks: number;
}

const NO_GPT: GptPart = { steps: [], refusals: [], notices: [], newBlocks: 0 };

const refuse = (code: PlanRefusal['code'], message: string, remedy: string): GptPart => ({
  ...NO_GPT,
  refusals: [{ code, message, remedy }],
});

/** Whether protective MBR, primary header and backup are as they have to be for a disk that keeps its size. */
async function isInPlace(disk: VhdxDisk, gpt: Gpt, options: SignalOptions): Promise<boolean> {
  const head = await readExactly(disk, 0, gpt.sectorSize, options);
  const { backup, primary } = moveGpt(gpt, head, disk.size);
  for (const { offset, bytes } of [backup, primary]) {
    if (!bytesEqual(bytes, await readExactly(disk, offset, bytes.length, options))) return false;
  }
  return true;
}

async function planGpt(image: VhdxImage, size: number, fixGpt: boolean, options: ResizeOptions): Promise<GptPart> {
  const { virtualSize, logicalSectorSize } = image.disk;
  const found = await withReadableDisk(image, options, async (disk) => {
    const gpt = await readGpt(disk, logicalSectorSize, options);
    return gpt === undefined ? undefined : { gpt, isInPlace: await isInPlace(disk, gpt, options) };
  });
  if ('fault' in found) {
    const { code, message } = found.fault;
    return fixGpt ? refuse(code, `The partition table cannot be read: ${message}`, 'Give the parent.') : NO_GPT;
  }
  if (found.value === undefined) {
    const message = 'There is no valid GPT on the disk whose backup could be moved.';
    return fixGpt ? refuse('VHDX_RESIZE_GPT_MISSING', message, 'Leave out --fix-gpt.') : NO_GPT;
  }
  const { gpt } = found.value;
  const backupAt = size - gpt.backupLength;
  if (!fixGpt) {
    if (size === virtualSize) return NO_GPT;
    return {
      ...NO_GPT,
      notices: [
        `The disk has a GPT whose backup belongs at the end of the disk: --fix-gpt moves it there; inside the guest it is sgdisk --move-second-header (sgdisk -e) on Linux, and Windows does it when the disk is extended in its disk management.`,
      ],
    };
  }
  if (size === virtualSize && found.value.isInPlace) return NO_GPT;
  if (backupAt < gpt.partitionsEnd) {
    const message = `A partition ends at ${hex(gpt.partitionsEnd)}, but the backup GPT of a disk of ${sizeText(size)} begins at ${hex(backupAt)}.`;
    return refuse('VHDX_RESIZE_GPT_UNFIT', message, 'Choose a larger size.');
  }
  const message = `Move the backup GPT to ${hex(backupAt)}, the end of the disk, and let the primary one refer to it.`;
  const newBlocks = await backupBlocks(image, size, gpt.backupLength, options);
  const bytes = newBlocks === 0 ? gpt.backupLength : newBlocks * image.disk.blockSize;
  return { ...NO_GPT, steps: [{ kind: 'payload', message, bytes }], newBlocks };
}

/** How many of the blocks that the backup GPT goes to get storage for it. */
async function backupBlocks(
  { bat, disk }: VhdxImage,
  size: number,
  backupLength: number,
  options: SignalOptions,
): Promise<number> {
  const { blockSize, payloadBlocks } = bat.geometry;
  if (disk.type === 'fixed') return 0;
  let count = 0;
  for (let block = Math.floor((size - backupLength) / blockSize); block * blockSize < size; block += 1) {
    const isPresent =
      block < payloadBlocks && (await bat.payloadEntry(block, options)).state === PayloadState.FULLY_PRESENT;
    if (!isPresent) count += 1;
  }
  return count;
}

/** Backup first: the primary header refers to it. */
async function fixGptOf(session: ChangeSession, options: ResizeOptions): Promise<void> {
  for (const part of ['backup', 'primary'] as const) {
    const image = await readAgain(session);
    await withDisk(image, options, async (disk) => {
      const gpt = await readGpt(disk, image.disk.logicalSectorSize, session.reading);
      if (gpt === undefined) return;
      const head = await readExactly(disk, 0, gpt.sectorSize, session.reading);
      await writeVirtual(session, disk, moveGpt(gpt, head, disk.size)[part]);
    });
  }
}

async function prepare(
  subject: ChangeSubject,
  request: ResizeRequest,
  options: ResizeOptions,
): Promise<Job<ResizeDetail>> {
  const { image } = subject;
  const { virtualSize } = image.disk;
  const { size, use, refusals } = await chooseSize(image, request, options);
  const detail = { operation: 'resize', virtualSize, newVirtualSize: size, minimumSize: use?.minimumSize } as const;
  const nothing = async (): Promise<void> => Promise.resolve();
  if (refusals.length > 0) return { steps: [], refusals, changesContents: false, detail, run: nothing };
  const gpt = await planGpt(image, size, request.fixGpt === true, options);
  const work = await measureResize(subject, size, gpt.newBlocks, options);
  const movesGpt = gpt.steps.length > 0;
  const changesContents = size !== virtualSize || movesGpt;
  return {
    steps: [...work.steps, ...gpt.steps],
    refusals: gpt.refusals,
    notices: [...gpt.notices, ...(changesContents ? [CHILDREN_NOTICE] : [])],
    changesContents,
    newFileSize: work.fileSize,
    detail,
    run: async (session) => {
      await resizeDisk(session, work);
      if (movesGpt) {
        if (size === virtualSize) await session.renewDataWriteGuid();
        await fixGptOf(session, options);
      }
      await cutTail(session);
    },
  };
}

function operationOf(request: ResizeRequest, options: ResizeOptions): Operation<ResizeDetail> {
  const { parent } = options;
  requireNumber(request.size, 'size');
  requireNumber(request.by, 'by');
  const given = [request.size, request.by, request.toMinimum === true ? true : undefined];
  if (given.filter((each) => each !== undefined).length > 1) {
    throw new TypeError('only one of size, by and toMinimum can be given');
  }
  return sessionOperation(
    { name: 'resize', prepare: (subject, { signal }) => prepare(subject, request, { parent, signal }) },
    options,
  );
}

/**
 * Says what it takes to make the disk of an image larger or smaller, and changes nothing. The source stays open; parents
 * that `options.parent` finds are closed. Costs a pass over the BAT, and where the disk becomes smaller reads from its
 * end to its last data.
 *
 * @throws VhdxError VHDX_CREATE_SIZE_INVALID for a size that the format lacks; as `openVhdx`, and the code of the first
 * finding that forbids writing; TypeError for a request that is none
 */
export async function planResize(
  source: Bytes,
  request: ResizeRequest,
  options: ResizeOptions = {},
): Promise<ResizePlan> {
  return planOperation(toByteSource(source), operationOf(request, options), options);
}

/** Plans as `planResize` and carries it out at once. @throws as `planResize` and `applyPlan` */
export async function resizeImage(
  target: ByteTarget,
  request: ResizeRequest,
  options: ApplyOptions & ResizeOptions = {},
): Promise<ChangeReport<ResizePlan>> {
  return applyOperation(target, operationOf(request, options), options);
}
