/** Worker threads, and what becomes of their tasks when one ends. */
import { Worker } from 'node:worker_threads';

/** What tells the program that it runs in a thread. */
const THREAD_ARGUMENT = '__thread';

/** What was sent to a thread and has not been answered. */
interface Pending<Task, Result> {
  readonly task: Task;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** A thread, and what it is working on. */
class Thread<Task, Result> {
  readonly pending: Map<number, Pending<Task, Result>> = new Map();
  readonly #worker: Worker;
  #next = 0;

  /** `onEnd`: the thread has ended, although nobody asked for it. */
  constructor(script: URL, data: unknown, onEnd: (thread: Thread<Task, Result>, reason: string) => void) {
    // What a task writes is the main thread's to say.
    this.#worker = new Worker(script, { workerData: data, argv: [THREAD_ARGUMENT], execArgv: [] });
    this.#worker.unref();
    let reason: string | undefined;
    this.#worker.on('message', ({ id, result }: { readonly id: number; readonly result: Result }) => {
      const found = this.pending.get(id);
      this.pending.delete(id);
      if (this.pending.size === 0) this.#worker.unref();
      found?.resolve(result);
    });
    this.#worker.on('error', (error: Error) => {
      reason = error.message;
    });
    this.#worker.on('exit', (code) => onEnd(this, reason ?? `exit code ${code}`));
  }

  take(pending: Pending<Task, Result>): void {
    this.#next += 1;
    this.pending.set(this.#next, pending);
    // As long as something is awaited, the process goes on.
    this.#worker.ref();
    this.#worker.postMessage({ id: this.#next, task: pending.task }, []);
  }

  async end(): Promise<void> {
    this.#worker.removeAllListeners('exit');
    await this.#worker.terminate();
  }
}

/**
 * Threads that answer tasks, each with the result that `script` sends back as `{ id, result }` for `{ id, task }`. When a
 * thread ends in the middle (out of memory, a crash of native code), each of its tasks is given to a new thread that has
 * no other; the one at which that ends too is rejected, and no other suffers from it.
 */
export class ThreadPool<Task, Result> {
  readonly #script: URL;
  readonly #data: unknown;
  readonly #count: number;
  readonly #threads: Set<Thread<Task, Result>> = new Set();

  /** `count`: threads at most; `data`: what each of them is given at its start. */
  constructor(script: URL, count: number, data: unknown) {
    this.#script = script;
    this.#count = count;
    this.#data = data;
  }

  run(task: Task): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#leastBusy().take({ task, resolve, reject });
    });
  }

  /** Ends all threads; what they are working on is never answered. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.#threads, (thread) => thread.end()));
    this.#threads.clear();
  }

  #leastBusy(): Thread<Task, Result> {
    let best: Thread<Task, Result> | undefined;
    for (const thread of this.#threads) {
      if (best === undefined || thread.pending.size < best.pending.size) best = thread;
    }
    if (best !== undefined && (best.pending.size === 0 || this.#threads.size >= this.#count)) return best;
    return this.#start((thread) => {
      for (const pending of thread.pending.values()) this.#runAlone(pending);
    });
  }

  #start(onEnd: (thread: Thread<Task, Result>, reason: string) => void): Thread<Task, Result> {
    const started = new Thread<Task, Result>(this.#script, this.#data, (thread, reason) => {
      this.#threads.delete(thread);
      onEnd(thread, reason);
    });
    this.#threads.add(started);
    return started;
  }

  #runAlone(pending: Pending<Task, Result>): void {
    const thread = new Thread<Task, Result>(this.#script, this.#data, (_thread, reason) => {
      pending.reject(new Error(`the thread that worked on it ended twice: ${reason}`));
    });
    thread.take({
      ...pending,
      resolve: (result) => {
        void thread.end();
        pending.resolve(result);
      },
    });
  }
}
