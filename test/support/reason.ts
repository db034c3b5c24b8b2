/** How promises end. */
import { VhdxError } from '../../runtime/errors/errors.js';

/** `done`; the code of the VhdxError that `promise` is rejected with; or whatever else it is rejected with. */
export function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error instanceof VhdxError ? error.code : error),
  );
}

/**
 * Why `promise` is rejected. Asked for before the test brings the rejection about, so that it is handled from the
 * beginning.
 */
export async function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('the promise was not rejected');
}
