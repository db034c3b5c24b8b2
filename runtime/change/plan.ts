/** What a plan is: steps, sizes, refusals, and the state of the image that it is bound to. */
import { formatGuid } from '../base/guid.js';
import type { SignalOptions } from '../base/options.js';
import { HEADER_OFFSETS, HEADER_SLOT_SIZE } from '../base/limits.js';
import { hex, sizeText } from '../base/units.js';
import { type VhdxCode, VhdxError } from '../errors/errors.js';
import { chooseHeader } from '../format/header.js';
import { type ByteSource, readAvailable, type SourceReadOptions } from '../io/byte-source.js';

/** What can be done to an image at rest. */
export type ChangeOperation = 'compact' | 'defragment' | 'merge' | 'rebase' | 'repair' | 'replay' | 'resize' | 'set';

/** What a step is about; see `PlanStep.message` for what it does. */
export type StepKind =
  | 'replay-log'
  | 'restore-header'
  | 'restore-region-table'
  | 'header'
  | 'metadata'
  | 'region-table'
  | 'bat'
  | 'sector-bitmap'
  | 'payload'
  | 'move-blocks'
  | 'free-blocks'
  | 'extend-file'
  | 'cut-file'
  | 'punch-holes';

/** A step of a plan. */
export interface PlanStep {
  /** The kind of step. */
  readonly kind: StepKind;
  /** What is done, in one sentence. */
  readonly message: string;
  /** Bytes that are written for it; 0 where it is metadata of a few sectors. */
  readonly bytes: number;
}

/** Why a plan is not carried out, or a part of it. */
export interface PlanRefusal {
  /** The code of the error that carrying out the plan ends with. */
  readonly code: VhdxCode;
  /** What is in the way, in one sentence. */
  readonly message: string;
  /** What can be done about it, in one sentence; empty if nothing can. */
  readonly remedy: string;
}

/** How a change is to be planned that takes away the parent of the image's children, as all that change contents do. */
export interface PlanOptions extends SignalOptions {
  /**
   * Finds the images that have this one for their parent, by name; called if they would lose it. The change is refused if
   * there are any: `findChildrenOf` of `vhdx/node` looks for them beside the image. Nobody looks if it is left out.
   */
  readonly findChildren?: ((options: SignalOptions) => Promise<readonly string[]>) | undefined;
  /** Change the image in spite of them. */
  readonly force?: boolean | undefined;
}

/** How a plan is to be carried out. */
export interface ApplyOptions extends SignalOptions {
  /** Instead of a random one. [MS-VHDX] 2.2.2 */
  readonly fileWriteGuid?: string | undefined;
  /** Instead of a random one, where the contents change. [MS-VHDX] 2.2.2 */
  readonly dataWriteGuid?: string | undefined;
  /** Takes the number of bytes that have been written, each time more than before. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** What tells that a file is the one that a plan was made for. */
export interface PlanBinding {
  /** Length of the file in bytes. */
  readonly fileSize: number;
  /** Of the current header, in decimal digits; empty, as the identifiers are, if there is none. [MS-VHDX] 2.2.2 */
  readonly sequenceNumber: string;
  /** Of the current header, in its textual form. [MS-VHDX] 2.2.2 */
  readonly fileWriteGuid: string;
  /** Of the current header, in its textual form. [MS-VHDX] 2.2.2 */
  readonly dataWriteGuid: string;
  /** The checksums of both headers, in the order of the file. */
  readonly headerChecksums: readonly [number, number];
}

/** What a change of an image is going to do: data, which `JSON.stringify` writes. */
export interface ChangePlan {
  /** The operation that the plan is of. */
  readonly operation: ChangeOperation;
  /** In the order in which they are done; empty if there is nothing to do. */
  readonly steps: readonly PlanStep[];
  /**
   * If there are any and no steps, nothing is done: `applyPlan` throws the first of them. Only a repair has both: what it
   * cannot put right is no reason to leave the rest.
   */
  readonly refusals: readonly PlanRefusal[];
  /** What is to be known before it is done, each in one sentence. */
  readonly notices: readonly string[];
  /** Whether a pending log is replayed first. */
  readonly replaysLog: boolean;
  /** Whether users of the disk see a change: DataWriteGuid is a new one then, and children lose their parent. */
  readonly changesContents: boolean;
  /** Bytes that are written, without headers and log. */
  readonly bytes: number;
  /** Length of the file in bytes before it. */
  readonly fileSize: number;
  /** Length of the file in bytes after it. */
  readonly newFileSize: number;
  /** The file that the plan is for. */
  readonly boundTo: PlanBinding;
}

/** The state of a file, be it sound or not. */
export async function stateOf(source: ByteSource, options: SourceReadOptions): Promise<PlanBinding> {
  const slots = await Promise.all(HEADER_OFFSETS.map((at) => readSlot(source, at, options)));
  const [first = NO_SLOT, second = NO_SLOT] = slots;
  const header = chooseHeader([first, second], () => undefined).current?.header;
  const checksumOf = ({ buffer, byteOffset }: Uint8Array): number =>
    new DataView(buffer, byteOffset).getUint32(4, true);
  return {
    fileSize: source.size,
    sequenceNumber: header === undefined ? '' : String(header.sequenceNumber),
    fileWriteGuid: header === undefined ? '' : formatGuid(header.fileWriteGuid),
    dataWriteGuid: header === undefined ? '' : formatGuid(header.dataWriteGuid),
    headerChecksums: [checksumOf(first), checksumOf(second)],
  };
}

const NO_SLOT = new Uint8Array(HEADER_SLOT_SIZE);

/** The 64 KiB of a header; zeros where the file has ended. */
async function readSlot(source: ByteSource, fileOffset: number, options: SourceReadOptions): Promise<Uint8Array> {
  const slot = new Uint8Array(HEADER_SLOT_SIZE);
  slot.set(await readAvailable(source, fileOffset, HEADER_SLOT_SIZE, options));
  return slot;
}

/**
 * Makes sure that a file is still the one that a plan was made for.
 *
 * @throws VhdxError VHDX_PLAN_STALE
 */
export function requireState(planned: PlanBinding, found: PlanBinding): void {
  const differences = [
    ...(planned.fileSize === found.fileSize
      ? []
      : [`the file has ${sizeText(found.fileSize)}, not ${sizeText(planned.fileSize)}`]),
    ...(['sequenceNumber', 'fileWriteGuid', 'dataWriteGuid'] as const)
      .filter((name) => planned[name] !== found[name])
      .map((name) => `${TITLES[name]} is ${found[name]}, not ${planned[name]}`),
    ...([0, 1] as const)
      .filter((index) => planned.headerChecksums[index] !== found.headerChecksums[index])
      .map((index) => `header ${index + 1} at ${hex(HEADER_OFFSETS[index])} is another one`),
  ];
  if (differences.length === 0) return;
  throw new VhdxError('VHDX_PLAN_STALE', {
    message: `The image has changed since the plan was made: ${differences.join('; ')}. Nothing has been written.`,
  });
}

const TITLES = {
  sequenceNumber: 'the sequence number of the current header',
  fileWriteGuid: 'FileWriteGuid',
  dataWriteGuid: 'DataWriteGuid',
} as const;
