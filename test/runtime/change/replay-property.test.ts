import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { openVhdx } from '../../../runtime/image/open.js';
import { replayLog } from '../../../runtime/change/replay.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';
import type { LoggedWrite } from '../../support/log-entries.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { currentHeaderOf, expectReplayed, firstDifference, modelOf } from '../../support/replay-model.js';

const SECTOR = 4096;
const RING = MIB / SECTOR;

/** Where the writes go: a part of the BAT region that no entry is at, and what comes behind the end of the file. */
const target = fc.oneof(
  { weight: 4, arbitrary: fc.nat(40).map((n) => 2 * MIB + MIB / 2 + n * SECTOR) },
  fc.nat(700).map((n) => 4 * MIB - 2 * SECTOR + n * SECTOR),
  fc.nat(20).map((n) => 320 * 1024 + n * SECTOR),
);
const dataWrite = fc.record({ kind: fc.constant('data' as const), fileOffset: target, seed: fc.nat(250) });
const zeroWrite = fc.record({ kind: fc.constant('zero' as const), fileOffset: target, sectors: fc.nat(12) });
const writes = fc.oneof(
  { weight: 8, arbitrary: fc.array(fc.oneof(dataWrite, zeroWrite), { maxLength: 6 }) },
  { weight: 1, arbitrary: fc.array(zeroWrite, { minLength: 120, maxLength: 300 }) },
);

const log = fc.record({
  entries: fc.array(writes, { minLength: 1, maxLength: 8 }),
  at: fc.oneof(fc.nat(RING - 1), fc.integer({ min: RING - 12, max: RING - 1 })),
  /** How many of the first entries are older than the tail. */
  stale: fc.nat(7),
  growth: fc.nat(3),
  firstNumber: fc.oneof(fc.constant(1n), fc.bigInt(1n, 2n ** 63n)),
  /** An entry of the next session's number that is torn, behind the head. */
  torn: fc.boolean(),
});

type Made =
  | { readonly kind: 'data'; readonly fileOffset: number; readonly seed: number }
  | { readonly kind: 'zero'; readonly fileOffset: number; readonly sectors: number };

function written(write: Made): LoggedWrite {
  const { fileOffset } = write;
  if (write.kind === 'zero') return { kind: 'zero', fileOffset, length: write.sectors * SECTOR };
  return {
    kind: 'data',
    fileOffset,
    bytes: Uint8Array.from({ length: SECTOR }, (_, n) => (write.seed + n * 5) & 0xff),
  };
}

test('any sequence of entries anywhere in the ring → the file as 2.3.3 says, as the overlay has shown it', async () => {
  await fc.assert(
    fc.asyncProperty(log, async ({ entries, at, stale, growth, firstNumber, torn }) => {
      const image = new TestImage({ logGuid: IDS.log });
      image.source.write(new Uint8Array(40 * SECTOR).fill(0xdd), 2 * MIB + MIB / 2);
      const lists = entries.map((list) => list.map(written));
      const active = Math.min(stale, lists.length - 1);
      const lastFileOffset = (4 + growth) * MIB;
      // Targets of an entry are bounded by what it says of the file's length; FlushedFileOffset must not be too large.
      const sizes = { flushedFileOffset: 4 * MIB, lastFileOffset: 7 * MIB };
      let start = at * SECTOR;
      let tail = start;
      for (const [index, list] of lists.entries()) {
        if (index === active) tail = start;
        const spec = { sequenceNumber: firstNumber + BigInt(index), tail, writes: list, ...sizes };
        const isHead = index === lists.length - 1;
        const own = isHead && !list.some(({ fileOffset }) => Number(fileOffset) > 3 * MIB) ? { lastFileOffset } : {};
        start = (start + image.addLogEntry(start, { ...spec, ...own })) % MIB;
        if (isHead && torn) {
          const next = { sequenceNumber: firstNumber + BigInt(index) + 1n, tail, breakChecksum: true };
          image.addLogEntry(start, { ...next, writes: [{ kind: 'zero', fileOffset: 3 * MIB, length: SECTOR }] });
        }
      }
      const isAstray = (lists.at(-1) ?? []).some(({ fileOffset }) => Number(fileOffset) > 3 * MIB);
      const model = modelOf(image.toBytes(), lists.slice(active).flat(), isAstray ? 7 * MIB : lastFileOffset);
      const before = currentHeaderOf(image.source);
      if (before === undefined) throw new Error('no header');
      const { view } = await openVhdx(image.source);
      expect(firstDifference(await readExactly(view, 0, view.size), model)).toBe(-1);
      expect(await replayLog(new RecordingTarget(image.source))).toMatchObject({ replayed: true });
      expectReplayed(image.source, model, before);
    }),
    { numRuns: 150, seed: 44 },
  );
});
