import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locate } from '../../generator/src/spec/context.js';
import { MAX_SCHEMA_LENGTH } from '../../generator/src/spec/yaml.js';
import { problemsOf, read } from '../support/schema-reading.js';

describe('YAML', () => {
  test.each([
    ['meta:\n  id: a\n    seq:\n', '3:8', /mapping values are not allowed here/],
    ['a: [1\n', '1:4', /not valid YAML: the `\[` that opens here is not closed/],
    ['a: 1\nb: {c: [1\n\nd: e: f, g: h, i: j, k: l\n', '2:8', /the `\[` that opens here is not closed/],
    ['a: 1\nb: "x\nc: {d: "e", f: "g", h: "i", j: "k"}\n', '2:4', /the quote that opens here/],
    ["a: 1\nb: 'x\nc: 2\nd: 'e' f\n", '2:4', /the quote that opens here/],
    ['a: "x\n', '1:4', /the quote that opens here/],
    ['a: "x\n  y" z\n', '1:4', /the quote that opens here/],
    ['a:\n  - b\n    c: 1\n  - d: 1\n', '2:5', /a key must stand in one line/],
    ['a: `b`\nc: @d\n', '1:4', /reserved character/],
    ['a: 1\na: 2\n', '2:1', /duplicate key 'a'/],
    ['', '1:1', /expected map, got null/],
    ['- 1\n', '1:1', /expected map/],
    ['a: 1\n---\nb: 2\n', '2:1', /one YAML document/],
    ['a: *b\n', '1:4', /no anchor/],
    ['a: &b [*b]\n', '1:8', /within its own anchor/],
    ['? [1, 2]\n: 3\n', '1:1', /expected string as key/],
  ])('%j → error at %s', (text, place, message) => {
    const problems = problemsOf(text);
    const [first] = problems;
    expect(first).toMatch(message);
    expect(first?.split(' ')[0]).toBe(place);
    if (first?.includes('not valid YAML') === true) expect(problems).toHaveLength(1);
  });

  test('too large, too deep, aliases without end → one error, soon', () => {
    const bomb = Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1}, `.repeat(i && 9)}1]`).join('\n');
    for (const text of [
      ' '.repeat(MAX_SCHEMA_LENGTH + 1),
      '['.repeat(100_000),
      '- '.repeat(100_000),
      '{a: '.repeat(100_000),
      bomb,
      `${' '.repeat(100_000)}a: [${'\n1'.repeat(100_000)}]`,
    ]) {
      expect(problemsOf(text)).toHaveLength(1);
    }
  });

  test('aliases and merge keys → the content they stand for', () => {
    const spec = read('seq:\n  - &a {id: x, type: u1}\n  - {<<: *a, id: y}\n');
    expect(spec.seq).toMatchObject([
      { id: 'x', type: { kind: 'int' } },
      { id: 'y', type: { kind: 'int' } },
    ]);
  });

  test.each([
    ['seq: [{id: x, type: "u1"#c\n  }]', 'a comment without white space before it'],
    ['seq:\r- id: x\r  type: u1\r', 'carriage returns'],
    ['seq:\n- {id: x, type: u1}\n...\n...\n', 'two ends'],
    ['seq:\n- {id: x,\n-x: 1,\ntype: u1\n}', 'brackets that go on at the margin'],
    [
      'seq:\n  - id: x\n    -y: [\n    "]#", # ]\n    1\n  ]\n    type: u1\n',
      'brackets, quotes and comments in brackets',
    ],
    ['seq:\n  - id: x\n    doc: "y\n  z"\n    -y: \'y\n\nz\'\n    type: u1\n', 'quotes that go on at the margin'],
  ])('%j → read as by the official compiler: %s', (text) => {
    expect(read(text).seq).toMatchObject([{ id: 'x', type: { kind: 'int' } }]);
  });

  test.each([
    ['seq:\n- {id: x,\nfoo: u1}\n', '4:1'],
    ['seq:\n- doc: "y\nz"\n  if: "a\n+ b +"\n', '6:6'],
    ['seq:\n- {id: x,\n  type: u1}\n- {id: x}: y\n', '5:3'],
  ])('%j → error at %s, where it stands in the file', (text, place) => {
    expect(problemsOf(`meta: {id: a}\n${text}`).join('\n')).toMatch(new RegExp(`^${place} `, 'm'));
  });

  test('a merge key in quotes is a key; one of what is no map is an error', () => {
    expect(problemsOf('meta: {id: a}\nseq:\n  - {id: b, type: u1, "<<": {doc: x}}\n').join()).toMatch(/unknown key/);
    expect(problemsOf('meta: {id: a}\nseq:\n  - {id: b, type: u1, <<: c}\n').join()).toMatch(/merges a map/);
  });

  test('any text → diagnostics, never an exception', () => {
    const piece = fc.constantFrom(
      'meta:',
      'id: a',
      'seq:',
      '- ',
      '\n',
      '  ',
      'type: u1',
      '{',
      '}',
      '[',
      ']',
      '"',
      '&a',
      '*a',
      '|',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join('')),
        ),
        (text) => {
          expect(problemsOf(text)).toBeInstanceOf(Array);
        },
      ),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('places within scalars', () => {
  test.each([
    ['plain', 'value: foo + !x', '3:18'],
    ['single-quoted', `value: '"it''s" + !x'`, '3:23'],
    ['double-quoted', String.raw`value: "\x61\u0062 + \"\" + !x"`, '3:33'],
    ['plain on two lines', 'value: foo +\n      bar + !x', '4:13'],
    ['literal block', 'value: |\n      foo +\n        bar + !x', '5:15'],
    ['folded block', 'value: >-\n      foo +\n      bar + !x', '5:13'],
  ])('%s scalar → line and column of the character', (_, line, place) => {
    const text = `instances:\n  x:\n    ${line}\nmeta: {id: t}\n`;
    expect(problemsOf(text)).toEqual([expect.stringMatching(/'not'/)]);
    expect(problemsOf(text)[0]?.split(' ')[0]).toBe(place);
  });

  test('nodes of an expression → places in the file, also of arguments', () => {
    const [attr] = read(`seq:\n  - id: x\n    type: foo(1, bar)`).seq;
    const arg = attr?.type.kind === 'user' ? attr.type.args[1] : undefined;
    expect(arg && locate(arg, arg.expr.offset)).toMatchObject({ line: 4, col: 18, path: '/seq/0/type' });
  });
});
