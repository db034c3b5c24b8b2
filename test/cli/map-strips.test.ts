import { describe, expect, test } from 'vitest';
import { isMixed, lookOf, percent, runsOf, STATE_LOOKS } from '../../runtime/cli/commands/map-strips.js';
import { pictureText, PICTURE_CELLS } from '../../runtime/cli/commands/map-picture.js';
import { pictureSvg, SVG_CELLS } from '../../runtime/cli/commands/map-svg.js';
import { type BlockState, imageUsage } from '../../runtime/index.js';
import { BLOCK_STATES } from '../../runtime/format.js';
import { GIB, MIB, TIB, TestImage } from '../support/image-builder.js';
import { plain } from '../support/paint.js';

function cell(bytes: Partial<Record<BlockState, number>>): Record<BlockState, number> {
  const none = Object.fromEntries(BLOCK_STATES.map((state) => [state, 0])) as Record<BlockState, number>;
  return { ...none, ...bytes };
}

describe('what a cell shows', () => {
  test.each([
    [{ 'not-present': 999, 'fully-present': 1 }, 'fully-present', 1],
    [{ zero: 900, 'fully-present': 99, unreadable: 1 }, 'unreadable', 4],
    [{ zero: 900, reserved: 1 }, 'reserved', 4],
    [{ 'not-present': 9, zero: 1 }, 'zero', 1],
    [{ zero: 9, 'partially-present': 1 }, 'partially-present', 1],
    [{ 'fully-present': 3, 'partially-present': 5 }, 'partially-present', 3],
    [{ 'fully-present': 8 }, 'fully-present', 4],
    [{ 'not-present': 8 }, 'not-present', 4],
  ] as const)('%j → %s, %d quarters', (bytes, kind, quarters) => {
    expect(lookOf(cell(bytes), BLOCK_STATES, STATE_LOOKS)).toEqual({ kind, quarters });
  });

  test('neighbours that look alike → one run, with the bytes of both', () => {
    const cells = [cell({ 'not-present': 9, zero: 1 }), cell({ 'not-present': 8, zero: 2 }), cell({ zero: 10 })];
    const runs = [...runsOf({ length: 30, cellSize: 10, cells, totals: cell({}) }, BLOCK_STATES, STATE_LOOKS)];
    expect(runs.map(({ first, count, bytes }) => [first, count, bytes.zero, bytes['not-present']])).toEqual([
      [0, 2, 3, 17],
      [2, 1, 10, 0],
    ]);
    expect(isMixed({ length: 30, cellSize: 10, cells, totals: cell({}) }, BLOCK_STATES)).toBe(true);
  });
});

test.each([
  [0, 10, '0.0 %'],
  [10, 10, '100.0 %'],
  [99_999, 100_000, '> 99.9 %'],
  [1, 100_000, '< 0.1 %'],
  [1, 3, '33.3 %'],
])('%d of %d → %s', (bytes, length, words) => {
  expect(percent(bytes, length)).toBe(words);
});

describe('500 blocks in 64 TiB', () => {
  const image = new TestImage({ virtualSize: 64 * TIB, blockSize: 32 * MIB });
  // Every 4000th block, one behind the other in the file.
  for (let count = 0; count < 500; count += 1) {
    image.setBat(image.payloadIndex(count * 4000), { state: 6, fileOffsetMb: image.append(32 * MIB) });
  }

  test('picture → each of them is seen', async () => {
    const usage = await imageUsage(image.source, { cells: PICTURE_CELLS });
    const text = String(pictureText('disk.vhdx', usage, plain));
    const [, below = ''] = text.split('Virtual disk');
    const cells = usage.disk.cells.filter((each) => each['fully-present'] > 0).length;
    expect(cells).toBeGreaterThan(400);
    expect(below.match(/(?<=^ *0x[0-9a-f]+ [+.]*)\+/gm)).toHaveLength(cells);
    expect(below).toContain('+ at most half');
  });

  test('SVG → drawn, and the titles have what is in the stripes', async () => {
    const svg = String(pictureSvg('disk.vhdx', await imageUsage(image.source, { cells: SVG_CELLS })));
    const titles = [...svg.matchAll(/<title>(0x0 to [^<]*)<\/title>/g)].map(([, words]) => words);
    expect(titles[0]).toMatch(/^0x0 to 0x[0-9a-f]+: header section 1 MiB, log 1 MiB, BAT /);
    expect(titles[1]).toMatch(/: NOT_PRESENT [\d.]+ [GT]iB, FULLY_PRESENT [\d.]+ [MG]iB$/);
    expect(svg.match(/FULLY_PRESENT/g)?.length).toBeGreaterThan(1);
  });
});

test('a whole image of one kind → no rule, nothing pale', async () => {
  const image = new TestImage({ virtualSize: 4 * GIB });
  const usage = await imageUsage(image.source, { cells: PICTURE_CELLS });
  expect(String(pictureText('disk.vhdx', usage, plain))).not.toContain('A character shows errors');
});
