/** Memory that is used again. */

/**
 * Keeps memory that is no longer needed for the next one who needs as much, unless something else needs it meanwhile: new
 * memory takes longer to be provided than to be filled, and many large arrays that are soon let go keep the collector
 * busy. Who takes it has it alone.
 *
 * Of two, the longer one is kept: a `WeakRef` keeps its target until the running job ends, so that one for each memory of
 * another length would keep them all while images are worked on that never wait.
 */
export class Spare<Memory extends { readonly length: number }> {
  #kept: WeakRef<Memory> | undefined;

  /** What was given, if it is still there and has `length` items or more. */
  take(length: number): Memory | undefined {
    const memory = this.#kept?.deref();
    if (memory === undefined || memory.length < length) return undefined;
    this.#kept = undefined;
    return memory;
  }

  /** Nobody may use it any more. */
  give(memory: Memory): void {
    const kept = this.#kept?.deref();
    if (kept === undefined || kept.length < memory.length) this.#kept = new WeakRef(memory);
  }
}
