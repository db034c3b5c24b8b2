import { expect, test } from 'vitest';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { type ByteSource, readAvailable, readExactly } from '../../../runtime/io/byte-source.js';

test('range inside of the source → its bytes', async () => {
  expect([...(await readExactly(new MemorySource(Uint8Array.of(1, 2, 3, 4)), 1, 2))]).toEqual([2, 3]);
});

test('range past the end → VHDX_SOURCE_SHORT_READ with offset, wanted and got', async () => {
  const source = new MemorySource(new Uint8Array(300));
  await expect(readExactly(source, 256, 64)).rejects.toMatchObject({
    code: 'VHDX_SOURCE_SHORT_READ',
    fileOffset: 300,
    message: 'Reading 64 bytes at offset 0x100 gave only 44: the source ended, although it had 300 bytes.',
  });
});

test('range past the end, only what is there → the rest', async () => {
  expect((await readAvailable(new MemorySource(new Uint8Array(300)), 256, 64)).length).toBe(44);
  expect((await readAvailable(new MemorySource(new Uint8Array(300)), 400, 64)).length).toBe(0);
});

test('source that gives a byte at a time → all bytes', async () => {
  const source: ByteSource = {
    size: 5,
    read: (into, position) => {
      into[0] = position;
      return Promise.resolve(1);
    },
  };
  expect([...(await readExactly(source, 1, 3))]).toEqual([1, 2, 3]);
});

test('aborted signal → its reason', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(readExactly(new MemorySource(new Uint8Array(4)), 0, 4, { signal })).rejects.toThrow('enough');
});

test('negative position → RangeError', async () => {
  await expect(readExactly(new MemorySource(new Uint8Array(4)), -1, 1)).rejects.toThrow(RangeError);
});
