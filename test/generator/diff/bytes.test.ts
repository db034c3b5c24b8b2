/** Changes after which files are read differently. */
import { describe, expect, test } from 'vitest';
import { changesOf, judge, type Judged } from '../../support/schema-changes.js';

const seq = (...fields: readonly string[]): string => `seq:\n${fields.map((field) => `  - {${field}}\n`).join('')}`;
const meta = (rest: string): string => `meta: {id: a, ${rest}}\n`;
const sub = (...fields: readonly string[]): string =>
  `types:\n  s:\n    seq:\n${fields.map((field) => `      - {${field}}\n`).join('')}`;

const CHANGES: readonly Judged[] = [
  ['wider integer', seq('id: x, type: u2'), seq('id: x, type: u4'), ['bytes a.x: type: u2 → u4 (2 → 4 bytes)']],
  [
    '64 bits',
    seq('id: x, type: u4'),
    seq('id: x, type: u8'),
    ['bytes a.x: type: u4 → u8 (4 → 8 bytes)', 'types a.x: type: number → bigint'],
  ],
  ['signed', seq('id: x, type: u4'), seq('id: x, type: s4'), ['bytes a.x: type: u4 → s4']],
  ['float', seq('id: x, type: u4'), seq('id: x, type: f4'), ['bytes a.x: type: u4 → f4']],
  ['order of bytes of a field', seq('id: x, type: u4'), seq('id: x, type: u4be'), ['bytes a.x: endian: le → be']],
  ['order spelt out', seq('id: x, type: u4'), seq('id: x, type: u4le'), []],
  ['order of one byte', seq('id: x, type: u1'), `${meta('endian: be')}${seq('id: x, type: u1')}`, []],
  [
    'order of bytes by default',
    seq('id: x, type: u4', 'id: y, type: u2', 'id: z, type: u2le'),
    `${meta('endian: be')}${seq('id: x, type: u4', 'id: y, type: u2', 'id: z, type: u2le')}`,
    ['bytes a: endian: le → be'],
  ],
  [
    'order of bytes that becomes calculated',
    seq('id: x, type: u1', 'id: y, type: u2'),
    `meta: {id: a, endian: {switch-on: x, cases: {0: le, 1: be}}}\n${seq('id: x, type: u1', 'id: y, type: u2')}`,
    ['bytes a: endian: le → calculated from x'],
  ],
  [
    'order of bits',
    `${meta('bit-endian: be')}${seq('id: x, type: b4', 'id: y, type: b4')}`,
    `${meta('bit-endian: le')}${seq('id: x, type: b4', 'id: y, type: b4')}`,
    ['bytes a: bit-endian: be → le'],
  ],
  [
    'bits',
    seq('id: x, type: b3', 'id: y, type: b5'),
    seq('id: x, type: b4', 'id: y, type: b4'),
    ['bytes a.x: type: b3 → b4 (3 → 4 bits)', 'bytes a.y: type: b5 → b4 (5 → 4 bits)'],
  ],
  [
    'a flag becomes a number',
    seq('id: x, type: b1', 'id: y, type: b7'),
    seq('id: x, type: b2', 'id: y, type: b6'),
    [
      'bytes a.x: type: b1 → b2 (1 → 2 bits)',
      'bytes a.y: type: b7 → b6 (7 → 6 bits)',
      'types a.x: type: boolean → number',
    ],
  ],
  ['size', seq('id: x, size: 4'), seq('id: x, size: 8'), ['bytes a.x: size: 4 → 8']],
  ['size in other digits', seq('id: x, size: 16'), seq('id: x, size: 0x10'), []],
  [
    'size as a product',
    seq('id: n, type: strz', 'id: x, size: 16'),
    seq('id: n, type: strz', 'id: x, size: 4 * 4'),
    [],
  ],
  [
    'size as the name of a constant',
    `${seq('id: n, type: strz', 'id: x, size: 16')}instances:\n  c: {value: 16}\n`,
    `${seq('id: n, type: strz', 'id: x, size: c')}instances:\n  c: {value: 16}\n`,
    [],
  ],
  [
    'size that is a name',
    seq('id: n, type: u1', 'id: x, size: n'),
    seq('id: n, type: u1', 'id: x, size: n + 1'),
    ['bytes a.x: size: n → n + 1'],
  ],
  [
    'size to the end',
    seq('id: x, size: 4'),
    seq('id: x, size-eos: true'),
    ['bytes a.x: size 4 is gone', 'bytes a.x: new size-eos: true', 'types a: A.SIZE is gone: the size is not constant'],
  ],
  [
    'bytes become text',
    seq('id: x, size: 4'),
    seq('id: x, size: 4, type: str'),
    ['bytes a.x: type: bytes → str', 'types a.x: type: Uint8Array → string'],
  ],
  [
    'encoding of a field',
    seq('id: x, size: 4, type: str'),
    seq('id: x, size: 4, type: str, encoding: UTF-16LE'),
    ['bytes a.x: encoding: UTF-8 → UTF-16LE'],
  ],
  [
    'encoding by default',
    seq('id: x, size: 4, type: str', 'id: y, type: strz'),
    `${meta('endian: le, encoding: ASCII')}${seq('id: x, size: 4, type: str', 'id: y, type: strz')}`,
    ['bytes a: encoding: UTF-8 → ASCII'],
  ],
  ['encoding spelt otherwise', seq('id: x, type: strz'), `${meta('encoding: utf8')}${seq('id: x, type: strz')}`, []],
  [
    'terminator',
    seq('id: x, type: strz'),
    seq('id: x, type: str, terminator: 0x0a'),
    ['bytes a.x: terminator: 0x00 → 0x0a'],
  ],
  ['terminator spelt out', seq('id: x, type: strz'), seq('id: x, type: str, terminator: 0'), []],
  [
    'terminator kept',
    seq('id: x, type: strz'),
    seq('id: x, type: strz, include: true'),
    ['bytes a.x: new include: true'],
  ],
  [
    'padding',
    seq('id: x, size: 4, type: str'),
    seq('id: x, size: 4, type: str, pad-right: 0x20'),
    ['bytes a.x: new pad-right: 0x20'],
  ],
  ['process', seq('id: x, size: 4'), seq('id: x, size: 4, process: xor(0xff)'), ['bytes a.x: new process: xor(0xff)']],
  [
    'repeat',
    seq('id: x, type: u1'),
    seq('id: x, type: u1, repeat: expr, repeat-expr: 3'),
    ['bytes a.x: new repeat: expr', 'bytes a.x: new repeat-expr: 3', 'types a.x: type: number → number[]'],
  ],
  [
    'number of elements',
    seq('id: x, type: u1, repeat: expr, repeat-expr: 3'),
    seq('id: x, type: u1, repeat: expr, repeat-expr: 4'),
    ['bytes a.x: repeat-expr: 3 → 4'],
  ],
  [
    'end of elements',
    seq('id: x, type: u1, repeat: until, repeat-until: _ == 0'),
    seq('id: x, type: u1, repeat: until, repeat-until: _ == 1'),
    ['bytes a.x: repeat-until: _ == 0 → _ == 1'],
  ],
  [
    'condition',
    seq('id: n, type: u1', 'id: x, type: u1'),
    seq('id: n, type: u1', 'id: x, type: u1, if: n == 1'),
    [
      'bytes a.x: new if: n == 1',
      'types a: A.SIZE is gone: the size is not constant',
      'types a.x: type: number → number | undefined',
    ],
  ],
  [
    'new field in the middle',
    seq('id: x, type: u1', 'id: z, type: u1'),
    seq('id: x, type: u1', 'id: y, type: u2', 'id: z, type: u1'),
    ['bytes a.y: new field behind x', '+ types a.y: property y is new: number'],
  ],
  [
    'field gone',
    seq('id: x, type: u1', 'id: y, type: u2', 'id: z, type: u1'),
    seq('id: x, type: u1', 'id: z, type: u1'),
    ['bytes a.y: field is gone, which was behind x', 'types a.y: property y is gone'],
  ],
  [
    'fields in another order',
    seq('id: x, type: u1', 'id: y, type: u2', 'id: z, type: u1'),
    seq('id: y, type: u2', 'id: x, type: u1', 'id: z, type: u1'),
    ['bytes a.x: moved: was at the start, is behind y'],
  ],
  [
    'instance elsewhere',
    'instances:\n  x: {pos: 4, type: u4}\n',
    'instances:\n  x: {pos: 8, type: u4}\n',
    ['bytes a.x: pos: 4 → 8'],
  ],
  [
    'field becomes an instance',
    seq('id: x, type: u4'),
    'instances:\n  x: {pos: 0, type: u4}\n',
    ['bytes a.x: a field → an instance'],
  ],
  [
    'field becomes a calculated value',
    seq('id: x, type: u1'),
    'instances:\n  x: {value: 1}\n',
    ['bytes a.x: a field → a calculated value'],
  ],
  [
    'calculated value that a size depends on',
    `${seq('id: x, size: n')}instances:\n  n: {value: 4}\n`,
    `${seq('id: x, size: n')}instances:\n  n: {value: 8}\n`,
    ['bytes a.n: value: 4 → 8'],
  ],
  [
    'switch: a case more',
    seq('id: t, type: u1', 'id: x, type: {switch-on: t, cases: {1: u1, _: u2}}'),
    seq('id: t, type: u1', 'id: x, type: {switch-on: t, cases: {1: u1, 2: u1, _: u2}}'),
    ['bytes a.x: new case 2: u1'],
  ],
  [
    'switch: a case of another type',
    seq('id: t, type: u1', 'id: x, type: {switch-on: t, cases: {1: u1, _: u2}}'),
    seq('id: t, type: u1', 'id: x, type: {switch-on: t, cases: {1: u4, _: u2}}'),
    ['bytes a.x: case 1: u1 → u4'],
  ],
  [
    'switch on another field',
    seq('id: t, type: u1', 'id: u, type: u1', 'id: x, type: {switch-on: t, cases: {1: u1, _: u2}}'),
    seq('id: t, type: u1', 'id: u, type: u1', 'id: x, type: {switch-on: u, cases: {1: u1, _: u2}}'),
    ['bytes a.x: switch-on: t → u'],
  ],
  [
    'argument that decides a size',
    `${seq('id: x, type: s(1)')}types:\n  s:\n    params: [{id: n, type: u1}]\n    seq: [{id: b, size: n}]\n`,
    `${seq('id: x, type: s(2)')}types:\n  s:\n    params: [{id: n, type: u1}]\n    seq: [{id: b, size: n}]\n`,
    ['bytes a.x: arguments: 1 → 2'],
  ],
  [
    'contents of another length',
    seq('id: x, contents: [1, 2]'),
    seq('id: x, contents: [1, 2, 3]'),
    [
      'bytes a.x: type: contents of 2 bytes → contents of 3 bytes (2 → 3 bytes)',
      'values a.x: changed: contents [0x01, 0x02] → [0x01, 0x02, 0x03]',
    ],
  ],
  [
    'field of a type within',
    `${seq('id: x, type: s', 'id: y, type: u1')}${sub('id: b, type: u1')}`,
    `${seq('id: x, type: s', 'id: y, type: u1')}${sub('id: b, type: u2')}`,
    ['bytes a::s.b: type: u1 → u2 (1 → 2 bytes)'],
  ],
];

