import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Bat } from '../../../runtime/format/bat.js';
import type { BatExtent } from '../../../runtime/format/bat-extents.js';
import { BatGeometry } from '../../../runtime/format/bat-geometry.js';
import { MemorySource } from '../../../runtime/index.js';
import { GIB, MIB } from '../../support/image-builder.js';

/** Blocks of 256 MiB and sectors of 512 bytes: 16 blocks in a chunk, 40 in the disk. */
const DISK = { blockSize: 256 * MIB, logicalSectorSize: 512, virtualSize: 10 * GIB };

interface Entry {
  readonly state: number;
  readonly reserved: number;
  readonly fileOffsetMb: number;
}

/** By [MS-VHDX] 2.5.1: state in bits 0 to 2, reserved bits, FileOffsetMB in bits 20 to 63. */
function batOf(entries: readonly Entry[], hasParent: boolean, disk = DISK): Bat {
  const bytes = new DataView(new ArrayBuffer(entries.length * 8));
  for (const [index, { state, reserved, fileOffsetMb }] of entries.entries()) {
    bytes.setBigUint64(index * 8, BigInt(state) | (BigInt(reserved) << 3n) | (BigInt(fileOffsetMb) << 20n), true);
  }
  return new Bat(new MemorySource(new Uint8Array(bytes.buffer)), 0, new BatGeometry({ ...disk, hasParent }));
}

/** Goes through a table as a survey does: first the places that are known to be sound, then the extent behind them. */
async function takenOf(bat: Bat, lowest: number, highest: number): Promise<{ taken: Entries; extents: BatExtent[] }> {
  const [taken, extents]: [Map<number, number>, BatExtent[]] = [new Map(), []];
  const places = new Int32Array(ENTRIES).fill(-1);
  for await (const cursor of bat.extents()) {
    do {
      cursor.takePlaces(places, lowest, highest);
      const { index, number, count, base } = cursor;
      for (let step = 0; step < count; step += 1) {
        expect(cursor.kind).toBe('payload');
        expect(bat.geometry.payloadIndex(number + step)).toBe(index + step);
        taken.set(index + step, places[index + step - base] ?? -1);
      }
    } while (cursor.next() && extents.push(extentOf(cursor)) > 0);
  }
  expect(places.filter((place) => place !== -1)).toHaveLength(taken.size);
  return { taken, extents };
}

type Entries = ReadonlyMap<number, number>;

function extentOf({ kind, index, number, count, state, fileOffsetMb, reserved }: BatExtent): BatExtent {
  return { kind, index, number, count, state, fileOffsetMb, reserved };
}

async function extentsOf(bat: Bat, first?: number, end?: number): Promise<BatExtent[]> {
  const found: BatExtent[] = [];
  for await (const extents of bat.extents({}, first, end)) {
    while (extents.next()) found.push(extentOf(extents));
  }
  return found;
}

const CHUNK = 16;
const ENTRIES = 3 * (CHUNK + 1);
const entry = fc.record({
  state: fc.constantFrom(0, 2, 6),
  reserved: fc.constantFrom(0, 0, 1),
  fileOffsetMb: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 5 }).map((at) => at * 256),
    fc.constant(2 ** 44 - 1),
  ),
});

