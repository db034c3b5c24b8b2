import { expect, test } from 'vitest';
import { BlockLocks } from '../../../runtime/write/block-locks.js';
import { reasonOf } from '../../support/reason.js';

/** Work that goes on until it is told to end; `log` has the beginnings and ends in their order. */
function workOn(log: string[], name: string): { work: () => Promise<string>; end: () => void; fail: () => void } {
  let end: () => void = () => undefined;
  let fail: () => void = () => undefined;
  const promise = new Promise<string>((resolve, reject) => {
    end = (): void => resolve(name);
    fail = (): void => reject(new Error(`${name} failed`));
  });
  return {
    work: async () => {
      log.push(`${name} begins`);
      try {
        return await promise;
      } finally {
        log.push(`${name} ends`);
      }
    },
    end: () => end(),
    fail: () => fail(),
  };
}

test('work for one block → one after the other, in the order in which it was given', async () => {
  const log: string[] = [];
  const locks = new BlockLocks();
  const [first, second, third] = [workOn(log, 'first'), workOn(log, 'second'), workOn(log, 'third')];
  const results = [locks.run(1, first.work), locks.run(1, second.work), locks.run(1, third.work)];
  // Ready before its turn.
  third.end();
  second.end();
  first.end();
  expect(await Promise.all(results)).toEqual(['first', 'second', 'third']);
  expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends', 'third begins', 'third ends']);
});

test('work for two blocks → neither waits for the other', async () => {
  const log: string[] = [];
  const locks = new BlockLocks();
  const [slow, quick] = [workOn(log, 'slow'), workOn(log, 'quick')];
  const slowDone = locks.run(1, slow.work);
  quick.end();
  expect(await locks.run(2, quick.work)).toBe('quick');
  slow.end();
  await slowDone;
  expect(log).toEqual(['slow begins', 'quick begins', 'quick ends', 'slow ends']);
});

test('work that fails → its caller is told, and the next in line goes on', async () => {
  const log: string[] = [];
  const locks = new BlockLocks();
  const [first, second] = [workOn(log, 'first'), workOn(log, 'second')];
  const failed = reasonOf(locks.run(1, first.work));
  const done = locks.run(1, second.work);
  first.fail();
  second.end();
  expect(await failed).toEqual(new Error('first failed'));
  expect(await done).toBe('second');
});

test('a block that nobody works on → its work begins at once, whatever was before', async () => {
  const locks = new BlockLocks();
  await locks.run(1, () => Promise.resolve());
  let begun = false;
  const done = locks.run(1, () => {
    begun = true;
    return Promise.resolve();
  });
  expect(begun).toBe(true);
  await done;
});
