/** Long writes of a file: one at a time, neighbours together. Seen by the calls that are made. */
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { KIB, MIB } from '../../../../runtime/base/units.js';
import { WriteQueue } from '../../../../runtime/io/node/write-queue.js';
import { noise } from '../../../support/bytes.js';
import { codeOf } from '../../../support/reason.js';

type Done = (error: Error | null, count?: number) => void;

/** What the system is asked for, and how it answers: as it does, or with less than was asked for, or with a fault. */
const calls: { readonly position: number; readonly lengths: readonly number[] }[] = [];
let answer: ((total: number, position: number) => number | Error) | undefined;
let atOnce = 0;
let most = 0;

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof fs>();
  const run = (fd: number, parts: readonly Uint8Array[], position: number, done: Done): void => {
    calls.push({ position, lengths: parts.map(({ length }) => length) });
    atOnce += 1;
    most = Math.max(most, atOnce);
    const bytes = Buffer.concat(parts);
    const answered = answer?.(bytes.length, position) ?? bytes.length;
    setImmediate(() => {
      atOnce -= 1;
      if (answered instanceof Error) return done(answered);
      return done(null, real.writeSync(fd, bytes, 0, answered, position));
    });
  };
  return {
    ...real,
    write: (fd: number, bytes: Uint8Array, start: number, length: number, position: number, done: Done) =>
      run(fd, [bytes.subarray(start, start + length)], position, done),
    writev: run,
  };
});

const folder = mkdtempSync(join(tmpdir(), 'vhdx-write-queue-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file');

beforeEach(() => {
  calls.length = 0;
  answer = undefined;
  most = 0;
});

test('writes that continue each other → the first alone, the others by one call; never two at once', async () => {
  const queue = new WriteQueue(openSync(path, 'w+'));
  const bytes = noise(MIB);
  const parts = Array.from({ length: 8 }, (_, index) => bytes.subarray(index * 128 * KIB, (index + 1) * 128 * KIB));
  const all = Promise.all(parts.map((part, index) => queue.write(part, index * 128 * KIB)));
  expect(queue.isBusy).toBe(true);
  await all;
  expect(queue.isBusy).toBe(false);
  expect(calls.map(({ lengths }) => lengths.length)).toEqual([1, 7]);
  expect(most).toBe(1);
  expect(Buffer.compare(readFileSync(path), bytes)).toBe(0);
});

test('writes that do not continue each other, or are more than 8 MiB → calls of their own', async () => {
  const queue = new WriteQueue(openSync(path, 'w+'));
  const positions = [0, 5 * MIB, MIB, 10 * MIB, 16 * MIB];
  const lengths = [MIB, MIB, MIB, 6 * MIB, 6 * MIB];
  await Promise.all(positions.map((position, index) => queue.write(noise(lengths[index] ?? 0, index), position)));
  expect(calls).toEqual(positions.map((position, index) => ({ position, lengths: [lengths[index]] })));
});

test('a call that writes less than it was given → the rest is written', async () => {
  const queue = new WriteQueue(openSync(path, 'w+'));
  const bytes = noise(MIB);
  answer = (total) => Math.min(total, 100_000);
  const parts = [bytes.subarray(0, 10), bytes.subarray(10, 300_000), bytes.subarray(300_000, MIB)];
  let at = 0;
  await Promise.all(
    parts.map((part) => {
      at += part.length;
      return queue.write(part, at - part.length);
    }),
  );
  expect(Buffer.compare(readFileSync(path), bytes)).toBe(0);
});

test('a fault in the middle of a call → the write that it hits fails, those before and behind it are made', async () => {
  const queue = new WriteQueue(openSync(path, 'w+'));
  const fault = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  // As a full file system: what fits is written, and the next call says why there is no more.
  answer = (total, position) => (position === 30 ? fault : position < 30 ? Math.min(total, 30 - position) : total);
  const outcomes = await Promise.all(
    [0, 10, 25, 40].map((position) => codeOf(queue.write(noise(position === 25 ? 15 : 10), position))),
  );
  expect(outcomes).toEqual(['done', 'done', fault, 'done']);
});

test('a system that writes nothing, and gives no reason → a fault instead of asking for ever', async () => {
  const queue = new WriteQueue(openSync(path, 'w+'));
  answer = () => 0;
  expect(await codeOf(queue.write(noise(10), 0))).toMatchObject({ message: expect.stringContaining('nothing') });
  expect(await codeOf(queue.write(new Uint8Array(0), 0))).toBe('done');
});
