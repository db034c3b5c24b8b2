import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { ThreadPool } from '../../../runtime/cli/fleet/thread-pool.js';
import { temporaryDirectory } from '../images.js';

const folder = temporaryDirectory();
const script = join(folder, 'thread.cjs');
// `kill` ends the thread at once, `once` only the first time.
writeFileSync(
  script,
  `const { parentPort, threadId } = require('node:worker_threads');
const { existsSync, writeFileSync } = require('node:fs');
let data;
parentPort.on('message', (tasks) => {
  data ??= tasks;
  if (data === tasks) return;
  for (const { id, task } of tasks) {
    if (task === 'kill') process.exit(7);
    if (task === 'throw') throw new Error('lost');
    if (task === 'once' && !existsSync(data.mark)) {
      writeFileSync(data.mark, '');
      process.exit(7);
    }
    setTimeout(() => parentPort.postMessage([{ id, result: [task, threadId] }]), task === 'slow' ? 200 : 0);
  }
});`,
);

function pool(count: number, mark = 'none'): ThreadPool<string, readonly [string, number]> {
  const made = new ThreadPool<string, readonly [string, number]>(() => new Worker(script), {
    count,
    atOnce: 1,
    data: { mark: join(folder, mark) },
  });
  onTestFinished(() => made.close());
  return made;
}

test('more tasks than threads → all answered, by as many threads as there may be', async () => {
  const threads = pool(2);
  const results = await Promise.all(Array.from({ length: 20 }, (_, index) => threads.run(`task ${index}`)));
  expect(results.map(([task]) => task)).toEqual(Array.from({ length: 20 }, (_, index) => `task ${index}`));
  expect(new Set(results.map(([, id]) => id)).size).toBe(2);
});

test.each([
  ['kill', 'ended twice: exit code 7'],
  ['throw', 'ended twice: lost'],
])('a task that ends its thread (%s) → rejected, and the others of that thread are answered', async (task, words) => {
  const threads = pool(1);
  const [before, bad, after] = await Promise.allSettled([threads.run('slow'), threads.run(task), threads.run('after')]);
  expect(before).toMatchObject({ status: 'fulfilled', value: ['slow', expect.any(Number)] });
  expect(bad).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining(words) as unknown } });
  expect(after).toMatchObject({ status: 'fulfilled' });
  expect((await threads.run('next'))[0]).toBe('next');
});

test('several tasks that end their threads among many → each rejected, all others answered', async () => {
  const threads = pool(2);
  const tasks = Array.from({ length: 60 }, (_, index) => (index % 20 === 7 ? 'kill' : `task ${index}`));
  const results = await Promise.allSettled(tasks.map((task) => threads.run(task)));
  expect(results.map(({ status }) => status)).toEqual(
    tasks.map((task) => (task === 'kill' ? 'rejected' : 'fulfilled')),
  );
});

test('few tasks → spread over the threads', async () => {
  const threads = pool(3);
  const results = await Promise.all(['1', '2', '3'].map((task) => threads.run(task)));
  expect(new Set(results.map(([, id]) => id)).size).toBe(3);
});

test('a thread that ends by chance → its task is done by another', async () => {
  expect((await pool(1, 'mark').run('once'))[0]).toBe('once');
  expect(existsSync(join(folder, 'mark'))).toBe(true);
});
