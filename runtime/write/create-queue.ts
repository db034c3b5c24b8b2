import type { ByteTarget } from '../target.js';
import type { Piece } from './create-layout.js';

/** Writes that are under way at once: enough for a host to use two processors. */
const DEPTH = 4;

/** Writes several pieces at a time, which must not overlap. */
export class WriteQueue {
  readonly #target: ByteTarget;
  readonly #running = new Set<Promise<void>>();
  #fault: { readonly reason: unknown } | undefined;

  constructor(target: ByteTarget) {
    this.#target = target;
  }

  /**
   * Begins to write a piece; settled when there is room for another one. `whenDone` is called when the bytes are not
   * needed any more.
   *
   * @throws what an earlier write threw
   */
  async write(piece: Piece, whenDone?: () => void): Promise<void> {
    this.#requireSound();
    const running = this.#write(piece).finally(() => {
      this.#running.delete(running);
      whenDone?.();
    });
    this.#running.add(running);
    if (this.#running.size >= DEPTH) await Promise.race(this.#running);
  }

  /** Settled when nothing is under way. @throws what one of the writes threw */
  async drain(): Promise<void> {
    await this.idle();
    this.#requireSound();
  }

  /** As `drain`, but a fault that is known already, or of no interest any more, is not thrown. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #write({ bytes, offset }: Piece): Promise<void> {
    try {
      await this.#target.write(bytes, offset);
    } catch (reason) {
      this.#fault ??= { reason };
    }
  }

  #requireSound(): void {
    if (this.#fault !== undefined) throw this.#fault.reason;
  }
}
