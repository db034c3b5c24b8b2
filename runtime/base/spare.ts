/** Memory that is used again. */

/**
 * Keeps memory that is no longer needed for the next one who needs as much, unless something else needs it meanwhile: new
 * memory takes longer to be provided than to be filled, and many large arrays that are soon let go keep the collector
 * busy. Who takes it has it alone.
 */
export class Spare<Memory extends object> {
  #kept: WeakRef<Memory> | undefined;

  /** What was given last, if it is still there and `isEnough`. */
  take(isEnough: (memory: Memory) => boolean): Memory | undefined {
    const memory = this.#kept?.deref();
    if (memory === undefined || !isEnough(memory)) return undefined;
    this.#kept = undefined;
    return memory;
  }

  /** Nobody may use it any more. */
  give(memory: Memory): void {
    this.#kept = new WeakRef(memory);
  }
}
