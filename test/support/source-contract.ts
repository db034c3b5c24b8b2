import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ByteSource, readExactly } from '../../runtime/io/byte-source.js';
import { noise } from './bytes.js';

/** A source under test, and what has to be tidied up behind it. */
export interface Subject {
  readonly source: ByteSource;
  readonly dispose?: () => Promise<unknown>;
}

/** What every implementation of `ByteSource` has to do. */
export interface Contract {
  /** A new source of these bytes. */
  readonly make: (bytes: Uint8Array<ArrayBuffer>) => Promise<Subject>;
  /** Whether reads are refused after `close`. */
  readonly closes: boolean;
  /** Tests that are known to fail. One that does not fail any more is a failure: take it off the list. */
  readonly knownFailures?: readonly string[];
}

// More than a page of the cache and no multiple of anything.
const LENGTH = 100_003;
const BYTES = noise(LENGTH);
const MARK = 0x5e;

/** Runs all tests of the contract over one implementation. */
export function testSource(name: string, { make, closes, knownFailures = [] }: Contract): void {
  describe(`source: ${name}`, () => {
    const subjects: Subject[] = [];
    const open = async (bytes = BYTES): Promise<ByteSource> => {
      const subject = await make(bytes);
      subjects.push(subject);
      return subject.source;
    };
    let source: ByteSource;
    beforeAll(async () => {
      source = await open();
    });
    afterAll(async () => {
      for (const subject of subjects) {
        await subject.source.close?.();
        await subject.dispose?.();
      }
    });
    const check = (title: string, run: () => Promise<void>): void => {
      (knownFailures.includes(title) ? test.fails : test)(title, run);
    };

    /** Reads into the middle of a larger array, so that a write outside of what was asked for is seen. */
    const read = async (position: number, length: number): Promise<{ count: number; bytes: Uint8Array }> => {
      const around = new Uint8Array(length + 16).fill(MARK);
      const count = await source.read(around.subarray(8, 8 + length), position);
      expect([...around.subarray(0, 8), ...around.subarray(8 + count)].every((byte) => byte === MARK)).toBe(true);
      return { count, bytes: around.slice(8, 8 + count) };
    };

    check('size → the number of bytes', async () => {
      expect(source.size).toBe(LENGTH);
      expect((await open(new Uint8Array())).size).toBe(0);
    });

    check('range at the beginning, in the middle, up to the end, or all → its bytes', async () => {
      for (const [position, length] of [
        [0, 1],
        [0, 5000],
        [4095, 2],
        [12_345, 54_321],
        [LENGTH - 1, 1],
        [LENGTH - 7, 7],
        [0, LENGTH],
      ] as const) {
        const { count, bytes } = await read(position, length);
        expect(count).toBe(length);
        expect(Buffer.compare(bytes, BYTES.subarray(position, position + length))).toBe(0);
      }
    });

    check('range across the end → what is there, and nothing is written behind it', async () => {
      const { count, bytes } = await read(LENGTH - 10, 5000);
      expect(count).toBe(10);
      expect(bytes).toEqual(BYTES.subarray(LENGTH - 10));
    });

    check('range at or past the end → 0 bytes', async () => {
      expect((await read(LENGTH, 1)).count).toBe(0);
      expect((await read(LENGTH + 1, 10)).count).toBe(0);
      expect((await read(2 ** 52, 10)).count).toBe(0);
    });

    check('no length → 0 bytes, wherever', async () => {
      expect((await read(0, 0)).count).toBe(0);
      expect((await read(LENGTH + 10, 0)).count).toBe(0);
    });

    check('empty source → 0 bytes', async () => {
      expect(await (await open(new Uint8Array())).read(new Uint8Array(4), 0)).toBe(0);
    });

    check('many reads at once → each its own bytes', async () => {
      const positions = Array.from({ length: 60 }, (_, index) => (index * 7919) % LENGTH);
      const reads = await Promise.all(positions.map((position) => read(position, 3000)));
      for (const [index, { bytes }] of reads.entries()) {
        const position = positions[index] ?? 0;
        expect(Buffer.compare(bytes, BYTES.subarray(position, position + 3000))).toBe(0);
      }
    });

    check('any ranges → what an array gives', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(LENGTH + 100), fc.nat(9000), async (position, length) => {
          const { bytes } = await read(position, length);
          expect(Buffer.compare(bytes, BYTES.subarray(position, position + length))).toBe(0);
        }),
        { numRuns: 100, seed: 4 },
      );
    });

    check('signal that is aborted already → its reason', async () => {
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(source.read(new Uint8Array(4), 0, { signal })).rejects.toThrow('enough');
    });

    check('abort during reads → their bytes or its reason, and other reads go on', async () => {
      const fresh = await open();
      const controller = new AbortController();
      const { signal } = controller;
      const given = Array.from({ length: 8 }, (_, index) => readExactly(fresh, index * 9000, 8000, { signal }));
      const kept = readExactly(fresh, 30_000, 20_000);
      controller.abort(new Error('enough'));
      for (const [index, result] of (await Promise.allSettled(given)).entries()) {
        if (result.status === 'rejected') expect(result.reason).toBe(signal.reason);
        else expect(result.value).toEqual(BYTES.subarray(index * 9000, index * 9000 + 8000));
      }
      expect(Buffer.compare(await kept, BYTES.subarray(30_000, 50_000))).toBe(0);
      expect(Buffer.compare(await readExactly(fresh, 0, 80_000), BYTES.subarray(0, 80_000))).toBe(0);
    });

    check('position that is negative, broken or no number → RangeError', async () => {
      for (const position of [-1, 0.5, Number.NaN, Infinity]) {
        await expect(source.read(new Uint8Array(4), position), String(position)).rejects.toThrow(RangeError);
      }
    });

    check('close, also twice → no error', async () => {
      const fresh = await open();
      await fresh.close?.();
      await fresh.close?.();
    });

    if (closes) {
      check('read after close → VHDX_SOURCE_IO', async () => {
        const fresh = await open();
        await fresh.close?.();
        for (const position of [0, 90_000]) {
          await expect(fresh.read(new Uint8Array(4), position)).rejects.toMatchObject({ code: 'VHDX_SOURCE_IO' });
        }
      });
    }
  });
}
