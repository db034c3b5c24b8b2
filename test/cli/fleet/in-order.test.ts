import { expect, test } from 'vitest';
import { inOrder } from '../../../runtime/cli/fleet/in-order.js';

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

test('work that ends in any order → results in the order of the items, no more at once than asked for', async () => {
  let running = 0;
  let most = 0;
  const work = async (item: number): Promise<number> => {
    running += 1;
    most = Math.max(most, running);
    // The later ones are done sooner.
    for (let turns = 40 - item; turns > 0; turns -= 1) await Promise.resolve();
    running -= 1;
    return item * 2;
  };
  const results: number[] = [];
  for await (const result of inOrder(
    Array.from({ length: 40 }, (_, item) => item),
    3,
    work,
  ))
    results.push(result);
  expect(results).toEqual(Array.from({ length: 40 }, (_, item) => item * 2));
  expect(most).toBe(3);
});

test('the first takes long → a bounded number is begun meanwhile', async () => {
  const first = deferred();
  let begun = 0;
  const items = Array.from({ length: 1000 }, (_, item) => item);
  const results = inOrder(items, 2, async (item) => {
    begun += 1;
    if (item === 0) await first.promise;
    return item;
  });
  const next = results.next();
  for (let turns = 0; turns < 1000; turns += 1) await Promise.resolve();
  expect(begun).toBe(32);
  first.resolve();
  expect((await next).value).toBe(0);
  await results.return();
});

test('an error → thrown in its turn, after the results before it', async () => {
  const results = inOrder([1, 2, 3], 3, (item) =>
    item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item),
  );
  expect((await results.next()).value).toBe(1);
  await expect(results.next()).rejects.toThrow('two');
});
