import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { BlobSource } from '../../../runtime/io/blob-source.js';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { type Bytes, toByteSource } from '../../../runtime/io/to-byte-source.js';

const BYTES = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const { buffer } = BYTES;

test.each<readonly [string, Bytes, readonly number[]]>([
  ['ArrayBuffer', buffer, [...BYTES]],
  ['SharedArrayBuffer', new SharedArrayBuffer(2), [0, 0]],
  ['Uint8Array', BYTES, [...BYTES]],
  ['part of a Uint8Array', BYTES.subarray(2, 5), [3, 4, 5]],
  ['Buffer', Buffer.from(BYTES), [...BYTES]],
  // Small Buffers are parts of a pool.
  ['part of a Buffer', Buffer.from(BYTES).subarray(1, 4), [2, 3, 4]],
  ['DataView', new DataView(buffer, 3, 2), [4, 5]],
  ['Uint16Array', new Uint16Array(buffer, 2, 2), [3, 4, 5, 6]],
  ['Blob', new Blob([BYTES]), [...BYTES]],
  ['File', new File([BYTES], 'disk.vhdx'), [...BYTES]],
  ['ArrayBuffer of another realm', runInNewContext('new ArrayBuffer(3)') as ArrayBuffer, [0, 0, 0]],
  ['Uint8Array of another realm', runInNewContext('Uint8Array.of(9, 8).subarray(1)') as Uint8Array, [8]],
])('%s → its bytes', async (_, value, bytes) => {
  const source = toByteSource(value);
  expect(source.size).toBe(bytes.length);
  expect([...(await readExactly(source, 0, bytes.length))]).toEqual(bytes);
});

test('source → itself', () => {
  for (const source of [new MemorySource(BYTES), new BlobSource(new Blob())]) expect(toByteSource(source)).toBe(source);
});

test('memory → not copied', async () => {
  const bytes = Uint8Array.of(1);
  const source = toByteSource(bytes);
  bytes[0] = 2;
  expect([...(await readExactly(source, 0, 1))]).toEqual([2]);
});

test.each([undefined, null, 5, 'disk.vhdx', {}, [1, 2], { size: 5 }, { size: 'x', read: () => 0 }, new Map()])(
  '%o → TypeError',
  (value) => {
    expect(() => toByteSource(value as Bytes)).toThrow(TypeError);
  },
);
