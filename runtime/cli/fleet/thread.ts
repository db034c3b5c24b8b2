/** What runs in a thread of its own: checks the images that it is sent the names of. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Examination, examine, type Task } from './examine.js';
import { type SentResult, sentError } from './transfer.js';

// Only `ThreadPool` starts this, with these.
const options: Examination = workerData;

async function resultFor(task: Task): Promise<SentResult> {
  try {
    return { examined: await examine(task, options) };
  } catch (error) {
    return { error: sentError(error) };
  }
}

/** Answers the messages of `ThreadPool`. */
export function runThread(): void {
  parentPort?.on('message', ({ id, task }: { readonly id: number; readonly task: Task }) => {
    void resultFor(task).then((result) => parentPort?.postMessage({ id, result }, []));
  });
}
