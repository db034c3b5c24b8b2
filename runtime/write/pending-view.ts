/** The file with changed metadata that has not been written to its place yet. */
import type { ByteSource, SourceReadOptions } from '../io/byte-source.js';
import type { Commits } from './commits.js';

/** The file with the metadata as it is in memory: what has changed, and is not in its place yet, is laid over. */
export class PendingView implements ByteSource {
  readonly #file: ByteSource;
  readonly #commits: Commits;

  constructor(file: ByteSource, commits: Commits) {
    this.#file = file;
    this.#commits = commits;
  }

  get size(): number {
    return this.#file.size;
  }

  async read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    for (;;) {
      const before = this.#commits.placed;
      const count = await this.#file.read(into, position, options);
      // What was put into its place meanwhile may have been read before that, and is not pending any more.
      if (this.#commits.placed !== before) continue;
      const end = position + count;
      for (const { fileOffset, bytes } of this.#commits.pending()) {
        const from = Math.max(position, fileOffset);
        const to = Math.min(end, fileOffset + bytes.length);
        if (from < to) into.set(bytes.subarray(from - fileOffset, to - fileOffset), from - position);
      }
      return count;
    }
  }
}
