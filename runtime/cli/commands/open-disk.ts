/** Opens the disk in an image file for the commands, with its parents or as a salvage. */
import { openDisk, type ParentCandidate, VhdxDisk, VhdxError, openVhdx, salvageDisk } from '../../index.js';
import { excerpt } from '../../base/excerpt.js';
import { nodeParentResolver } from '../../node.js';
import { inSentence } from '../error-report.js';
import { isUrl } from '../sources/image-name.js';
import { type ImageSource, nameOfSource, openSource, type SourceCommandOptions } from '../sources/open-source.js';

/** What every command that reads a disk's contents can be told. */
export interface DiskCommandOptions extends ParentCommandOptions {
  readonly log?: 'overlay' | 'refuse';
  readonly ignoreIdMismatch?: true;
  /** Open a damaged image as far as it goes. */
  readonly salvage?: true;
}

interface Skipped {
  readonly candidate: ParentCandidate;
  readonly reason: string;
}

/**
 * Opens the disk in the file `image`, with its parents. Where a parent keeps it from being opened, the error says which
 * one, or what was not followed and why.
 *
 * @throws VhdxError as `openDisk` and `openFile`
 */
export async function openDiskFile(image: string, options: DiskCommandOptions): Promise<VhdxDisk> {
  const skipped: Skipped[] = [];
  let parentPath: string | undefined;
  const find = parentResolver(options, (candidate, reason) => skipped.push({ candidate, reason }));
  const source = await openSource(image, options);
  try {
    return await (options.salvage === true ? salvageDisk : openDisk)(source, {
      log: options.log,
      ignoreIdMismatch: options.ignoreIdMismatch,
      parent: async (candidate) => {
        const parent = await find(candidate);
        if (parent !== undefined) parentPath = nameOfSource(parent);
        return parent;
      },
    });
  } catch (error) {
    await source.close();
    throw error instanceof VhdxError ? aboutParent(error, parentPath, skipped) : error;
  }
}

/** Where parents may be looked for. */
export interface ParentCommandOptions extends SourceCommandOptions {
  /** The parent of the image: a file or an address. */
  readonly parent?: string;
  readonly parentRoot?: readonly string[];
}

/**
 * Finds parents in the file system, as `nodeParentResolver` does; `parent` may also be an address. Locators name files,
 * so nothing else is looked for on servers.
 */
export function parentResolver(
  options: ParentCommandOptions,
  onSkip?: (candidate: ParentCandidate, reason: string) => void,
): (candidate: ParentCandidate) => Promise<ImageSource | undefined> {
  const { parent, parentRoot: roots } = options;
  if (parent === undefined || !isUrl(parent)) return nodeParentResolver({ parent, roots, onSkip });
  const find = nodeParentResolver({ roots, onSkip });
  let isFirst = true;
  return async (candidate) => {
    if (!isFirst) return find(candidate);
    isFirst = false;
    return openSource(parent, options);
  };
}

/** The error with what is known of the parent that it is about. */
function aboutParent(error: VhdxError, parentPath: string | undefined, skipped: readonly Skipped[]): VhdxError {
  const { code, fileOffset, severity } = error;
  if (code === 'VHDX_PARENT_NOT_FOUND' && skipped.length > 0) {
    const tried = skipped
      .map(({ candidate, reason }) => `${candidate.kind} ${excerpt(candidate.path)}: ${reason}`)
      .join('; ');
    return new VhdxError(code, {
      message: `${namesParent(parentPath)} was not found. Not followed: ${tried}. --parent names the file, --parent-root allows a folder.`,
      cause: error,
    });
  }
  if (parentPath === undefined) return error;
  return new VhdxError(code, {
    message: `Its parent ${parentPath}: ${inSentence(error.message)}.`,
    fileOffset,
    severity,
    cause: error,
  });
}

/** `child`: the image whose parent is missing, if it is not the one that was asked for. */
function namesParent(child: string | undefined): string {
  return child === undefined ? 'Its parent' : `The parent of its parent ${child}`;
}

/** Opens the disk in the file `image` without its parents: for what asks only where its own contents are. */
export async function openImageFile(image: string, options: DiskCommandOptions): Promise<VhdxDisk> {
  const source = await openSource(image, options);
  try {
    return new VhdxDisk(await openVhdx(source, { log: options.log }), undefined);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The names of the files that a disk is made of, as they were given or found: its own, its parent's, and so on. */
export function namesOf(disk: VhdxDisk): readonly string[] {
  return disk.levels().map(({ image }) => nameOfSource(image.source));
}
