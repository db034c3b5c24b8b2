import { setImmediate } from 'node:timers/promises';
import { DraftFile, type DraftOptions } from './node-draft-file.js';
import type { SourceReadOptions } from './source.js';
import { type ByteTarget, checkTargetOffset } from './target.js';
import { MIB } from './units.js';

/** Bytes that are written before anything else gets its turn: some ten milliseconds. */
const TURN_BYTES = 32 * MIB;

/** A draft as a target. Nothing is flushed before it gets its name: until then nobody could have relied on it. */
class DraftTarget implements ByteTarget {
  readonly #file: DraftFile;
  #size = 0;
  #turn = 0;

  constructor(file: DraftFile) {
    this.#file = file;
  }

  get size(): number {
    return this.#size;
  }

  async read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    options?.signal?.throwIfAborted();
    return this.#file.read(into, position);
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    checkTargetOffset(position, 'position');
    this.#file.write(bytes, 0, bytes.length, position);
    this.#size = Math.max(this.#size, position + bytes.length);
    this.#turn += bytes.length;
    if (this.#turn < TURN_BYTES) return;
    this.#turn = 0;
    await setImmediate();
  }

  async truncate(size: number): Promise<void> {
    checkTargetOffset(size, 'size');
    this.#file.truncate(size);
    this.#size = size;
  }

  async flush(): Promise<void> {
    // `DraftFile.commit` does.
  }
}

/** How a draft is to get its name. */
export interface MakeFileOptions extends DraftOptions {
  /** Have the file on stable storage before. */
  readonly sync?: boolean | undefined;
  /** Gives the work up as long as the file has not got its name; nothing is left then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Has `work` make a file. It gets the name `path` when that is done, and not before; what goes wrong leaves nothing
 * behind, even if the process is told to exit.
 *
 * @throws VhdxError as `DraftFile.create` and `DraftFile.commit`; what `work` throws, or the signal's reason
 */
export async function makeFile<T>(
  path: string,
  { signal, sync, ...options }: MakeFileOptions,
  work: (target: ByteTarget) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const file = DraftFile.create(path, options);
  const discard = (): void => file.discard();
  process.once('exit', discard);
  try {
    const made = await work(new DraftTarget(file));
    signal?.throwIfAborted();
    file.commit({ sync });
    return made;
  } finally {
    file.discard();
    process.off('exit', discard);
  }
}
