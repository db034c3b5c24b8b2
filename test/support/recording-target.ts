import type { ByteTarget } from '../../runtime/target.js';
import type { SparseSource } from './sparse-source.js';

/** A change of a file, as it is asked for. */
export type Change =
  | { readonly kind: 'write'; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly size: number };

export type Operation = Change | { readonly kind: 'flush' };

/** Does what an operation asks for. Files are never made shorter here. */
export function applyChange(file: SparseSource, change: Change): void {
  if (change.kind === 'write') file.write(change.bytes, change.position);
  else file.size = Math.max(file.size, change.size);
}

/** A target that keeps a list of what is done to it. */
export class RecordingTarget implements ByteTarget {
  readonly file: SparseSource;
  readonly operations: Operation[] = [];
  /** Called before each operation; may throw, to be a host that fails. */
  readonly #before: (operation: Operation) => void;

  constructor(file: SparseSource, before: (operation: Operation) => void = () => undefined) {
    this.file = file;
    this.#before = before;
  }

  get size(): number {
    return this.file.size;
  }

  read(into: Uint8Array, position: number): Promise<number> {
    return this.file.read(into, position);
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    this.#change({ kind: 'write', position, bytes: Uint8Array.from(bytes) });
  }

  async truncate(size: number): Promise<void> {
    this.#change({ kind: 'truncate', size });
  }

  async flush(): Promise<void> {
    this.#before({ kind: 'flush' });
    this.operations.push({ kind: 'flush' });
  }

  #change(change: Change): void {
    this.#before(change);
    this.operations.push(change);
    applyChange(this.file, change);
  }
}
