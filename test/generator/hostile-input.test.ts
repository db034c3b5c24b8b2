/** Files that ask for more than there is: typed errors with path and offset, soon. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReadLimits } from '../../generator/support/constraints.js';
import { generateClasses, type Generated } from '../support/generated-classes.js';

const SCHEMAS: Readonly<Record<string, string>> = {
  nested: `seq: [{id: node, type: node}]
types: {node: {seq: [{id: more, type: u1}, {id: next, type: node, if: more != 0}]}}`,
  mutual: `seq: [{id: a, type: a}]
types:
  a: {seq: [{id: kind, type: u1}, {id: body, type: {switch-on: kind, cases: {1: b}}}]}
  b: {seq: [{id: items, type: a, repeat: expr, repeat-expr: 1}]}`,
  sized: `seq: [{id: rest, type: part, size-eos: true}]
types: {part: {seq: [{id: head, type: u1}, {id: rest, type: part, size-eos: true, if: not _io.eof}]}}`,
  chain: `seq: [{id: first, type: node}]
types:
  node:
    seq: [{id: ofs_next, type: u4}]
    instances:
      next: {pos: ofs_next, type: node, if: ofs_next != 0}
      total: {value: 'ofs_next == 0 ? 1 : next.total + 1'}
      up: {value: 'ofs_next == 0 ? down : next.up'}
      down: {value: 'ofs_next == 0 ? 1 : next.up'}`,
  counted: 'seq: [{id: n, type: u8}, {id: v, type: u1, repeat: expr, repeat-expr: n}]',
  to_the_end: 'seq: [{id: v, type: u1, repeat: eos}]',
  until_never: 'seq: [{id: v, type: u1, repeat: until, repeat-until: false}]',
  bits_until_never: 'seq: [{id: v, type: b1, repeat: until, repeat-until: false}]',
  empties: `seq: [{id: n, type: u4}, {id: v, type: row, repeat: expr, repeat-expr: n}]
types: {row: {seq: [{id: w, type: nothing, repeat: expr, repeat-expr: _parent.n}]}, nothing: {}}`,
  size_beyond: 'seq: [{id: n, type: u8}, {id: v, size: n}]',
  text_beyond: 'seq: [{id: n, type: u8}, {id: v, type: str, size: n}]',
  part_beyond: 'seq: [{id: n, type: u8}, {id: v, type: part, size: n}]\ntypes: {part: {seq: [{id: a, type: u1}]}}',
  position_beyond: 'seq: [{id: n, type: u8}]\ninstances: {v: {pos: n, type: u1}}',
  packed: `seq: [{id: v, size-eos: true, process: zlib, type: once}]
types: {once: {seq: [{id: v, size-eos: true, process: zlib}]}}`,
  mixed: `seq: [{id: n, type: u4}]
instances: {all: {pos: 0, type: part, repeat: expr, repeat-expr: n}}
types: {part: {instances: {v: {pos: 0, io: _root._io, size-eos: true, process: xor(1)}}}}`,
};

interface Reader {
  fromBytes(bytes: Uint8Array, options?: { readonly limits?: ReadLimits }): object;
}

let folder: string;
let generated: Generated;
const bytesOf = (...values: number[]): Uint8Array => Uint8Array.from(values);
/** 2^52, and three bytes. */
const HUGE = bytesOf(0, 0, 0, 0, 0, 0, 0x10, 0, 1, 2, 3);
/** 2^53. */
const BEYOND = bytesOf(0, 0, 0, 0, 0, 0, 0x20, 0, 1, 2, 3);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-hostile-'));
  const files = Object.entries(SCHEMAS).map(([id, body]) => {
    writeFileSync(join(folder, `${id}.ksy`), `meta: {id: ${id}, endian: le, encoding: UTF-8}\n${body}\n`);
    return join(folder, `${id}.ksy`);
  });
  generated = await generateClasses(files, []);
  expect(generated.problems).toEqual([]);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

const read = (id: string, bytes: Uint8Array, limits?: ReadLimits): object =>
  (generated.top(id) as unknown as Reader).fromBytes(bytes, limits === undefined ? undefined : { limits });

interface Fault {
  readonly name: string;
  readonly path: string;
  readonly offset: number;
  readonly message: string;
}

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    return error as Fault;
  }
  throw new Error('nothing was thrown');
}

const DEEP = new Uint8Array(100_000).fill(1);

describe('structures in structures', () => {
  test.each([
    ['nested', 'node.next.next', 500],
    ['mutual', 'a.body.items[0].body', 250],
    ['sized', 'rest.rest.rest', 500],
  ])('%s, 100,000 deep → LimitError where it is too deep', (id, path, offset) => {
    const fault = faultOf(() => read(id, DEEP));
    expect(fault).toMatchObject({ name: 'LimitError', offset });
    expect(fault.path.startsWith(path)).toBe(true);
    expect(fault.message).toContain('limits.depth');
    expect(fault.message.length).toBeLessThan(400);
  });

  test('another limit → it holds', () => {
    const three = bytesOf(1, 1, 0);
    expect(() => read('nested', three, { depth: 3 })).not.toThrow();
    expect(faultOf(() => read('nested', three, { depth: 2 }))).toMatchObject({
      path: 'node.next.next.more',
      offset: 2,
    });
  });

  test('a limit beyond the stack → LimitError all the same', () => {
    expect(faultOf(() => read('nested', DEEP, { depth: Infinity }))).toMatchObject({ name: 'LimitError' });
  });

  test('a broken structure → the next one has the whole depth again', () => {
    const deep = new Uint8Array(400).fill(1);
    for (let turn = 0; turn < 3; turn++) expect(() => read('nested', deep)).toThrow('requested 1 bytes');
  });
});

