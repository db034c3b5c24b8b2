/**
 * The operations on a disk that are not done yet. Storage that a block gives up may still be read or written by one of
 * them, so it must not be used again before all that began earlier are done.
 */
export class OperationTracker {
  /** Numbers of the operations that are running, in the order of their beginnings. */
  readonly #running = new Set<number>();
  readonly #waiting: { readonly since: number; readonly call: () => void }[] = [];
  #next = 0;

  /** Begins an operation; the number is to be given to `leave`. */
  enter(): number {
    const number = this.#next;
    this.#next += 1;
    this.#running.add(number);
    return number;
  }

  leave(number: number): void {
    this.#running.delete(number);
    this.#settle();
  }

  /** Makes the call when every operation that is running now is done: at once, if there is none. */
  afterCurrent(call: () => void): void {
    this.#waiting.push({ since: this.#next, call });
    this.#settle();
  }

  /** Settled when every operation that is running now is done. */
  whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      this.afterCurrent(resolve);
    });
  }

  #settle(): void {
    const [oldest = Infinity] = this.#running;
    for (let [first] = this.#waiting; first !== undefined && first.since <= oldest; [first] = this.#waiting) {
      this.#waiting.shift();
      first.call();
    }
  }
}
