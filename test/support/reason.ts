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
