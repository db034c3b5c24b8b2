import type { ByteSource } from './source.js';

/**
 * Does `work` with a source that belongs to whoever opens something on it: it is closed if that fails. What goes wrong
 * with the closing must not hide why.
 */
export async function takeOver<T>(source: ByteSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await Promise.allSettled([(async () => source.close?.())()]);
    throw error;
  }
}
