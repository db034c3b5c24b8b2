import { NodeFileSource } from './node-file-source.js';

export { NodeFileSource };

/**
 * Opens a file or block device for reading.
 *
 * @throws VhdxError VHDX_SOURCE_NOT_FOUND, VHDX_SOURCE_NOT_PERMITTED, VHDX_SOURCE_IS_DIRECTORY,
 * VHDX_SOURCE_NOT_A_FILE or VHDX_SOURCE_IO.
 */
export function openFile(path: string): Promise<NodeFileSource> {
  return NodeFileSource.open(path);
}

export { type HandleOptions, NodeHandleSource } from './node-handle-source.js';
export { type NodeParentOptions, nodeParentResolver } from './node-parent-resolver.js';
