/** Changes that only code sees: names and types; and words. */
import { describe, expect, test } from 'vitest';
import { diff } from '../../../generator/src/diff/diff.js';
import { changesOf, judge, stateOf, told, type Judged } from '../../support/schema-changes.js';

const CHANGES: readonly Judged[] = [
  [
    'new calculated value',
    'seq: [{id: x, type: u1}]\n',
    'seq: [{id: x, type: u1}]\ninstances:\n  v: {value: x * 2}\n',
    ['+ types a.v: property v is new: number'],
  ],
  ['instance gone', 'instances:\n  v: {pos: 0, type: u1}\n', 'seq: []\n', ['types a.v: property v is gone']],
  [
    'enum of a field',
    'seq: [{id: x, type: u1}]\nenums:\n  kind: {0: none}\n',
    'seq: [{id: x, type: u1, enum: kind}]\nenums:\n  kind: {0: none}\n',
    ['types a.x: type: number → A_Kind'],
  ],
  [
    'enum that gets a use of 64 bits',
    'seq: [{id: x, type: u1, enum: kind}]\ninstances:\n  y: {pos: 0, type: u4, enum: kind}\nenums:\n  kind: {0: none}\n',
    'seq: [{id: x, type: u1, enum: kind}]\ninstances:\n  y: {pos: 0, type: u8, enum: kind}\nenums:\n  kind: {0: none}\n',
    ['bytes a.y: type: u4 → u8 (4 → 8 bytes)', 'types a::kind: values: number → bigint'],
  ],
  [
    'calculated value that becomes a bigint',
    'seq: [{id: x, type: u1}]\ninstances:\n  v: {value: x << 8}\n',
    'seq: [{id: x, type: u1}]\ninstances:\n  v: {value: x << 60}\n',
    ['values a.v: value: x << 8 → x << 60', 'types a.v: type: number → bigint'],
  ],
  [
    'new parameter',
    'seq: [{id: x, type: s(1)}]\ntypes:\n  s: {params: [{id: n, type: u1}], seq: [{id: b, type: u1}]}\n',
    'seq: [{id: x, type: "s(1, 2)"}]\ntypes:\n  s: {params: [{id: n, type: u1}, {id: m, type: u1}], seq: [{id: b, type: u1}]}\n',
    [
      'values a.x: arguments: 1 → 1, 2',
      'types a::s: parameters: (n) → (n, m)',
      '+ types a::s.m: property m is new: number',
    ],
  ],
  [
    'type that nothing uses gone',
    'seq: [{id: x, type: u1}]\ntypes:\n  s: {seq: [{id: b, type: u1}]}\n',
    'seq: [{id: x, type: u1}]\n',
    ['types a::s: class A_S is gone'],
  ],
  [
    'view gone',
    '-view: true\nseq: [{id: x, type: u1}]\n',
    'seq: [{id: x, type: u1}]\n',
    ['types a: class AView is gone'],
  ],
  [
    'docs',
    'doc: one\nseq: [{id: x, type: u1, doc: a, doc-ref: "1"}]\n',
    'doc: two\nseq: [{id: x, type: u1, doc-ref: "2", -orig-id: X}]\n',
    ['docs a: doc is another', 'docs a.x: doc is gone', 'docs a.x: doc-ref: 1 → 2', 'docs a.x: -orig-id: none → X'],
  ],
  ['comments', 'seq: [{id: x, type: u1}] # one\n', 'seq: [{id: x, type: u1}] # two\n', []],
];

