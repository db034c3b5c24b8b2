/** Opens the file that is to become the parent of an image. */
import { VhdxError } from '../errors/errors.js';
import { NodeFileSource } from '../io/node/file-source.js';
import { pathOf } from '../io/node/path.js';
import type { RebaseRequest } from '../change/rebase.js';
import { takeOver } from '../io/take-over.js';
import { parentPaths } from './parent-paths.js';

/** A file that is to become the parent of an image, with the ways to it: the parts of a `RebaseRequest` that name it. */
export interface NewParentFile extends Pick<RebaseRequest, 'relativePath' | 'volumePath' | 'absoluteWin32Path'> {
  /** The new parent, locked against writers. */
  readonly newParent: NodeFileSource;
  /** Closes the file and gives up the lock. */
  close(): Promise<void>;
}

/**
 * Opens the file `parent` as what is to become the parent of the image at `child`, for `planRebase` and `rebaseImage`:
 * nothing writes to it until it is closed, which is the caller's to do.
 *
 * @throws VhdxError as `openFile`; VHDX_TARGET_IN_USE if a program has it open for writing;
 * VHDX_CHAIN_CYCLE if both are one file; VHDX_CREATE_PARENT_PATH_INVALID
 */
export async function openNewParent(child: string | URL, parent: string | URL): Promise<NewParentFile> {
  const source = await NodeFileSource.open(pathOf(parent));
  return takeOver(source, async () => {
    await refuseItself(pathOf(child), source);
    await source.keepFromWriters();
    const paths = await parentPaths(pathOf(child), pathOf(parent));
    return { ...paths, newParent: source, close: () => source.close() };
  });
}

/** The image cannot be locked as its own parent, which would be said of another program. */
async function refuseItself(child: string, parent: NodeFileSource): Promise<void> {
  const own = await NodeFileSource.open(child);
  const isSame = own.identity !== undefined && own.identity === parent.identity;
  await own.close();
  if (isSame) throw new VhdxError('VHDX_CHAIN_CYCLE', { message: 'The new parent is the image itself.' });
}
