/** Milliseconds after which everything else gets its turn. */
const TURN_MS = 2;
/** A call that takes as long as this waits for something: a slow disk, a full cache, a server. */
const SLOW_MS = 1;
/** After a slow one so many calls are given to a thread. */
const CALLS_AFTER_SLOW = 64;

/**
 * Says which of many short calls of the operating system are made at once rather than by a thread. What only goes to the
 * page cache takes a fifth of the time in which a thread is woken and heard; but everything else of the process waits
 * meanwhile, so this goes on for a turn of the event loop at most, and stops where calls turn out to be slow.
 */
export class ShortCalls {
  readonly #now: () => number;
  /** When the turn began in which calls are made at once; `undefined` before the first of them. */
  #turn: number | undefined;
  #threaded = 0;

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Makes the call if it may be made at once; if not it is for a thread, and `threadDone` to be called after it. */
  try(call: () => void): boolean {
    if (this.#threaded > 0) {
      this.#threaded -= 1;
      return false;
    }
    const start = this.#now();
    this.#turn ??= start;
    if (start - this.#turn >= TURN_MS) return false;
    call();
    if (this.#now() - start >= SLOW_MS) this.#threaded = CALLS_AFTER_SLOW;
    return true;
  }

  /** A thread has done a call: everything else had its turn. */
  threadDone(): void {
    this.#turn = undefined;
  }
}
