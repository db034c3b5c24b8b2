/** What a pool and its threads send each other: several tasks or results at once, because each message costs. */

export interface Sent<Task> {
  readonly id: number;
  readonly task: Task;
}

export interface Answer<Result> {
  readonly id: number;
  readonly result: Result;
}

/** Tasks or results that go in one message. */
export const BATCH = 8;

/** Milliseconds that a result waits for others. */
const WAIT_MS = 10;

/** Answers tasks by `work`, all that have come at once; `post` sends the results, several at once. */
export function answering<Task, Result>(
  work: (task: Task) => Promise<Result>,
  post: (answers: readonly Answer<Result>[]) => void,
): (tasks: readonly Sent<Task>[]) => void {
  let answers: Answer<Result>[] = [];
  let open = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const ready = answers;
    answers = [];
    if (ready.length > 0) post(ready);
  };
  const answer = async ({ id, task }: Sent<Task>): Promise<void> => {
    const result = await work(task);
    open -= 1;
    answers.push({ id, result });
    if (answers.length >= BATCH || open === 0) flush();
    else timer ??= setTimeout(flush, WAIT_MS);
  };
  return (tasks) => {
    open += tasks.length;
    for (const task of tasks) void answer(task);
  };
}
