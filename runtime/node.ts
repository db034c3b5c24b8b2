/** The entry `vhdx/node`: files, conversion and creation for applications on Node. */
import { NodeFileSource } from './io/node/file-source.js';
import { NodeFileTarget } from './io/node/file-target.js';
import { pathOf } from './io/node/path.js';

export { NodeFileSource, NodeFileTarget };

/**
 * Opens a file or block device for reading. `openDisk` and `openVhdx` close it, with the disk or when they fail; after
 * anything else it is the caller's to close.
 *
 * @throws VhdxError VHDX_SOURCE_NOT_FOUND, VHDX_SOURCE_NOT_PERMITTED, VHDX_SOURCE_IS_DIRECTORY,
 * VHDX_SOURCE_NOT_A_FILE or VHDX_SOURCE_IO; TypeError for what is no path.
 */
export async function openFile(path: string | URL): Promise<NodeFileSource> {
  return NodeFileSource.open(pathOf(path));
}

/**
 * Opens an existing file or block device for reading and writing, and keeps other writers of this library away from it
 * until it is closed. `openWritableDisk` closes it, with the disk or when it fails; after anything else it is the
 * caller's to close.
 *
 * @throws VhdxError VHDX_SOURCE_NOT_FOUND, VHDX_SOURCE_IS_DIRECTORY, VHDX_SOURCE_NOT_A_FILE, VHDX_TARGET_NOT_PERMITTED,
 * VHDX_TARGET_IN_USE or VHDX_TARGET_IO; TypeError for what is no path.
 */
export async function openFileForWriting(path: string | URL): Promise<NodeFileTarget> {
  return NodeFileTarget.open(pathOf(path));
}

export {
  type DiskInput,
  openDisk,
  type OpenDiskOptions,
  openWritableDisk,
  type OpenWritableDiskOptions,
  type ParentFileOptions,
} from './node/open-disk.js';
export { type HandleOptions, NodeHandleSource } from './io/node/handle-source.js';
export { createFile, type CreateFileOptions, type CreateFileReport } from './node/create-file.js';
export { type CompactToFileOptions, compactToFile } from './node/compact-to-file.js';
export { findChildren, findChildrenOf } from './node/find-children.js';
export { mergeToFile, type MergeToFileOptions } from './node/merge-to-file.js';
export { type ConvertOptions, convertToRaw } from './node/convert-to-raw.js';
export {
  type ConvertToVhdxOptions,
  type ConvertToVhdxReport,
  convertToVhdx,
  type NewContents,
} from './node/convert-to-vhdx.js';
export { type NewParentFile, openNewParent } from './node/new-parent.js';
export { pathFromBytes, systemPath } from './io/node/path-bytes.js';
export { type NodeParentOptions, nodeParentResolver } from './node/parent-resolver.js';
export type { OutputOptions, SyncOptions } from './io/node/atomic-file.js';
export { claimDraftName, type Leftover, releaseDraftName, removeLeftovers } from './io/node/draft-name.js';