describe('bytes', () => {
  test.each(CHANGES)('%s → told', (_, old, now, expected) => judge(old, now, expected));
});

const touched = (old: string, now: string): readonly string[] =>
  changesOf(old, now)
    .filter(({ kind }) => kind === 'bytes')
    .flatMap(({ touches }) => touches);

describe('what a change of bytes reaches', () => {
  const abc = (type: string): string => seq('id: x, type: u1', `id: y, type: ${type}`, 'id: z, type: u1');

  test('size of a field → it and those behind it', () => {
    expect(touched(abc('u2'), abc('u4'))).toEqual(['A.y', 'A.z']);
  });

  test('type of the same size → the field alone', () => {
    expect(touched(abc('u2'), abc('s2'))).toEqual(['A.y']);
  });

  test('two changes that make up for each other → what stands between them', () => {
    const fields = (x: string, z: string): string =>
      seq(`id: x, type: ${x}`, 'id: y, type: u1', `id: z, type: ${z}`, 'id: w, type: u1');
    expect(new Set(touched(fields('u1', 'u2'), fields('u2', 'u1')))).toEqual(new Set(['A.x', 'A.y', 'A.z']));
  });

  test('size within a substream → nothing outside of it', () => {
    const fields = (type: string): string =>
      `${seq('id: x, type: s, size: 8', 'id: y, type: u1')}${sub(`id: b, type: ${type}`, 'id: c, type: u1')}`;
    expect(touched(fields('u1'), fields('u2'))).toEqual(['A_S.b', 'A_S.c']);
  });

  test('size of a type → what stands behind its values', () => {
    const fields = (type: string): string =>
      `${seq('id: x, type: s', 'id: y, type: u1')}${sub(`id: b, type: ${type}`, 'id: c, type: u1')}`;
    expect(touched(fields('u1'), fields('u2'))).toEqual(['A_S.b', 'A_S.c', 'A.y']);
  });

  test('field that others are calculated from → these too', () => {
    const body = (type: string): string =>
      `${seq(`id: x, type: ${type}`)}instances:\n  twice: {value: x * 2}\n  other: {value: 1}\n`;
    expect(touched(body('u1'), body('s1'))).toEqual(['A.x', 'A.twice']);
  });

  test('field that decides a position → what is there', () => {
    const body = (type: string): string => `${seq(`id: x, type: ${type}`)}instances:\n  there: {pos: x, type: u1}\n`;
    expect(touched(body('u2'), body('u2be'))).toEqual(['A.x', 'A.there']);
  });

  test('what is asked of the stream → depends on sizes', () => {
    const body = (type: string): string =>
      `${seq(`id: x, type: ${type}`)}instances:\n  left: {value: _io.size - _io.pos}\n`;
    expect(touched(body('u1'), body('u2'))).toEqual(['A.x', 'A.left']);
  });

  test('sizeof of a type → depends on its fields', () => {
    const body = (type: string): string => `instances:\n  n: {value: sizeof<s>}\n${sub(`id: b, type: ${type}`)}`;
    expect(touched(body('u1'), body('u2'))).toEqual(['A_S.b', 'A.n']);
  });
});