describe('extents of the BAT', () => {
  test('blocks side by side in the file → one extent, cut at the entry of the sector bitmap block', async () => {
    const entries = Array.from({ length: ENTRIES }, (_, index) => {
      const block = index - Math.floor(index / (CHUNK + 1));
      const isBitmap = index % (CHUNK + 1) === CHUNK;
      return { state: 6, reserved: 0, fileOffsetMb: isBitmap ? 3 : 1024 + block * 256 };
    });
    expect(await extentsOf(batOf(entries, true))).toEqual([
      { kind: 'payload', index: 0, number: 0, count: 16, state: 6, fileOffsetMb: 1024, reserved: 0 },
      { kind: 'bitmap', index: 16, number: 0, count: 1, state: 6, fileOffsetMb: 3, reserved: 0 },
      { kind: 'payload', index: 17, number: 16, count: 16, state: 6, fileOffsetMb: 5120, reserved: 0 },
      { kind: 'bitmap', index: 33, number: 1, count: 1, state: 6, fileOffsetMb: 3, reserved: 0 },
      { kind: 'payload', index: 34, number: 32, count: 8, state: 6, fileOffsetMb: 9216, reserved: 0 },
      // 10 GiB are 40 blocks; a differencing disk has entries for the whole last chunk.
      { kind: 'unused', index: 42, number: 40, count: 8, state: 6, fileOffsetMb: 11_264, reserved: 0 },
      { kind: 'bitmap', index: 50, number: 2, count: 1, state: 6, fileOffsetMb: 3, reserved: 0 },
    ]);
  });

  test('entries in the middle of a chunk → numbered from the start of the disk', async () => {
    const blank = Array.from({ length: 42 }, () => ({ state: 0, reserved: 0, fileOffsetMb: 0 }));
    expect(await extentsOf(batOf(blank, false), 20, 30)).toEqual([
      { kind: 'payload', index: 20, number: 19, count: 10, state: 0, fileOffsetMb: 0, reserved: 0 },
    ]);
    expect(await extentsOf(batOf(blank, false), 5, 5)).toEqual([]);
  });

  test.each([1, 2, 63, 64, 65, 66, 100, 2047, 4094, 4095])(
    'blocks without storage up to entry %d, and again behind it → one extent each',
    async (place) => {
      const disk = { blockSize: MIB, logicalSectorSize: 512, virtualSize: 4 * GIB };
      const blank = { state: 0, reserved: 0, fileOffsetMb: 0 };
      for (const other of [
        { state: 6, reserved: 0, fileOffsetMb: 9 },
        { state: 2, reserved: 0, fileOffsetMb: 0 },
        { state: 0, reserved: 4, fileOffsetMb: 0 },
        { state: 0, reserved: 0, fileOffsetMb: 2 ** 43 },
      ]) {
        const entries = Array.from({ length: 4096 }, (_, index) => (index === place ? other : blank));
        const extents = await extentsOf(batOf(entries, false, disk));
        const behind = place === 4095 ? [] : [{ index: place + 1, count: 4095 - place, ...blank }];
        expect(extents).toMatchObject([
          { index: 0, count: place, ...blank },
          { index: place, count: 1, ...other },
          ...behind,
        ]);
      }
    },
  );

  test('any entries → each once, in order, none that the extent before it could have had', async () => {
    const given = fc.array(entry, { minLength: ENTRIES, maxLength: ENTRIES });
    await fc.assert(
      fc.asyncProperty(given, async (entries) => {
        const extents = await extentsOf(batOf(entries, true));
        const listed = extents.flatMap(({ count, state, reserved, fileOffsetMb }) =>
          Array.from({ length: count }, (_, step) => {
            return { state, reserved, fileOffsetMb: fileOffsetMb === 0 ? 0 : fileOffsetMb + step * 256 };
          }),
        );
        expect(listed).toEqual(entries);
        for (const [at, next] of extents.slice(1).entries()) {
          const before = extents[at];
          if (before === undefined || next.kind !== 'payload' || before.kind !== 'payload') continue;
          const goesOn = before.fileOffsetMb === 0 ? 0 : before.fileOffsetMb + before.count * 256;
          const isAlike = before.state === next.state && before.reserved === next.reserved;
          expect(isAlike && next.fileOffsetMb === goesOn).toBe(false);
        }
      }),
      { numRuns: 300, seed: 12, endOnFailure: true },
    );
  });

  test('any entries, those at places from 512 to 1024 MiB taken → each in order, those taken are as they are to be', async () => {
    const given = fc.array(entry, { minLength: ENTRIES, maxLength: ENTRIES });
    await fc.assert(
      fc.asyncProperty(given, async (entries) => {
        const { taken, extents } = await takenOf(batOf(entries, true), 512, 1024);
        const listed = extents.flatMap(({ index, number, kind, count, fileOffsetMb }) =>
          Array.from({ length: count }, (_, step) => {
            return [index + step, kind, number + step, fileOffsetMb === 0 ? 0 : fileOffsetMb + step * 256];
          }),
        );
        const expected = (await extentsOf(batOf(entries, true))).flatMap(({ index, number, kind, count }) =>
          Array.from({ length: count }, (_, step) => {
            return [index + step, kind, number + step, entries[index + step]?.fileOffsetMb];
          }),
        );
        for (const [index, place] of taken) {
          expect(entries[index]).toEqual({ state: 6, reserved: 0, fileOffsetMb: place });
          expect(place >= 512 && place <= 1024).toBe(true);
        }
        expect(listed).toEqual(expected.filter(([index]) => !taken.has(Number(index))));
        // Behind what was left an extent goes on as far as it can; what does not continue one is taken.
        for (const { kind, count, state, fileOffsetMb, reserved } of extents) {
          const isSound = state === 6 && reserved === 0 && fileOffsetMb >= 512 && fileOffsetMb <= 1024;
          expect(kind === 'payload' && count > 0 && isSound).toBe(false);
        }
      }),
      { numRuns: 300, seed: 12, endOnFailure: true },
    );
  });
});
