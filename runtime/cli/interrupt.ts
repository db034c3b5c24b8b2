/** Signals that end the process: the work is aborted and cleans up first. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The work was given up because of a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/**
 * Does work that has to clean up behind itself when a signal would end the process: the work's signal is aborted with
 * `Interrupted`. A second signal ends the process as it always does.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = (signal: NodeJS.Signals): void => {
    for (const each of SIGNALS) process.off(each, abort);
    controller.abort(new Interrupted(signal));
  };
  for (const each of SIGNALS) process.on(each, abort);
  try {
    return await work(controller.signal);
  } finally {
    for (const each of SIGNALS) process.off(each, abort);
  }
}

/** Yields what `items` yields until `signal` is aborted: what is awaited then, which may take long, is left alone. */
export async function* untilAborted<Item>(items: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item, void> {
  const iterator = items[Symbol.asyncIterator]();
  let stop = (): void => undefined;
  signal.addEventListener('abort', () => stop(), { once: true });
  while (!signal.aborted) {
    const next = await new Promise<IteratorResult<Item, unknown> | undefined>((resolve, reject) => {
      stop = () => resolve(undefined);
      iterator.next().then(resolve, reject);
    });
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
}

/** Ends the process by the signal that interrupted it, so that a shell sees what it would have seen. */
export function endBy({ signal }: Interrupted): void {
  process.kill(process.pid, signal);
}
