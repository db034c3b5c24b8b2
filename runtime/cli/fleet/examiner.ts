/** Decides how many images are checked at once, and in how many threads. */
import { clock } from '../clock.js';
import type { Examination, Task, Timed } from './examine.js';
import type { ThreadData } from './thread.js';
import { jobsFor, optimizeLater, preparedThreads, takeThread, threadsFor } from './threads.js';

/** Checks images, several at once. */
export interface Examiner {
  /** How many tasks it is to be given at once. */
  readonly count: number;
  /** Never rejects; the error is what `examine` throws, or that the thread which checks the image has ended. */
  readonly examine: (task: Task) => Promise<Timed>;
  readonly close: () => Promise<void>;
}

/** For a single image, with which the run would end anyway. */
async function inThisThread(options: Examination): Promise<Examiner> {
  const { examine } = await import('./examine.js');
  return {
    count: 1,
    examine: async (task) => {
      const begin = clock();
      try {
        const examined = await examine(task, options);
        return { examined, milliseconds: clock() - begin };
      } catch (error) {
        return { error, milliseconds: clock() - begin };
      }
    },
    close: () => Promise.resolve(),
  };
}

async function inThreads(threads: number, data: ThreadData): Promise<Examiner> {
  const [{ ThreadPool }, { received }] = await Promise.all([import('./thread-pool.js'), import('./transfer.js')]);
  const pool = new ThreadPool<Task, Parameters<typeof received>[0]>(takeThread, {
    count: threads,
    atOnce: data.atOnce,
    data,
  });
  return {
    count: pool.capacity,
    examine: async (task) => {
      const begin = clock();
      try {
        const result = await pool.run(task);
        optimizeLater();
        return received(result);
      } catch (error) {
        return { error, milliseconds: clock() - begin };
      }
    },
    close: () => pool.close(),
  };
}

/**
 * An examiner for `images` images. Several are never checked in this thread: one at which that ends would end the run.
 *
 * @param jobs how many are to be checked at once; as many as there are processors if left out
 */
export async function startExaminer(images: number, options: Examination, jobs: number | undefined): Promise<Examiner> {
  if (images <= 1) return inThisThread(options);
  const count = jobsFor(images, jobs);
  const threads = Math.max(threadsFor(count), preparedThreads());
  const examiner = await inThreads(threads, { options, atOnce: Math.ceil(count / threads) });
  // Whoever asks for one at a time wants no second processor to be busy with the report meanwhile.
  return jobs === 1 ? { ...examiner, count: 1 } : examiner;
}
