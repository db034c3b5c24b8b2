/** Transfers by the number of a file: none may reach the file that gets the number next. */
import { closeSync, fstatSync, mkdtempSync, openSync, read, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { OpenFile } from '../../../../runtime/io/node/open-file.js';
import { MIB } from '../../../../runtime/base/units.js';
import { noise } from '../../../support/bytes.js';
import { Random } from '../../../support/random.js';
import { codeOf, reasonOf } from '../../../support/reason.js';

/** The calls that threads make are counted. */
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  return { ...fs, read: vi.fn(fs.read) };
});

const folder = mkdtempSync(join(tmpdir(), 'vhdx-open-file-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file');

test('transfers under way when the file is closed → done before it is', async () => {
  writeFileSync(path, noise(4 * MIB));
  const file = new OpenFile(openSync(path, 'r+'), path);
  const into = new Uint8Array(4 * MIB);
  const order: string[] = [];
  const transfers = [
    file.read(4 * MIB, into, 0).then((count) => order.push(`read ${count}`)),
    file.write(noise(MIB, 2), 8 * MIB).then(() => order.push('written')),
  ];
  await file.close().then(() => order.push('closed'));
  await Promise.all(transfers);
  expect(order.toSorted()).toEqual(['closed', `read ${4 * MIB}`, 'written']);
  expect(order.at(-1)).toBe('closed');
  expect(Buffer.compare(into, noise(4 * MIB))).toBe(0);
  expect(Buffer.compare(readFileSync(path).subarray(8 * MIB), noise(MIB, 2))).toBe(0);
});

test('a file that has been closed → an error, and nothing is written to the one that has its number now', async () => {
  const file = new OpenFile(openSync(path, 'r+'), path);
  await file.close();
  await file.close();
  const other = join(folder, 'other');
  const next = openSync(other, 'w+');
  expect(await codeOf(file.read(1, new Uint8Array(1), 0))).toBe('VHDX_SOURCE_IO');
  for (const bytes of [noise(10), noise(MIB)]) {
    expect(await reasonOf(file.write(bytes, 0))).toMatchObject({ code: 'EBADF' });
  }
  expect(await reasonOf(file.truncate(100))).toMatchObject({ code: 'EBADF' });
  expect(await reasonOf(file.flush())).toMatchObject({ code: 'EBADF' });
  expect(() => file.fd).toThrow('EBADF');
  expect(fstatSync(next).size).toBe(0);
  closeSync(next);
});

test('short and long writes at once → all of them are there', async () => {
  const file = new OpenFile(openSync(path, 'w+'), path);
  const random = new Random(7);
  const parts = Array.from({ length: 200 }, (_, index) =>
    noise(random.below(10) === 0 ? MIB : 1 + random.below(4096), index),
  );
  let end = 0;
  const writes = parts.map((bytes) => {
    end += bytes.length;
    return file.write(bytes, end - bytes.length);
  });
  await Promise.all(writes);
  await file.close();
  expect(Buffer.compare(readFileSync(path), Buffer.concat(parts))).toBe(0);
});

test('a disk that is read by short reads for long → timers get their turn', async () => {
  writeFileSync(path, noise(MIB));
  const file = new OpenFile(openSync(path, 'r'), path);
  const timer = new AbortController();
  setTimeout(() => timer.abort(), 5);
  const into = new Uint8Array(4096);
  while (!timer.signal.aborted) expect(await file.read(MIB, into, 8192)).toBe(4096);
  expect(Buffer.compare(into, noise(MIB).subarray(8192, 12_288))).toBe(0);
  await file.close();
});

test.each([
  ['one read of 1 MiB → made at once', 1, MIB, 0],
  ['several of them together → made by threads, but for the last', 4, MIB, 3],
  ['a longer one → made by a thread', 1, 2 * MIB, 1],
])('%s', async (_, count, length, byThreads) => {
  writeFileSync(path, noise(4 * MIB, 5));
  const file = new OpenFile(openSync(path, 'r'), path);
  vi.mocked(read).mockClear();
  const parts = Array.from({ length: count }, () => new Uint8Array(length));
  const counts = await Promise.all(parts.map((into, index) => file.read(4 * MIB, into, index * length)));
  expect(read).toHaveBeenCalledTimes(byThreads);
  expect(counts).toEqual(parts.map(() => length));
  expect(Buffer.compare(Buffer.concat(parts), noise(4 * MIB, 5).subarray(0, count * length))).toBe(0);
  await file.close();
});
