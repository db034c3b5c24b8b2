/** Finds and opens the parents of a differencing disk. [MS-VHDX] 2.6.2.6.3 */
import { InternalError } from '../errors/internal-error.js';
import { VhdxError } from '../errors/errors.js';
import { quote } from '../base/excerpt.js';
import { GUIDS, formatGuid, isZeroGuid } from '../base/guid.js';
import type { VhdxImage } from '../image/open.js';
import { linkagesOf, type ParentLocator, PATH_KEYS } from '../format/parent-locator.js';
import type { ByteSource } from '../io/byte-source.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import type { OpenOptions } from '../image/walk.js';

/** One way to a parent, as the parent locator states it. [MS-VHDX] 2.6.2.6.3 */
export interface ParentCandidate {
  /** Kind of the path in the parent locator. [MS-VHDX] 2.6.2.6.3 */
  readonly kind: (typeof PATH_KEYS)[number];
  /** The path in the file: a Windows path, untrusted. */
  readonly path: string;
  /** The image that names it. */
  readonly child: ByteSource;
  /** Takes the reason why the path is not followed, for the message that names what was tried. */
  readonly note?: (reason: string) => void;
}

/** What is needed of an image to find its parent. */
export type ChainLink = Pick<VhdxImage, 'source' | 'parent'>;

/**
 * Opens the parent that a candidate names, or returns undefined, and the next candidate is tried. Decides what may be
 * opened: paths in an image are untrusted input. The caller closes the result.
 */
export type ParentResolver = (candidate: ParentCandidate) => Promise<Bytes | undefined>;

/** Options for the parents of a differencing disk. */
export interface ParentOptions {
  /** Finds parents of differencing disks; without it they cannot be opened. */
  readonly parent?: ParentResolver | undefined;
}

/** Options for opening an image of a chain. */
export interface ChainOptions extends OpenOptions, ParentOptions {
  /** Accept a parent whose DataWriteGuid is not the one that the child was made for: its contents may have changed. */
  readonly ignoreIdMismatch?: boolean | undefined;
}

/** Images in a chain: more than anybody keeps, and fewer than exhaust file handles. */
const MAX_DEPTH = 256;

/**
 * Finds the parent of the last image of `line`, which leads from the disk that was asked for to that image. Candidates
 * are tried in the order of the specification: relative path, volume path, absolute path. [MS-VHDX] 2.6.2.6.3
 *
 * @throws VhdxError VHDX_PARENT_NOT_FOUND, VHDX_PARENT_LOCATOR_TYPE_UNKNOWN, VHDX_CHAIN_CYCLE, VHDX_CHAIN_TOO_DEEP
 */
export async function findParent(line: readonly ChainLink[], options: ParentOptions): Promise<ByteSource> {
  const child = line.at(-1);
  if (child === undefined) throw new InternalError('a chain has no image');
  if (line.length >= MAX_DEPTH) {
    throw new VhdxError('VHDX_CHAIN_TOO_DEEP', { message: `The chain of parents is longer than ${MAX_DEPTH} images.` });
  }
  const source = await tryCandidates(child, knownLocator(child), options);
  try {
    refuseCycle(line, source);
  } catch (error) {
    await source.close?.();
    throw error;
  }
  return source;
}

function knownLocator({ parent }: Pick<ChainLink, 'parent'>): ParentLocator {
  if (parent !== undefined && parent.typeGuid === GUIDS.vhdxParentLocator) return parent;
  throw new VhdxError('VHDX_PARENT_LOCATOR_TYPE_UNKNOWN', {
    message: `The parent locator is of type ${parent?.typeGuid ?? 'unknown'}, expected ${GUIDS.vhdxParentLocator} (VHDX).`,
  });
}

async function tryCandidates(
  child: ChainLink,
  locator: ParentLocator,
  { parent }: Pick<ChainOptions, 'parent'>,
): Promise<ByteSource> {
  const failures: string[] = [];
  for (const kind of PATH_KEYS) {
    const pair = locator.entries.find(({ key }) => key === kind);
    if (pair === undefined) continue;
    const reasons: string[] = [];
    const note = (reason: string): void => void reasons.push(reason);
    const source = await parent?.({ kind, path: pair.value, child: child.source, note });
    if (source !== undefined) return toByteSource(source);
    const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
    failures.push(`${kind} ${quote(pair.value)}${why}`);
  }
  const tried = failures.join(', ');
  const why =
    parent === undefined
      ? 'no way to look for it was given'
      : `tried: ${tried === '' ? 'nothing, it names no path' : tried}`;
  throw new VhdxError('VHDX_PARENT_NOT_FOUND', {
    message: `The disk is a differencing one and its parent was not found; ${why}.`,
  });
}

/** An image that is its own ancestor would be read without end. */
function refuseCycle(line: readonly ChainLink[], source: ByteSource): void {
  const seen = line.some(
    (image) => image.source === source || (source.identity !== undefined && image.source.identity === source.identity),
  );
  if (!seen) return;
  throw new VhdxError('VHDX_CHAIN_CYCLE', {
    message: `The chain of parents leads back to an image that is already in it${source.identity === undefined ? '' : ` (${source.identity})`}.`,
  });
}

/** Why an image cannot be the parent of another. */
export interface ParentFault {
  readonly code: 'VHDX_PARENT_LINKAGE_MISMATCH' | 'VHDX_PARENT_SECTOR_SIZE_MISMATCH';
  readonly message: string;
}

/** @internal Whether `parent` is the image that `child` was made for (H13), with sectors of the same size (G15). */
export function parentFaults(
  child: Pick<VhdxImage, 'parent' | 'disk'>,
  parent: Pick<VhdxImage, 'header' | 'disk'>,
): readonly ParentFault[] {
  const faults: ParentFault[] = [];
  const locator = knownLocator(child);
  const linkages = linkagesOf(locator);
  const found = formatGuid(parent.header.header.dataWriteGuid);
  if (!linkages.includes(found)) {
    const wanted =
      linkages.length === 0
        ? 'names no parent: its linkage is zero'
        : `was made for a parent with DataWriteGuid ${linkages.join(' or ')}`;
    const reason = isZeroGuid(parent.header.header.dataWriteGuid)
      ? 'a zero GUID identifies nothing'
      : 'it has been written to since, or is another one';
    faults.push({
      code: 'VHDX_PARENT_LINKAGE_MISMATCH',
      message: `The child ${wanted}; the parent's DataWriteGuid is ${found}: ${reason}.`,
    });
  }
  const [own, others] = [child.disk.logicalSectorSize, parent.disk.logicalSectorSize];
  if (own !== others) {
    faults.push({
      code: 'VHDX_PARENT_SECTOR_SIZE_MISMATCH',
      message: `The child has logical sectors of ${own} bytes, its parent of ${others}: they must be the same.`,
    });
  }
  return faults;
}

/**
 * Makes sure that `parent` can be the parent of `child`.
 *
 * @throws VhdxError VHDX_PARENT_LINKAGE_MISMATCH, unless mismatches are to be ignored; VHDX_PARENT_SECTOR_SIZE_MISMATCH
 */
export function judgeParent(child: VhdxImage, parent: VhdxImage, options: ChainOptions): void {
  const fault = parentFaults(child, parent).find(
    ({ code }) => code !== 'VHDX_PARENT_LINKAGE_MISMATCH' || options.ignoreIdMismatch !== true,
  );
  if (fault !== undefined) throw new VhdxError(fault.code, { message: fault.message });
}
