/** A fixed layout that the stream ends within: the field that is cut is told, as the official runtime tells it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateClasses, type Generated } from '../../../support/generated-classes.js';

/** A part of five bytes that begins at 2. */
const SCHEMA = `
meta: {id: ends, endian: le, bit-endian: be}
seq:
  - {id: nibble, type: b4}
  - {id: len, type: b12}
  - {id: part, type: part}
types:
  part: {seq: [{id: a, type: u1}, {id: b, type: u4}, {id: text, type: str, size: 3, encoding: ASCII}]}
`;

let folder: string;
let generated: Generated;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-ends-'));
  const file = join(folder, 'ends.ksy');
  writeFileSync(file, SCHEMA);
  generated = await generateClasses([file], []);
  expect(generated.problems).toEqual([]);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

test.each([
  [2, { offset: 2, needed: 1, available: 0 }],
  [3, { offset: 3, needed: 4, available: 0 }],
  [5, { offset: 3, needed: 4, available: 2 }],
  [7, { offset: 7, needed: 3, available: 0 }],
  [9, { offset: 7, needed: 3, available: 2 }],
])('%d bytes of 10 → %o', (length, expected) => {
  expect(() => generated.top('ends').fromBytes(new Uint8Array(length))).toThrow(
    expect.objectContaining({ name: 'EofError', ...expected }),
  );
});

test('all bytes, one behind them → read', () => {
  const bytes = Uint8Array.of(0x12, 0x34, 5, 6, 0, 0, 0, 0x61, 0x62, 0x63, 9);
  expect(generated.top('ends').fromBytes(bytes)).toMatchObject({
    nibble: 1,
    len: 0x234,
    part: { a: 5, b: 6, text: 'abc' },
  });
});
