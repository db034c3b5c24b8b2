/** Lets one operation at a time change what the BAT says of a block. */
export class BlockLocks {
  readonly #last = new Map<number, Promise<unknown>>();

  /** Runs `work` when all that were given for `block` before it are done, whether or not they failed. */
  async run<T>(block: number, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(block);
    const done = before === undefined ? work() : before.then(work, work);
    this.#last.set(block, done);
    try {
      return await done;
    } finally {
      if (this.#last.get(block) === done) this.#last.delete(block);
    }
  }
}
