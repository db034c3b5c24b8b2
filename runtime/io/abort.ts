/** Abort signals: listeners, and waits that can be given up. */
const LISTENERS = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `listener` when `signal` is aborted, until the returned function is called. A signal gets one listener of the
 * platform however many there are of these: one signal may serve hundreds of reads at once, and Node warns of a leak
 * from the eleventh on.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let listeners = LISTENERS.get(signal);
  if (listeners === undefined) {
    const all = new Set<() => void>();
    signal.addEventListener(
      'abort',
      () => {
        for (const each of all) each();
      },
      { once: true },
    );
    LISTENERS.set(signal, all);
    listeners = all;
  }
  const own = listeners;
  own.add(listener);
  return () => {
    own.delete(listener);
  };
}

/**
 * What `promise` comes to, or a rejection with the signal's reason as soon as `signal` is aborted: for waits on what
 * cannot be given up itself. What `promise` comes to after that is dropped.
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let forget = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => {
      reject(signal.reason);
    };
    if (signal.aborted) abort();
    else forget = onAbort(signal, abort);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    forget();
  }
}
