/** Opens the disk in an image file for the commands, with its parents or as a salvage. */
import { openDisk, type ParentCandidate, VhdxDisk, VhdxError, openVhdx, salvageDisk } from '../../index.js';
import { excerpt } from '../../base/excerpt.js';
import { NodeFileSource, nodeParentResolver, openFile } from '../../node.js';
import { inSentence } from '../error-report.js';

/** Options of the commands that read the contents of a disk. */
export interface DiskCommandOptions {
  readonly log?: 'overlay' | 'refuse';
  /** The parent of the image, wherever its locator points. */
  readonly parent?: string;
  /** Folders that parents may be in, besides that of the image. */
  readonly parentRoot?: readonly string[];
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
  const find = nodeParentResolver({
    parent: options.parent,
    roots: options.parentRoot,
    onSkip: (candidate, reason) => skipped.push({ candidate, reason }),
  });
  const source = await openFile(image);
  try {
    return await (options.salvage === true ? salvageDisk : openDisk)(source, {
      log: options.log,
      ignoreIdMismatch: options.ignoreIdMismatch,
      parent: async (candidate) => {
        const parent = await find(candidate);
        if (parent instanceof NodeFileSource) parentPath = parent.path;
        return parent;
      },
    });
  } catch (error) {
    await source.close();
    throw error instanceof VhdxError ? aboutParent(error, parentPath, skipped) : error;
  }
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
export async function openImageFile(image: string, { log }: DiskCommandOptions): Promise<VhdxDisk> {
  const source = await openFile(image);
  try {
    return new VhdxDisk(await openVhdx(source, { log }), undefined);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** The names of the files that a disk is made of, as they were given or found: its own, its parent's, and so on. */
export function namesOf(disk: VhdxDisk): readonly string[] {
  return disk.levels().map(({ image }) => (image.source instanceof NodeFileSource ? image.source.path : ''));
}