const RENAMES: readonly Judged[] = [
  ['field', 'seq: [{id: x, type: u4}]\n', 'seq: [{id: y, type: u4}]\n', ['types a.y: property x is now y']],
  [
    'field that others refer to',
    'seq: [{id: n, type: u1}, {id: x, size: n}]\ninstances:\n  v: {value: n + x.length}\n',
    'seq: [{id: len, type: u1}, {id: x, size: len}]\ninstances:\n  v: {value: len + x.length}\n',
    ['types a.len: property n is now len'],
  ],
  [
    'fields of one layout in one place, in order',
    'seq: [{id: a, type: u1}, {id: b, type: u1}, {id: z, type: u2}]\n',
    'seq: [{id: c, type: u1}, {id: d, type: u1}, {id: z, type: u2}]\n',
    ['types a.c: property a is now c', 'types a.d: property b is now d'],
  ],
  [
    'field of another layout',
    'seq: [{id: x, type: u4}]\n',
    'seq: [{id: y, type: s4}]\n',
    [
      'bytes a.x: field is gone, which was at the start',
      'bytes a.y: new field at the start',
      'types a.x: property x is gone',
      '+ types a.y: property y is new: number',
    ],
  ],
  [
    'field of another layout with its old words',
    'seq: [{id: x, type: u4, doc: Width in pixels.}]\n',
    'seq: [{id: y, type: u2, doc: Width in pixels.}]\n',
    ['bytes a.y: type: u4 → u2 (4 → 2 bytes)', 'types a.y: property x is now y'],
  ],
  [
    'type',
    'seq: [{id: x, type: s}]\ntypes:\n  s: {seq: [{id: b, type: u1}, {id: c, type: u2}]}\n',
    'seq: [{id: x, type: t}]\ntypes:\n  t: {seq: [{id: b, type: u1}, {id: c, type: u2}]}\n',
    ['types a::t: class A_S is now A_T'],
  ],
  [
    'type that has one field more',
    'seq: [{id: x, type: s}]\ntypes:\n  s: {seq: [{id: b, type: u1}, {id: c, type: u2}]}\n',
    'seq: [{id: x, type: t}]\ntypes:\n  t: {seq: [{id: b, type: u1}, {id: c, type: u2}, {id: d, type: u1}]}\n',
    [
      'bytes a::t.d: new field behind c',
      'types a::t: class A_S is now A_T',
      '+ types a::t.d: property d is new: number',
    ],
  ],
  [
    'enum',
    'seq: [{id: x, type: u1, enum: k}]\nenums:\n  k: {0: none, 1: one}\n',
    'seq: [{id: x, type: u1, enum: l}]\nenums:\n  l: {0: none, 1: one}\n',
    ['types a::l: enum A_K is now A_L'],
  ],
  [
    'name in an enum',
    'seq: [{id: x, type: u1, enum: k}, {id: y, type: u1, if: "x == k::one"}]\nenums:\n  k: {0: none, 1: one}\n',
    'seq: [{id: x, type: u1, enum: k}, {id: y, type: u1, if: "x == k::uno"}]\nenums:\n  k: {0: none, 1: uno}\n',
    ['types a::k::uno: A_K.ONE is now A_K.UNO'],
  ],
  [
    'calculated value',
    'seq: [{id: x, type: u1}]\ninstances:\n  v: {value: x + 1}\n',
    'seq: [{id: x, type: u1}]\ninstances:\n  w: {value: x + 1}\n',
    ['types a.w: property v is now w'],
  ],
  [
    'schema',
    'meta: {id: a, endian: le}\nseq: [{id: x, type: u2}]\n',
    'meta: {id: b, endian: le}\nseq: [{id: x, type: u2}]\n',
    ['types b: class A is now B'],
  ],
];

describe('types and docs', () => {
  test.each(CHANGES)('%s → told', (_, old, now, expected) => judge(old, now, expected));

  test('everything as it was → nothing', () => {
    const text =
      'seq: [{id: x, type: s, size: 4}]\ntypes:\n  s: {seq: [{id: b, type: u1, enum: k}], enums: {k: {1: a}}}\n';
    expect(changesOf(text, text)).toEqual([]);
  });
});

describe('renamed', () => {
  test.each(RENAMES)('%s → the new name, and what else changed', (_, old, now, expected) => judge(old, now, expected));
});

describe('several schemas', () => {
  const point = 'meta: {id: point, endian: le}\nseq: [{id: x, type: u2}, {id: y, type: u2}]\n';
  const line = 'meta: {id: line, imports: [point]}\nseq: [{id: from, type: point}, {id: to, type: point}]\n';

  test('schema gone, schema new → its classes', () => {
    const other = 'meta: {id: other}\nseq: [{id: z, type: u1}]\n';
    const changes = diff(
      stateOf({ 'point.ksy': point, 'line.ksy': line }),
      stateOf({ 'point.ksy': point, 'other.ksy': other }),
    );
    expect(told(changes)).toEqual(['types line: class Line is gone', '+ types other: class Other is new']);
  });

  test('imported schema changed → told once, reaches those that import it', () => {
    const changes = diff(
      stateOf({ 'point.ksy': point, 'line.ksy': line }),
      stateOf({ 'point.ksy': point.replace('id: x, type: u2', 'id: x, type: u1'), 'line.ksy': line }),
    );
    expect(told(changes)).toEqual(['bytes point.x: type: u2 → u1 (2 → 1 bytes)']);
    expect(changes[0]?.touches).toEqual(['Point.x', 'Point.y', 'Line.to']);
  });

  test('imported schema renamed → the class alone', () => {
    const changes = diff(
      stateOf({ 'point.ksy': point, 'line.ksy': line }),
      stateOf({
        'spot.ksy': point.replace('id: point', 'id: spot'),
        'line.ksy': line.replace('[point]', '[spot]').replaceAll('type: point', 'type: spot'),
      }),
    );
    expect(told(changes)).toEqual(['types spot: class Point is now Spot']);
  });

  test('places → of both states, with line and path', () => {
    const [change] = changesOf('seq:\n  - id: x\n    size: 4\n', 'seq:\n  - id: x\n    doc: d\n    size: 8\n');
    expect(change?.old).toEqual({ file: 'a.ksy', line: 4, col: 11, path: '/seq/0/size' });
    expect(change?.new).toEqual({ file: 'a.ksy', line: 5, col: 11, path: '/seq/0/size' });
  });
});
