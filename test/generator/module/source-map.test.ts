/** Maps from the code of a schema's module to the schema, read by Node's own reader of maps. */
import { SourceMap } from 'node:module';
import { describe, expect, test } from 'vitest';
import { compileModule } from '../../../generator/src/module/compile-module.js';
import { toJavaScript } from '../../../generator/src/module/javascript.js';

const SCHEMA = `meta:
  id: top
  endian: le
seq:
  - id: magic
    contents: MZ
  - id: kind
    type: u1
    enum: kinds
  - id: flags
    type: b3
  - id: rest
    type: b5
  - id: name
    type: strz
    encoding: UTF-8
    if: flags > 0
  - id: items
    type: item
    repeat: until
    repeat-until: _.size == 0
  - id: packed
    size: 4
    process: xor(1)
  - id: body
    size-eos: true
    type:
      switch-on: kind
      cases:
        'kinds::one': item
        _: fixed
instances:
  first:
    pos: 0
    type: u2
  sum:
    value: first + rest
types:
  item:
    seq:
      - id: size
        type: u1
  fixed:
    seq:
      - id: low
        type: u4
      - id: high
        type: u4
        valid:
          max: 9
enums:
  kinds:
    1: one
`;
const lines = SCHEMA.split('\n');

const module = compileModule({ file: 'top.ksy', importer: { read: () => SCHEMA } });
const { code, map } = toJavaScript(module, { name: 'top.ksy', content: SCHEMA });
const reader = new SourceMap({
  ...map,
  file: 'top.js',
  sourceRoot: '',
  sources: ['top.ksy'],
  sourcesContent: [SCHEMA],
});

/** The line of the schema that each line of code which `pattern` matches leads to, with what the pattern has found. */
function traced(pattern: RegExp): [found: string, line: string][] {
  return code.split('\n').flatMap((text, number): [string, string][] => {
    const [, found] = pattern.exec(text) ?? [];
    if (found === undefined) return [];
    const entry = reader.findEntry(number, text.search(/\S/));
    return [[found, 'originalLine' in entry ? (lines[entry.originalLine]?.trim() ?? '') : '']];
  });
}

test('the map → of version 3, with the schema and its text, and the code without a link to another map', () => {
  expect(map).toMatchObject({ version: 3, sources: ['top.ksy'], sourcesContent: [SCHEMA] });
  expect(code).not.toContain('sourceMappingURL');
});

describe('statements', () => {
  test.each([
    ['that read a field', /this\.([a-z]\w*) = (?:io|read\w+\(io|\[|processXor|decode)/],
    ['that write a field', /^ {8}out\.write\w+\(this\._\w+\('(\w+)'/],
    ['that load a field of a fixed layout', /this\.(\w+) = view\./],
    ['within a condition', /^ {16}this\.(name) = /],
    ['within a loop', /this\.(items)\.push/],
  ])('%s → the line of that field', (_, pattern) => {
    const found = traced(pattern);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map(([, line]) => line)).toEqual(found.map(([id]) => `- id: ${id}`));
  });

  test('that note which field is read, by its number → the line of that field', () => {
    const fields = 'kind flags rest name items packed body'.split(' ');
    const noted = traced(/^ +field = (\d+)/).filter(([, line]) => line !== '- id: high');
    expect(noted).toEqual(fields.map((id, index) => [String(index + 1), `- id: ${id}`]));
  });

  test('of an instance → the line of the instance', () => {
    expect(traced(/(this\._m_first = read\w+\(io|out\.writeU2le)/).map(([, line]) => line)).toEqual([
      'first:',
      'first:',
    ]);
    expect(traced(/return (.*this\.first \+ this\.rest)/).map(([, line]) => line)).toEqual(['sum:']);
  });

  test('of a constructor, and behind the last field → the line of the type', () => {
    expect(traced(/^ +(super\(\))/).map(([, line]) => line)).toEqual(['meta:', 'item:', 'fixed:']);
    expect(traced(/throw (\w+)\(this, field/).map(([, line]) => line)).toEqual(['meta:', 'fixed:']);
  });
});

test('code that no place of the schema has → no place', () => {
  const entry = reader.findEntry(
    code.split('\n').findIndex((text) => text.startsWith('import ')),
    0,
  );
  expect('originalLine' in entry).toBe(false);
});

test('marks of places → in no text that is printed', () => {
  expect(module.text).not.toContain('\u0001');
  expect(module.text).not.toMatch(/\/\*(?!\*)/);
});
