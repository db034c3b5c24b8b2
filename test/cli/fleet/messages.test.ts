import { expect, test } from 'vitest';
import { answering, type Answer, BATCH } from '../../../runtime/cli/fleet/messages.js';

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const sent = (count: number) => Array.from({ length: count }, (_, id) => ({ id, task: id }));

test('many tasks → all answered, in few messages', async () => {
  const messages: (readonly Answer<number>[])[] = [];
  const done = deferred();
  const take = answering<number, number>(
    (task) => Promise.resolve(task * 2),
    (answers) => {
      messages.push(answers);
      if (messages.flat().length === 3 * BATCH + 1) done.resolve();
    },
  );
  take(sent(3 * BATCH + 1));
  await done.promise;
  expect(messages.map(({ length }) => length)).toEqual([BATCH, BATCH, BATCH, 1]);
  expect(messages.flat()).toEqual(sent(3 * BATCH + 1).map(({ id }) => ({ id, result: id * 2 })));
});

test('one of two takes long → the other is answered all the same', async () => {
  const [slow, first] = [deferred(), deferred()];
  const messages: (readonly Answer<number>[])[] = [];
  const take = answering<number, number>(
    async (task) => {
      if (task === 1) await slow.promise;
      return task;
    },
    (answers) => {
      messages.push(answers);
      first.resolve();
    },
  );
  take(sent(2));
  await first.promise;
  expect(messages).toEqual([[{ id: 0, result: 0 }]]);
  slow.resolve();
});
