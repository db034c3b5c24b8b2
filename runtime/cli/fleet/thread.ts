/** What runs in a thread of its own: checks the images that it is sent the names of. */
import { parentPort, workerData } from 'node:worker_threads';
import { clock } from '../clock.js';
import { type Examination, examine, type Task } from './examine.js';
import { answering, type Sent } from './messages.js';
import { Slots } from './slots.js';
import { type SentResult, sentError } from './transfer.js';

/** What a thread is given at its start. */
export interface ThreadData {
  readonly options: Examination;
  /** Images that the thread checks at once. */
  readonly atOnce: number;
}

/** Answers the messages of `ThreadPool`. */
export function runThread(): void {
  // Only `ThreadPool` starts this, with these.
  const { options, atOnce }: ThreadData = workerData;
  const slots = new Slots(atOnce);
  const resultFor = async (task: Task): Promise<SentResult> => {
    const begin = clock();
    const took = (): number => clock() - begin;
    try {
      return { examined: await examine(task, options), milliseconds: took() };
    } catch (error) {
      return { error: sentError(error), milliseconds: took() };
    }
  };
  const take = answering<Task, SentResult>(
    (task) => slots.use(() => resultFor(task)),
    (answers) => parentPort?.postMessage(answers, []),
  );
  parentPort?.on('message', (tasks: readonly Sent<Task>[]) => take(tasks));
}
