import { describe, expect, test } from 'vitest';
import { compile } from '../../generator/src/compile.js';
import { SchemaError, formatDiagnostic } from '../../generator/src/diagnostics.js';

const HEAD = 'meta: {id: a, endian: le, encoding: UTF-8}\n';
const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

function generate(files: Readonly<Record<string, string>>): string {
  const [first = ''] = Object.keys(files);
  const output = compile({ files: [first], importer: { read: (path) => files[path] } }).files;
  return output.flatMap(({ path, content }) => (path.startsWith('kaitai/') ? [] : [content])).join('');
}

function problemsOf(text: string): string[] {
  try {
    generate({ 'a.ksy': text });
    return [];
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return error.diagnostics.map(formatDiagnostic);
  }
}

const type = (id: string, body: string): string => `  ${id}: {${body}}\n`;
const chain = (count: number, body: (index: number) => string, last: string): string =>
  `types:\n${lines(count, (index) => type(`t${index}`, body(index)))}${type(`t${count}`, last)}`;

/** Schemas of `count` parts. What is made of one must grow as it does, and must be made at all: 2^n would never end. */
const SHAPES: Readonly<Record<string, (count: number) => string>> = {
  'sums of the value before, twice': (count) =>
    `seq: [{id: s, type: u1}]\ninstances:\n  s0: {value: s}\n${lines(count, (i) => `  s${i + 1}: {value: s${i} + s${i}}\n`)}`,
  'sums of the value behind, twice': (count) =>
    `seq: [{id: s, type: u1}]\ninstances:\n${lines(count, (i) => `  s${i}: {value: s${i + 1} + s${i + 1}}\n`)}  s${count}: {value: s}\n`,
  squares: (count) =>
    `seq: [{id: s, type: u8}]\ninstances:\n  s0: {value: s}\n${lines(count, (i) => `  s${i + 1}: {value: s${i} * s${i}}\n`)}`,
  'shifts by what was shifted': (count) =>
    `seq: [{id: s, type: u8}]\ninstances:\n  s0: {value: s}\n${lines(count, (i) => `  s${i + 1}: {value: s << s${i}}\n`)}`,
  texts: (count) =>
    `seq: [{id: s, type: strz}]\ninstances:\n  s0: {value: s}\n${lines(count, (i) => `  s${i + 1}: {value: 's${i} + s${i}'}\n`)}`,
  'values in a ring': (count) =>
    `seq: [{id: s, type: u8}]\ninstances:\n${lines(count, (i) => `  s${i}: {value: 's > 3 ? s : s${(i + 1) % count} + 1'}\n`)}`,
  'types of two of the next': (count) =>
    `seq: [{id: s, type: t0}]\n${chain(count, (i) => `seq: [{id: x, type: t${i + 1}}, {id: y, type: t${i + 1}}]`, 'seq: [{id: x, type: b3}]')}`,
  'types of variable size': (count) =>
    `seq: [{id: s, type: t0}]\n${chain(count, (i) => `seq: [{id: x, type: t${i + 1}}, {id: y, type: strz}]`, 'instances: {x: {pos: 0, type: u1}}')}`,
  'types that ask their parents': (count) =>
    `seq: [{id: s, type: t0}]\n${chain(count, (i) => `seq: [{id: x, type: t${i + 1}}], instances: {p: {value: _parent.p}}`, 'instances: {p: {value: 1}}')}instances: {p: {value: 1}}\n`,
  'types of which the last cannot be written': (count) =>
    `seq: [{id: s, type: t0}]\n${chain(count, (i) => `seq: [{id: x, type: t${i + 1}}]`, 'seq: [{id: x, type: str, size: 1, encoding: klingon}]')}`,
  'fields that are long': (count) =>
    `seq:\n${lines(count, (i) => `  - {id: f${i}, type: str, size: 4, valid: '"abcd"'}\n`)}`,
  'fields with sizes': (count) =>
    `seq:\n${lines(count, (i) => `  - {id: len_f${i}, type: u2}\n  - {id: f${i}, size: len_f${i}}\n`)}`,
  'bit fields': (count) => `seq:\n${lines(count, (i) => `  - {id: f${i}, type: b3}\n`)}`,
  'values of an enum': (count) =>
    `seq: [{id: s, type: u4, enum: e}]\nenums:\n  e:\n${lines(count, (i) => `    ${i}: v${i}\n`)}instances:\n${lines(count, (i) => `  i${i}: {value: 's == e::v${i}'}\n`)}`,
  'cases of a switch': (count) =>
    `seq:\n  - {id: s, type: u4}\n  - id: b\n    type:\n      switch-on: s\n      cases:\n${lines(count, (i) => `        ${i}: t${i}\n`)}types:\n${lines(count, (i) => type(`t${i}`, 'seq: [{id: x, type: u1}]'))}`,
};

