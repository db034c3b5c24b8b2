/**
 * What `promise` comes to, or a rejection with the signal's reason as soon as `signal` is aborted: for waits on what
 * cannot be given up itself. What `promise` comes to after that is dropped.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      reject(signal.reason);
    };
    // Listeners are taken off again: one signal may serve many thousand reads.
    const settle = (then: () => void): void => {
      signal.removeEventListener('abort', abort);
      then();
    };
    promise.then(
      (value) => {
        settle(() => {
          resolve(value);
        });
      },
      (error: unknown) => {
        settle(() => {
          reject(error);
        });
      },
    );
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
