/** Standard output. */
import { writeSync } from 'node:fs';

/** All of it, also where the reader of a pipe is slow. @throws EPIPE where it is gone */
export function print(words: string): void {
  let rest = Buffer.from(words);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
