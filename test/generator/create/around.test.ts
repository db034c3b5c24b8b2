/** What `create` derives beyond one structure: lists of sizes, and counts, sizes and offsets in what is around. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileOfficial, readOfficial, type OfficialStruct } from '../../support/official.js';
import { reflected, type Reflected } from '../../support/reflected.js';

const SIZES = `
meta: {id: sizes, endian: le, encoding: UTF-8}
seq:
  - {id: num_parts, type: u1}
  - {id: len_parts, type: u2, repeat: expr, repeat-expr: num_parts}
  - {id: parts, size: 'len_parts[_index]', repeat: expr, repeat-expr: num_parts}
  - {id: len_names, type: u8, repeat: expr, repeat-expr: 2}
  - {id: names, type: str, size: 'len_names[_index]', repeat: expr, repeat-expr: 2}
  - {id: num_sizes, type: u1}
  - {id: sizes, type: u1, repeat: expr, repeat-expr: num_sizes}
  - {id: bodies, type: body, size: 'sizes[_index]', repeat: eos}
types:
  body: {seq: [{id: num, type: u1}, {id: items, type: u2, repeat: expr, repeat-expr: num}]}
`;
const AROUND = `
meta: {id: around, endian: le}
seq:
  - {id: header, type: header}
  - {id: num_rows, type: u1}
  - {id: len_tail, type: u2}
  - {id: table, type: table}
  - {id: ofs_note, type: u4, valid: {min: 1}}
  - {id: extra, type: extra}
types:
  header: {seq: [{id: width, type: u4}, {id: ofs_map, type: u4}, {id: num_marks, type: u1}]}
  table:
    seq:
      - {id: num_cells, type: u1}
      - {id: rows, type: row, repeat: expr, repeat-expr: _parent.num_rows}
      - {id: cells, type: cells}
      - {id: tail, size: _root.len_tail - 1}
  row: {seq: [{id: pixels, type: u1, repeat: expr, repeat-expr: _root.header.width}]}
  cells: {seq: [{id: all, type: u2, repeat: expr, repeat-expr: _parent.num_cells - 1}]}
  extra:
    seq: [{id: marks, type: u1, repeat: expr, repeat-expr: _root.header.num_marks}]
    instances:
      map: {pos: _root.header.ofs_map, size: 3}
      note: {pos: _parent.ofs_note, type: u2}
`;
const USE = `
import { Around, Sizes } from './index.js';

export const sizes: Sizes = Sizes.create({
  parts: [Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)],
  names: ['ä', ''],
  bodies: [{ items: [1, 2] }, { items: [] }],
});
export const around: Around = Around.create({
  table: { rows: [{ pixels: [1, 2, 3] }, { pixels: [4, 5, 6] }], cells: { all: [7] }, tail: Uint8Array.of(9) },
  extra: { marks: [8, 8], map: Uint8Array.of(1, 2, 3), note: 500 },
});
`;

interface Struct {
  readonly [name: string]: unknown;
  toBytes(): Uint8Array;
}
interface Class {
  create(init: object): Struct;
  fromBytes(bytes: Uint8Array): Struct;
}

const folder = mkdtempSync(join(tmpdir(), 'ksy-ts-around-'));
let all: Reflected;
beforeAll(async () => {
  all = await reflected({ sizes: SIZES, around: AROUND }, { reflection: false }, USE);
});
afterAll(() => {
  all.remove();
  rmSync(folder, { recursive: true });
});

const create = (name: string, init: object): Struct => (all.exported[name] as Class).create(init);
/** What the official compiler's reader finds. */
async function official(name: string, schema: string, made: Struct): Promise<OfficialStruct> {
  const file = join(folder, `${name}.ksy`);
  writeFileSync(file, schema);
  return readOfficial(await compileOfficial(file), made.toBytes());
}

test('literals → nothing that is derived is required', () => {
  expect(all.errors).toEqual([]);
});

describe('a list of sizes', () => {
  const init = {
    parts: [Uint8Array.of(1), new Uint8Array(0), Uint8Array.of(2, 3)],
    names: ['ä', ''],
    bodies: [{ items: [1, 2] }, { items: [] }],
  };

  test('bytes, texts, structures → the size of each, and how many there are', async () => {
    const made = create('Sizes', init);
    expect([...made.toBytes()]).toEqual(
      [3, [1, 0, 0, 0, 2, 0], [1, 2, 3], [2, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0], [0xc3, 0xa4]]
        .flat()
        .concat([2, 5, 1, 2, 1, 0, 2, 0, 0]),
    );
    expect(await official('sizes', SIZES, made)).toMatchObject({
      parts: init.parts,
      names: init.names,
      bodies: init.bodies,
    });
    expect(made).toMatchObject({ numParts: 3, lenParts: [1, 0, 2], lenNames: [2n, 0n], numSizes: 2, sizes: [5, 1] });
  });

  test('changed after create → derived again', () => {
    const made = create('Sizes', init);
    Object.assign(made, { parts: [Uint8Array.of(1, 2, 3, 4)] });
    made.toBytes();
    expect(made).toMatchObject({ numParts: 1, lenParts: [4] });
  });
});

describe('fields around', () => {
  const extra = { marks: [8, 8], map: Uint8Array.of(1, 2, 3), note: 500 };
  const table = { rows: [{ pixels: [1, 2, 3] }, { pixels: [4, 5, 6] }], cells: { all: [7] }, tail: Uint8Array.of(9) };

  test('counts, sizes and offsets of the parent, the root, and its header → set', async () => {
    const made = create('Around', { table, extra });
    expect(made).toMatchObject({ numRows: 2, lenTail: 2, header: { width: 3, numMarks: 2 }, table: { numCells: 2 } });
    const bytes = made.toBytes();
    const end = 9 + 1 + 2 + 1 + 6 + 2 + 1 + 4 + 2;
    expect(made).toMatchObject({ header: { ofsMap: end }, ofsNote: end + 3 });
    expect(bytes.length).toBe(end + 5);
    expect(await official('around', AROUND, made)).toMatchObject({ table, extra });
  });

  test('a count that contradicts what it counts → refused where it is given', () => {
    expect(() => create('Around', { numRows: 3, table, extra })).toThrow(/^num_rows: must be 2, .*, is 3/);
    expect(create('Around', { numRows: 2, table, extra })).toMatchObject({ numRows: 2 });
  });

  test('elements that do not agree → refused', () => {
    const rows = [{ pixels: [1, 2, 3] }, { pixels: [4] }];
    const made = create('Around', { table: { ...table, rows }, extra });
    expect(() => made.toBytes()).toThrow(/^table\.rows\[1\]\.pixels\.length: must be 3, is 1/);
  });

  test('no element → what was given, or nothing', () => {
    const made = create('Around', { header: { width: 9 }, table: { ...table, rows: [] }, extra });
    made.toBytes();
    expect(made).toMatchObject({ numRows: 0, header: { width: 9 } });
  });
});

test('what was read with room behind a structure → written as it was', () => {
  const bytes = [0, ...new Uint8Array(16), 1, 4, 1, 9, 0, 0xff];
  const read = (all.exported['Sizes'] as Class).fromBytes(Uint8Array.from(bytes));
  expect([...read.toBytes()]).toEqual(bytes);
});
