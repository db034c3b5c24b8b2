/** Milliseconds after which everything else gets its turn. */
const TURN_MS = 2;
/** So many slow calls in a row are no accident: the first one is compiled, and any can be interrupted. */
const SLOW_CALLS = 3;
/** After them so many calls are given to a thread; then one more slow call is enough. */
const CALLS_AFTER_SLOW = 64;

/**
 * Says which of many short calls of the operating system are made at once rather than by a thread. What only goes to the
 * page cache takes a fifth of the time in which a thread is woken and heard; but everything else of the process waits
 * meanwhile, so it gets its turn after some of them, and a call that turns out to be slow (a disk, a full cache, a server)
 * has the next ones made by threads.
 */
export class ShortCalls {
  readonly #now: () => number;
  /** When the turn began in which calls are made at once; `undefined` before the first of them. */
  #began: number | undefined;
  #nextTurn: Promise<void> | undefined;
  #slow = 0;
  #threaded = 0;

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(now: () => number = milliseconds) {
    this.#now = now;
  }

  /**
   * What to wait for before the next call: `undefined` as long as this turn lasts. All who ask at the same time share it.
   */
  turn(): Promise<void> | undefined {
    if (this.#threaded > 0 || this.#began === undefined) return undefined;
    if (this.#nextTurn !== undefined) return this.#nextTurn;
    if (this.#now() - this.#began < TURN_MS) return undefined;
    this.#nextTurn = new Promise((resolve) => {
      setImmediate(() => {
        this.#began = undefined;
        this.#nextTurn = undefined;
        resolve();
      });
    });
    return this.#nextTurn;
  }

  /** Makes the call if it may be made at once; if not it is for a thread. One of `slowMs` has waited for something. */
  try(call: () => void, slowMs: number): boolean {
    if (this.#threaded > 0) {
      this.#threaded -= 1;
      return false;
    }
    this.#make(call, slowMs, this.#now());
    return true;
  }

  /** As `try`, unless there is something to wait for: then nothing is made, and nothing changes. */
  tryInTurn(call: () => void, slowMs: number): boolean {
    if (this.#threaded > 0 || this.#nextTurn !== undefined) return false;
    const now = this.#now();
    if (this.#began !== undefined && now - this.#began >= TURN_MS) return false;
    this.#make(call, slowMs, now);
    return true;
  }

  #make(call: () => void, slowMs: number, start: number): void {
    this.#began ??= start;
    call();
    this.#judge(this.#now() - start >= slowMs);
  }

  #judge(wasSlow: boolean): void {
    this.#slow = wasSlow ? this.#slow + 1 : 0;
    if (this.#slow < SLOW_CALLS) return;
    this.#slow = SLOW_CALLS - 1;
    this.#threaded = CALLS_AFTER_SLOW;
  }
}

/** Sooner there than `performance`, which Node loads when it is first used. */
function milliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
