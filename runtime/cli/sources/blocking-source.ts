/** A file that is read without giving way, for a thread that has nothing else to do. */
import type { ByteSource } from '../../index.js';
import type { NodeFileSource } from '../../node.js';

/**
 * `file`, of which each read is a single call of the operating system that the thread waits for. Otherwise a read that
 * is slow, or that the thread is not given the time for, has others made by further threads, which costs more than it
 * gains where only one image is read.
 */
export function blockingSource(file: NodeFileSource): ByteSource & Pick<NodeFileSource, 'close'> {
  const { path, size, hostAllocatedSize, hostSparseAttribute, identity } = file;
  return {
    path,
    size,
    hostAllocatedSize,
    hostSparseAttribute,
    identity,
    revision: () => file.revision(),
    read: async (into, position, options) => {
      options?.signal?.throwIfAborted();
      const length = Math.max(0, Math.min(into.length, size - position));
      return file.readSync(length === into.length ? into : into.subarray(0, length), position);
    },
    keepFromWriters: () => file.keepFromWriters(),
    close: () => file.close(),
  };
}
