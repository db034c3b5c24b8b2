/** Decides how many images are checked at once, and in how many threads. */
import { availableParallelism } from 'node:os';
import type { Examination, Examined, Task } from './examine.js';

/** Checks images, several at once. */
export interface Examiner {
  /** How many it can check at once. */
  readonly count: number;
  /** @throws as `examine`; Error if the thread that checks the image has ended */
  readonly examine: (task: Task) => Promise<Examined>;
  readonly close: () => Promise<void>;
}

/** A thread takes as long to start as some small images take to check: for fewer than these none is started unasked. */
const WORTH_A_THREAD = 16;

/**
 * An examiner for `images` images.
 *
 * @param jobs how many are to be checked at once; as many as there are processors if left out
 */
export async function startExaminer(images: number, options: Examination, jobs: number | undefined): Promise<Examiner> {
  const processors = availableParallelism();
  const count = Math.max(
    1,
    Math.min(jobs ?? processors, jobs === undefined ? Math.floor(images / WORTH_A_THREAD) : images),
  );
  // More jobs than processors wait for servers, and need no threads for that.
  const threads = Math.min(count, processors);
  if (threads === 1) {
    const { examine } = await import('./examine.js');
    return { count, examine: (task) => examine(task, options), close: () => Promise.resolve() };
  }
  const [{ ThreadPool }, { receive }] = await Promise.all([import('./thread-pool.js'), import('./transfer.js')]);
  const pool = new ThreadPool<Task, Parameters<typeof receive>[0]>(
    // The program itself, which looks at its arguments.
    new URL('./vhdx.cjs', import.meta.url),
    threads,
    options,
  );
  return { count, examine: async (task) => receive(await pool.run(task)), close: () => pool.close() };
}
