/** A byte target that becomes a file when all has been written. */
import { setImmediate } from 'node:timers/promises';
import { requireOffset } from '../../base/arguments.js';
import { DraftFile, type DraftOptions, finish, type FinishOptions } from './atomic-file.js';
import type { SourceReadOptions } from '../byte-source.js';
import type { ByteTarget } from '../byte-target.js';
import { MIB } from '../../base/units.js';

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
    requireOffset(position, 'position');
    this.#file.write(bytes, 0, bytes.length, position);
    this.#size = Math.max(this.#size, position + bytes.length);
    this.#turn += bytes.length;
    if (this.#turn < TURN_BYTES) return;
    this.#turn = 0;
    await setImmediate();
  }

  async truncate(size: number): Promise<void> {
    requireOffset(size, 'size');
    this.#file.truncate(size);
    this.#size = size;
  }

  async flush(): Promise<void> {
    // `DraftFile.commit` does.
  }
}

/** How a file is to be made. */
export interface MakeFileOptions extends DraftOptions, FinishOptions {}

/**
 * Has `work` make a file. It gets the name `path` when that is done, and not before; what goes wrong leaves nothing
 * behind.
 *
 * @throws VhdxError as `DraftFile.create` and `DraftFile.commit`; what `work` throws, or the signal's reason
 */
export async function makeFile<T>(
  path: string,
  options: MakeFileOptions,
  work: (target: ByteTarget) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const file = await DraftFile.create(path, options);
  return finish(file, options, () => work(new DraftTarget(file)));
}
