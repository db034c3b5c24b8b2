/** The options of a new disk, checked and completed. */
import { requireNumber, requireOneOf, requireString } from '../base/arguments.js';
import { type VhdxCode, VhdxError } from '../errors/errors.js';
import { LIMITS } from '../base/limits.js';
import type { DiskType } from '../format/metadata-items.js';
import type { VhdxImage } from '../image/open.js';
import { GIB, KIB, MIB, sizeText } from '../base/units.js';
import { isWellFormed } from '../base/utf16.js';

/** The parent of a new differencing disk, and the paths to it that the child records. [MS-VHDX] 2.6.2.6.3 */
export interface NewParent {
  /** The parent, opened. Its own parents are not needed here; whether they are sound is the caller's to find out. */
  readonly image: VhdxImage;
  /** From the folder of the child: `.\parent.vhdx`. At least one of the three paths has to be given. */
  readonly relativePath?: string | undefined;
  /** `\\?\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}\disks\parent.vhdx` */
  readonly volumePath?: string | undefined;
  /** `\\?\c:\disks\parent.vhdx` */
  readonly absoluteWin32Path?: string | undefined;
}

/** Properties of a new disk. The defaults are those of Hyper-V. */
export interface NewDiskOptions {
  /** `dynamic` if not given, with a parent `differencing`. */
  readonly type?: DiskType | undefined;
  /** Bytes of a block, a power of two from 1 MiB to 256 MiB; 32 MiB if not given, with a parent 2 MiB. */
  readonly blockSize?: number | undefined;
  /** 512 or 4096; 512 if not given, with a parent that of the parent, which it has to be. */
  readonly logicalSectorSize?: number | undefined;
  /** 512 or 4096, not less than a logical sector; 4096 if not given, with a parent that of the parent. */
  readonly physicalSectorSize?: number | undefined;
  /** Bytes of the log, whole MiB from 1 MiB to 1 GiB; 1 MiB if not given. */
  readonly logLength?: number | undefined;
  /** Creator that the file names: at most 256 UTF-16 code units. */
  readonly creator?: string | undefined;
  /** Parent of a differencing disk. */
  readonly parent?: NewParent | undefined;
}

/** A disk that can be made. */
export interface NewDisk {
  readonly type: DiskType;
  readonly hasParent: boolean;
  readonly leaveBlockAllocated: boolean;
  /** Undefined if it is known only when all contents are there. */
  readonly virtualSize: number | undefined;
  readonly blockSize: number;
  readonly logicalSectorSize: number;
  readonly physicalSectorSize: number;
  readonly logLength: number;
  readonly creator: string;
  readonly parent: NewParent | undefined;
}

/** What Hyper-V takes if it is not told otherwise. */
const DEFAULTS = {
  blockSize: 32 * MIB,
  differencingBlockSize: 2 * MIB,
  logicalSectorSize: 512,
  physicalSectorSize: 4 * KIB,
  logLength: MIB,
} as const;

const SECTOR_SIZES: readonly number[] = [512, 4 * KIB];
const BLOCK_BYTES = { least: MIB, most: 256 * MIB } as const;
/** Longer logs are read, but reported as unusual (B15). */
const LOG_BYTES = { least: MIB, most: GIB } as const;
/** Code units that the field has room for. [MS-VHDX] 2.2.1 */
const CREATOR_LENGTH = 256;

function refused(code: VhdxCode, message: string): VhdxError {
  return new VhdxError(code, { message });
}

/**
 * Makes sure that a disk can have `size` bytes; it has to have some size.
 *
 * @throws VhdxError VHDX_CREATE_SIZE_INVALID
 */
export function checkSize(size: number | undefined, logicalSectorSize: number): void {
  const most = LIMITS.virtualDiskBytes;
  if (size !== undefined && size > 0 && size <= most && size % logicalSectorSize === 0) return;
  const rule = `a multiple of its logical sector size, ${logicalSectorSize}, from ${logicalSectorSize} bytes to ${sizeText(most)}`;
  throw refused(
    'VHDX_CREATE_SIZE_INVALID',
    size === undefined
      ? `No size was given; the size of a disk is ${rule}.`
      : `The size of a disk is ${rule}; ${size} is none.`,
  );
}

function checkBlockSize(size: number): void {
  const { least, most } = BLOCK_BYTES;
  if (size >= least && size <= most && Number.isInteger(Math.log2(size))) return;
  throw refused(
    'VHDX_CREATE_BLOCK_SIZE_INVALID',
    `The size of a block is a power of two from ${sizeText(least)} to ${sizeText(most)}, not ${size} bytes.`,
  );
}

/** @throws VhdxError VHDX_CREATE_SECTOR_SIZE_INVALID */
export function checkSectorSizes(logical: number, physical: number): void {
  const wrong = [logical, physical].find((size) => !SECTOR_SIZES.includes(size));
  if (wrong !== undefined) {
    throw refused('VHDX_CREATE_SECTOR_SIZE_INVALID', `The size of a sector is 512 or 4096 bytes, not ${wrong}.`);
  }
  if (physical >= logical) return;
  throw refused(
    'VHDX_CREATE_SECTOR_SIZE_INVALID',
    `The physical sectors have ${physical} bytes, less than the logical ones, which have ${logical}.`,
  );
}