describe('instances', () => {
  const LENGTH = 50_000;
  const chain = new Uint8Array(LENGTH * 4);
  const view = new DataView(chain.buffer);
  for (let at = 0; at < LENGTH - 1; at++) view.setUint32(at * 4, at * 4 + 4, true);

  test('a chain that is followed step by step → to its end; a value that needs all of it → LimitError', () => {
    const top = read('chain', chain);
    let node = Reflect.get(top, 'first') as { readonly next?: object };
    let count = 0;
    for (
      let next: object | undefined = node;
      next !== undefined;
      next = Reflect.get(next, 'next') as object | undefined
    ) {
      node = next;
      count += 1;
    }
    expect(count).toBe(LENGTH);
    const fault = faultOf(() => Reflect.get(Reflect.get(top, 'first') as object, 'total'));
    expect(fault).toMatchObject({ name: 'LimitError' });
    expect(fault.path).toMatch(/^first(?:\.next)*\.total$/);
    expect(faultOf(() => Reflect.get(Reflect.get(top, 'first') as object, 'down'))).toMatchObject({
      name: 'LimitError',
    });
    expect(faultOf(() => generated.top('chain').fromBytes(chain).toBytes())).toMatchObject({ name: 'LimitError' });
  });

  test('a chain that leads to itself → LimitError for a value that follows it', () => {
    const ring = Uint8Array.of(4, 0, 0, 0, 4, 0, 0, 0);
    expect(faultOf(() => Reflect.get(Reflect.get(read('chain', ring), 'first') as object, 'total'))).toMatchObject({
      name: 'LimitError',
    });
  });

  test('the same bytes processed again and again → LimitError', () => {
    const bytes = new Uint8Array(1000).fill(0);
    bytes[0] = 10;
    const all = Reflect.get(read('mixed', bytes, { allocated: 5500 }), 'all') as object[];
    const values = (): unknown[] => all.map((part) => Reflect.get(part, 'v'));
    expect(faultOf(values)).toMatchObject({ name: 'LimitError', path: 'all[5].v', offset: 1000 });
  });
});

describe('lists', () => {
  test('2^52 elements in a short file → EofError where it ends', () => {
    expect(faultOf(() => read('counted', HUGE))).toMatchObject({ name: 'EofError', path: 'v[3]', offset: 11 });
  });

  test('2^52 elements, and more bytes than elements are allowed → LimitError before any is read', () => {
    const bytes = new Uint8Array(3000);
    bytes.set(HUGE);
    const fault = faultOf(() => read('counted', bytes, { items: 20_000, emptyItems: 10 }));
    expect(fault).toMatchObject({ name: 'LimitError', path: 'v[0]', offset: 8 });
    expect(fault.message).toContain('limits.items');
  });

  test.each(['counted', 'size_beyond', 'text_beyond', 'part_beyond'])('%s: 2^53 → ExpressionError', (id) => {
    expect(faultOf(() => read(id, BEYOND))).toMatchObject({ name: 'ExpressionError', offset: 8 });
  });

  test.each(['to_the_end', 'until_never', 'bits_until_never'])('%s: more elements than allowed → LimitError', (id) => {
    const fault = faultOf(() => read(id, new Uint8Array(100), { items: 10 }));
    expect(fault).toMatchObject({ name: 'LimitError', path: 'v[10]', offset: id === 'bits_until_never' ? 2 : 10 });
  });

  test.each(['until_never', 'bits_until_never'])('%s → EofError at the end', (id) => {
    expect(faultOf(() => read(id, new Uint8Array(100)))).toMatchObject({
      name: 'EofError',
      path: `v[${id === 'until_never' ? 100 : 800}]`,
      offset: 100,
    });
  });

  test('a million lists of a million elements without bytes → LimitError', () => {
    const fault = faultOf(() => read('empties', Uint8Array.of(0, 0, 16, 0)));
    expect(fault).toMatchObject({ name: 'LimitError', path: expect.stringMatching(/^v\[\d+\]\.w\[\d+\]$/) as string });
  });
});

describe('sizes and positions', () => {
  test.each(['size_beyond', 'text_beyond', 'part_beyond'])('%s → EofError', (id) => {
    expect(faultOf(() => read(id, HUGE))).toMatchObject({ name: 'EofError', path: 'v', offset: 8 });
  });

  test('a position beyond 2^53, or beyond the end → typed errors', () => {
    const far = (bytes: Uint8Array): Fault => faultOf(() => Reflect.get(read('position_beyond', bytes), 'v'));
    expect(far(BEYOND)).toMatchObject({ name: 'ExpressionError', path: 'v' });
    expect(far(HUGE.slice(0, 8))).toMatchObject({ name: 'EofError', path: 'v' });
    expect(far(bytesOf(200, 0, 0, 0, 0, 0, 0, 0))).toMatchObject({ name: 'EofError', path: 'v', offset: 200 });
  });
});

test('much out of little by zlib, twice → LimitError; with and without the zlib of the platform', () => {
  const bomb = deflateSync(deflateSync(new Uint8Array(4 << 20)));
  const inflate = (): unknown => read('packed', bomb, { inflated: 1 << 20 });
  expect(faultOf(inflate)).toMatchObject({ name: 'LimitError', path: 'v.v' });
  expect(() => read('packed', bomb)).not.toThrow();
  const builtin: unknown = Reflect.get(process, 'getBuiltinModule');
  try {
    Reflect.set(process, 'getBuiltinModule', undefined);
    expect(faultOf(inflate)).toMatchObject({ name: 'LimitError', path: 'v.v' });
    expect(() => read('packed', bomb)).not.toThrow();
  } finally {
    Reflect.set(process, 'getBuiltinModule', builtin);
  }
});
