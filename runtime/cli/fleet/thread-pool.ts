/** Worker threads, and what becomes of their tasks when one ends. */
import type { Worker } from 'node:worker_threads';
import { type Answer, BATCH, type Sent } from './messages.js';

/** A task that has not been answered. */
interface Pending<Task, Result> {
  readonly task: Task;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  /** Whether it has ended a thread that it had for itself. */
  readonly hasEnded: boolean;
}

/** A thread, and what it has been given. */
class Thread<Task, Result> {
  readonly pending: Map<number, Pending<Task, Result>> = new Map();
  readonly #worker: Worker;
  #next = 0;

  /** `onFree`: some of its tasks are done. `onEnd`: the thread has ended, although nobody asked for it. */
  constructor(
    worker: Worker,
    data: unknown,
    on: { readonly onFree: () => void; readonly onEnd: (thread: Thread<Task, Result>, reason: string) => void },
  ) {
    this.#worker = worker;
    worker.unref();
    worker.postMessage(data, []);
    let reason: string | undefined;
    this.#worker.on('message', (answers: readonly Answer<Result>[]) => {
      for (const { id, result } of answers) {
        const found = this.pending.get(id);
        this.pending.delete(id);
        found?.resolve(result);
      }
      if (this.pending.size === 0) this.#worker.unref();
      on.onFree();
    });
    this.#worker.on('error', (error: Error) => {
      reason = error.message;
    });
    this.#worker.on('exit', (code) => on.onEnd(this, reason ?? `exit code ${code}`));
  }

  give(tasks: readonly Pending<Task, Result>[]): void {
    const sent = tasks.map((pending): Sent<Task> => {
      this.#next += 1;
      this.pending.set(this.#next, pending);
      return { id: this.#next, task: pending.task };
    });
    // As long as something is awaited, the process goes on.
    this.#worker.ref();
    this.#worker.postMessage(sent, []);
  }

  async end(): Promise<void> {
    this.#worker.removeAllListeners('exit');
    await this.#worker.terminate();
  }
}

/** Options of a pool. */
export interface PoolOptions {
  /** Threads at most. */
  readonly count: number;
  /** Tasks that a thread works on at once; it is given some more, so that it need not wait for the next. */
  readonly atOnce: number;
  /** What each thread is sent first. */
  readonly data: unknown;
}

/**
 * Threads that answer tasks: each is sent `data`, then lists of `Sent`, and sends lists of `Answer` back. When
 * a thread ends in the middle (out of memory, a crash of native code), each of its tasks is done again in a thread that has no other, one after
 * the other; the one at which that ends twice is rejected, and no other suffers from it.
 */
export class ThreadPool<Task, Result> {
  readonly #take: () => Worker;
  readonly #options: PoolOptions;
  readonly #threads: Set<Thread<Task, Result>> = new Set();
  readonly #waiting: Pending<Task, Result>[] = [];
  /** Tasks of threads that have ended; one of each ended its thread. */
  readonly #suspects: Pending<Task, Result>[] = [];
  #loner: Thread<Task, Result> | undefined;
  #isScheduled = false;

  /** `take` gives a thread that has been sent nothing. */
  constructor(take: () => Worker, options: PoolOptions) {
    this.#take = take;
    this.#options = options;
  }

  /** Tasks that keep all threads busy. */
  get capacity(): number {
    return this.#options.count * this.#mostPending;
  }

  get #mostPending(): number {
    return this.#options.atOnce + 2 * BATCH;
  }

  run(task: Task): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject, hasEnded: false });
      this.#schedule();
    });
  }

  /** Ends all threads; what they are working on is never answered. */
  async close(): Promise<void> {
    const all = [...this.#threads, ...(this.#loner === undefined ? [] : [this.#loner])];
    this.#threads.clear();
    await Promise.all(all.map((thread) => thread.end()));
  }

  /** Gives tasks out when all that come now have come: they go in few messages. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#giveOut();
    });
  }

  #giveOut(): void {
    while (this.#threads.size < this.#options.count && this.#waiting.length > this.#threads.size) this.#start();
    // In turns, so that the last tasks are spread over all threads.
    for (let hasGiven = true; hasGiven && this.#waiting.length > 0;) {
      hasGiven = false;
      for (const thread of this.#threads) {
        const room = this.#mostPending - thread.pending.size;
        const share = Math.ceil(this.#waiting.length / this.#threads.size);
        // A thread that has enough is given more when there is room for a whole message.
        if (room < BATCH && thread.pending.size > 0) continue;
        const tasks = this.#waiting.splice(0, Math.min(room, share, BATCH));
        if (tasks.length === 0) continue;
        thread.give(tasks);
        hasGiven = true;
      }
    }
  }

  #start(): void {
    const thread = new Thread<Task, Result>(this.#take(), this.#options.data, {
      onFree: () => this.#schedule(),
      onEnd: (ended) => {
        this.#threads.delete(ended);
        this.#suspects.push(...ended.pending.values());
        this.#runSuspect();
        this.#schedule();
      },
    });
    this.#threads.add(thread);
  }

  /** Does the next task of a thread that has ended, in a thread of its own. */
  #runSuspect(): void {
    if (this.#loner !== undefined) return;
    const pending = this.#suspects.shift();
    if (pending === undefined) return;
    const next = (): void => {
      this.#loner = undefined;
      this.#runSuspect();
    };
    const thread = new Thread<Task, Result>(this.#take(), this.#options.data, {
      onFree: () => void thread.end().then(next),
      onEnd: (_thread, reason) => {
        if (pending.hasEnded) pending.reject(new Error(`the thread that worked on it ended twice: ${reason}`));
        else this.#suspects.unshift({ ...pending, hasEnded: true });
        next();
      },
    });
    this.#loner = thread;
    thread.give([pending]);
  }
}