function checkLogLength(length: number): void {
  const { least, most } = LOG_BYTES;
  if (length >= least && length <= most && length % MIB === 0) return;
  throw refused(
    'VHDX_CREATE_LOG_LENGTH_INVALID',
    `The length of the log is whole MiB from ${sizeText(least)} to ${sizeText(most)}, not ${length} bytes.`,
  );
}

/** @throws VhdxError VHDX_CREATE_CREATOR_INVALID */
export function checkCreator(creator: string): void {
  if (creator.length <= CREATOR_LENGTH && isWellFormed(creator) && !creator.includes('\0')) return;
  throw refused(
    'VHDX_CREATE_CREATOR_INVALID',
    `The creator is text of at most ${CREATOR_LENGTH} UTF-16 code units without a NUL; ${JSON.stringify(creator.slice(0, CREATOR_LENGTH))} is not.`,
  );
}

/** What a child cannot have otherwise than its parent. */
function checkAgainstParent({ disk }: NewParent['image'], size: number | undefined, logicalSectorSize: number): void {
  if (logicalSectorSize !== disk.logicalSectorSize) {
    throw refused(
      'VHDX_PARENT_SECTOR_SIZE_MISMATCH',
      `The parent has logical sectors of ${disk.logicalSectorSize} bytes, so its child cannot have ${logicalSectorSize}.`,
    );
  }
  if (size !== undefined && size < disk.virtualSize) {
    throw refused(
      'VHDX_CREATE_SIZE_INVALID',
      `A child is not smaller than its parent, which has ${disk.virtualSize} bytes; ${size} are less.`,
    );
  }
}

/** The type that was asked for, if the parent fits it. */
function checkType({ type, parent }: NewDiskOptions): DiskType {
  if (type === 'differencing' && parent === undefined) {
    throw refused('VHDX_CREATE_PARENT_MISSING', 'A differencing disk needs a parent, and none was given.');
  }
  if (type !== undefined && type !== 'differencing' && parent !== undefined) {
    throw refused('VHDX_CREATE_PARENT_UNEXPECTED', `Only a differencing disk has a parent, a ${type} one has none.`);
  }
  return parent === undefined ? (type ?? 'dynamic') : 'differencing';
}

/** What is no number or no text would pass comparisons, or fail far from here. */
function requireKinds(options: NewDiskOptions, size: number | undefined): void {
  requireOneOf(options.type, 'type', ['dynamic', 'fixed', 'differencing']);
  requireNumber(size, 'size');
  for (const name of ['blockSize', 'logicalSectorSize', 'physicalSectorSize', 'logLength'] as const) {
    requireNumber(options[name], name);
  }
  requireString(options.creator, 'creator');
}

/**
 * The disk that `options` and `size` (bytes; undefined if it is not known yet) ask for, with everything filled in. With
 * a parent, the size that is not given is that of the parent.
 *
 * @throws VhdxError VHDX_CREATE_SIZE_INVALID, VHDX_CREATE_BLOCK_SIZE_INVALID, VHDX_CREATE_SECTOR_SIZE_INVALID,
 * VHDX_CREATE_LOG_LENGTH_INVALID, VHDX_CREATE_CREATOR_INVALID, VHDX_CREATE_PARENT_MISSING,
 * VHDX_CREATE_PARENT_UNEXPECTED, VHDX_PARENT_SECTOR_SIZE_MISMATCH; TypeError for what is no number, or no text
 */
export function planDisk(options: NewDiskOptions, size: number | undefined): NewDisk {
  const { parent, logLength = DEFAULTS.logLength, creator = 'vhdx' } = options;
  requireKinds(options, size);
  const type = checkType(options);
  const inherited = parent?.image.disk;
  const defaultBlockSize = parent === undefined ? DEFAULTS.blockSize : DEFAULTS.differencingBlockSize;
  const { blockSize = defaultBlockSize } = options;
  const { logicalSectorSize = inherited?.logicalSectorSize ?? DEFAULTS.logicalSectorSize } = options;
  const { physicalSectorSize = inherited?.physicalSectorSize ?? DEFAULTS.physicalSectorSize } = options;
  checkBlockSize(blockSize);
  if (parent !== undefined) checkAgainstParent(parent.image, size, logicalSectorSize);
  checkSectorSizes(logicalSectorSize, physicalSectorSize);
  checkLogLength(logLength);
  checkCreator(creator);
  const virtualSize = size ?? inherited?.virtualSize;
  if (virtualSize !== undefined) checkSize(virtualSize, logicalSectorSize);
  return {
    type,
    hasParent: parent !== undefined,
    leaveBlockAllocated: type === 'fixed',
    virtualSize,
    blockSize,
    logicalSectorSize,
    physicalSectorSize,
    logLength,
    creator,
    parent,
  };
}
