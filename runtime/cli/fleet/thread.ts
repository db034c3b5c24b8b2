/** What runs in a thread of its own: checks the images that it is sent the names of. */
import { parentPort } from 'node:worker_threads';
import { clock } from '../clock.js';
import { type Examination, examine, type Task } from './examine.js';
import { answering, type Sent } from './messages.js';
import { Slots } from './slots.js';
import { type SentResult, sentError } from './transfer.js';

/** What a thread is sent first. */
export interface ThreadData {
  readonly options: Examination;
  /** Images that the thread checks at once. */
  readonly atOnce: number;
}

/** Answers the messages of `ThreadPool`: the first has `ThreadData`, the others are tasks. */
export function runThread(): void {
  parentPort?.once('message', (data: ThreadData) => {
    const take = answerer(data);
    parentPort?.on('message', (tasks: readonly Sent<Task>[]) => take(tasks));
  });
}

function answerer(data: ThreadData): (tasks: readonly Sent<Task>[]) => void {
  const { atOnce } = data;
  const options = { ...data.options, isAlone: atOnce === 1 };
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
  return answering<Task, SentResult>(
    (task) => slots.use(() => resultFor(task)),
    (answers) => parentPort?.postMessage(answers, []),
  );
}
