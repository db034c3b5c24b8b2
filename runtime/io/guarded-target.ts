/** A target that refuses all changes after the first fault. */
import { VhdxError } from '../errors/errors.js';
import type { SourceReadOptions } from './byte-source.js';
import type { ByteTarget } from './byte-target.js';

/**
 * A target that takes no more changes once one has failed. What is on the disk then is not known (a failed flush may
 * have lost any write), so going on could make it worse; what is there opens as after a crash.
 */
export class GuardedTarget implements ByteTarget {
  readonly #target: ByteTarget;
  #fault: Error | undefined;

  constructor(target: ByteTarget) {
    this.#target = target;
  }

  get size(): number {
    return this.#target.size;
  }

  get path(): string | undefined {
    return this.#target.path;
  }

  get identity(): string | undefined {
    return this.#target.identity;
  }

  get isFaulty(): boolean {
    return this.#fault !== undefined;
  }

  /** Takes no more changes from here on, because of `error`. */
  poison(error: unknown): void {
    this.#fault ??= error instanceof Error ? error : new Error('the target failed', { cause: error });
  }

  /** @throws VhdxError VHDX_DISK_POISONED, with the first fault as its cause */
  requireSound(): void {
    const cause = this.#fault;
    if (cause === undefined) return;
    throw new VhdxError('VHDX_DISK_POISONED', {
      message: `Nothing more is written to this disk, because an earlier change failed: ${cause.message}`,
      cause,
    });
  }

  read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number> {
    return this.#target.read(into, position, options);
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    return this.#change(() => this.#target.write(bytes, position));
  }

  truncate(size: number): Promise<void> {
    return this.#change(() => this.#target.truncate(size));
  }

  flush(): Promise<void> {
    return this.#change(() => this.#target.flush());
  }

  /** As `ByteTarget.discard`, of free space: whatever goes wrong, the structures of the file are as sound as before. */
  async discard(position: number, length: number): Promise<void> {
    this.requireSound();
    const discard = this.#target.discard?.bind(this.#target);
    if (discard === undefined) {
      throw new VhdxError('VHDX_TARGET_NO_HOLES', {
        message: `Nothing gives storage of ${this.path ?? 'the target'} back: it is no file of the host.`,
      });
    }
    await this.#change(() => discard(position, length), 'VHDX_TARGET_NO_HOLES');
  }

  /** As `write`, of payload: where the host has no room for it, the structures of the file are as sound as before. */
  writePayload(bytes: Uint8Array, position: number): Promise<void> {
    return this.#change(() => this.#target.write(bytes, position), 'VHDX_TARGET_FULL');
  }

  /** Makes the target longer; as for payload, no harm is done if there is no room. */
  extend(size: number): Promise<void> {
    return this.#change(() => this.#target.truncate(size), 'VHDX_TARGET_FULL');
  }

  async close(): Promise<void> {
    await this.#target.close?.();
  }

  async #change(change: () => Promise<void>, harmless?: 'VHDX_TARGET_FULL' | 'VHDX_TARGET_NO_HOLES'): Promise<void> {
    this.requireSound();
    try {
      await change();
    } catch (error) {
      if (!(error instanceof VhdxError && error.code === harmless)) this.poison(error);
      throw error;
    }
  }
}