describe.each(Object.entries(SHAPES))('%s', (_, body) => {
  test('four times as many → not much more than four times as much output', { timeout: 120_000 }, () => {
    const [small, large] = [150, 600].map((count) => generate({ 'a.ksy': HEAD + body(count) }).length);
    expect(large).toBeLessThan(4.6 * (small ?? 0));
  });
});

test('4,000 values or types, each of which needs the next → no end of the stack', { timeout: 240_000 }, () => {
  for (const name of ['sums of the value behind, twice', 'values in a ring', 'types of two of the next'])
    expect(generate({ 'a.ksy': HEAD + (SHAPES[name]?.(4000) ?? '') })).not.toBe('');
});

test('a long chain of imports, which ends where it begins → generated', { timeout: 120_000 }, () => {
  const count = 200;
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `m${index}.ksy`,
      `meta: {id: m${index}, imports: [m${(index + 1) % count}]}\nseq: [{id: x, type: u1}]\n`,
    ]),
  );
  expect(generate(files).match(/export class/g)).toHaveLength(count);
});

/** Within one expression, whose depth is bounded. */
const NESTED: Readonly<Record<string, string>> = {
  'conditions of conditions': `${'('.repeat(90)}s > 1${' ? s > 2 : s > 3) == (s > 4)'.repeat(90)}`,
  'comparisons of comparisons': `${'('.repeat(90)}s == 1${') == (s == 4)'.repeat(90)}`,
  'wide bits': `s${' | s'.repeat(400)}`,
  'wide sums': `s${' + s * 2'.repeat(400)} < 3`,
  conjunctions: `s == 1${' and s == 2'.repeat(400)}`,
  'alternatives of alternatives': `${Array.from({ length: 90 }, (_, index) => `s == ${index} ? ${index} : `).join('')}0`,
};

test.each(Object.entries(NESTED))('%s → code for each part once', (_, expression) => {
  const output = generate({ 'a.ksy': `${HEAD}seq: [{id: s, type: b40}]\ninstances: {v: {value: '${expression}'}}\n` });
  expect(output.length).toBeLessThan(60_000);
});

const DIGITS = '9'.repeat(200_000);

test.each([
  ['a value', `instances: {v: {value: ${DIGITS}}}`, '2:24'],
  ['a part of an expression', `instances: {v: {value: '1 + 0x${DIGITS}'}}`, '2:29'],
  ['binary digits', `instances: {v: {value: '0b1${'0'.repeat(4096)}'}}`, '2:25'],
  ['a number of an enum', `enums: {e: {${DIGITS}: x}}`, '2:13'],
  ['a byte of contents', `seq: [{id: a, contents: [${DIGITS}]}]`, ''],
  ['padding', `seq: [{id: a, size: 3, pad-right: ${DIGITS}}]`, '2:35'],
  ['a size', `seq: [{id: a, size: ${'9'.repeat(30)}}]`, '2:21'],
  ['a count', `seq: [{id: a, type: u1, repeat: expr, repeat-expr: 1 << 60}]`, '2:52'],
])('%s beyond all bounds → one short error at its place', (_, body, place) => {
  const problems = problemsOf(HEAD + body);
  if (place === '') return;
  expect(problems).toHaveLength(1);
  expect(problems[0]?.startsWith(`a.ksy:${place}: `)).toBe(true);
  expect(problems[0]?.length).toBeLessThan(300);
});

test('the greatest integer that is supported → generated', () => {
  expect(problemsOf(`${HEAD}instances: {v: {value: '0b${'1'.repeat(4096)}'}}`)).toEqual([]);
});

test('many problems of two kinds → each told, in a few lines', { timeout: 120_000 }, () => {
  const count = 2000;
  const text = `${HEAD}seq:\n${lines(count, (i) => `  - {id: f${i}, type: u2, foo: 1}\n  - {id: g${i}, size: nowhere${i}}\n`)}`;
  expect(problemsOf(text)).toHaveLength(2 * count);
});
