/** Mistakes that people make in schemas: the message says what to write. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../generator/src/compile.js';
import { SchemaError } from '../../generator/src/diagnostics.js';

/** The problems of a schema, `line:column message` each. */
function messagesOf(schema: string): string[] {
  try {
    compile({ files: ['t.ksy'], importer: { read: (path) => (path === 't.ksy' ? schema : undefined) } });
    return [];
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return error.diagnostics.map(({ at, message }) => `${at.line}:${at.col} ${message}`);
  }
}

const META = 'meta: {id: t, endian: le, encoding: UTF-8}\n';
const seq = (field: string): string => `${META}seq:\n  - {id: a, type: u1}\n  - {id: b, ${field}}\n`;
const SUB = 'types:\n  header: {seq: [{id: x, type: u1}]}\n  sub: {seq: [{id: y, size: ';

describe('names that lead nowhere', () => {
  test.each([
    ['a type with a letter too few', `${seq('type: heder')}${SUB}1}]}\n`, "4:19 unable to find type 'heder'", 'header'],
    ['letters of a type swapped', `${seq('type: haeder')}${SUB}1}]}\n`, "4:19 unable to find type 'haeder'", 'header'],
    [
      'a field',
      `${META}seq: [{id: len_data, type: u1}, {id: b, size: len_dat}]\n`,
      "2:47 unable to access 'len_dat' in t context",
      'len_data',
    ],
    [
      'an enum',
      `${seq('type: u1, enum: colour')}enums: {color: {1: red}}\n`,
      "4:29 unable to find enum 'colour'",
      'color',
    ],
    ['a key', seq('tpye: u1'), '4:13 unknown key found', 'type'],
    ['a key by its meaning', seq('length: 4'), '4:13 unknown key found', 'size'],
    ['a key of the schema', `${META}sequence: []\n`, '2:1 unknown key found', 'seq'],
  ])('%s → the one that is meant', (_, schema, message, meant) => {
    const found = messagesOf(schema).find((each) => each.startsWith(message));
    expect(found, messagesOf(schema).join('\n')).toMatch(new RegExp(`; did you mean '${meant}'\\?$`));
  });

  test.each([
    ['uint16', 'write `u2`'],
    ['int32_t', 'write `s4`'],
    ['u16le', 'write `u2le`'],
    ['UInt8', 'write `u1`'],
    ['u3', '3 bytes are `b24`, an integer of so many bits'],
    ['string', 'write `str` with `size`, or `strz` for text that ends with a zero byte'],
    ['float64', 'write `f8`'],
    ['bool', 'write `b1` for one bit, or `u1` and compare it'],
    ['bytes', 'bytes have no `type`: leave it out, and give `size`, `size-eos` or `terminator`'],
  ])('type %s of another language → %s', (type, hint) => {
    expect(messagesOf(seq(`type: ${type}`)).join('\n')).toContain(`searching from t; ${hint}`);
  });

  test('a field of the top type, asked for in another type → `_root`', () => {
    expect(messagesOf(`${seq('type: sub')}${SUB}a}]}\n`)).toEqual([
      "7:29 unable to access 'a' in t::sub context; the top type has it: write `_root.a`",
    ]);
  });

  test('names alike in nothing → no guess', () => {
    expect(messagesOf(seq('type: completely_else'))).toEqual([
      "4:19 unable to find type 'completely_else', searching from t",
    ]);
  });
});

describe('values of another type', () => {
  test.each([
    ['a number as condition', seq('type: u1, if: a'), "but 'a' is an integer; compare it: `!= 0`"],
    ['text as size', `${seq('type: str, size: 1')}  - {id: c, size: b}\n`, "but 'b' is a string; convert it: `.to_i`"],
    [
      'an enum beside a number',
      `${seq('type: u1, enum: e')}  - {id: c, type: u1, if: b == 1}\nenums: {e: {1: one}}\n`,
      'compare it with `e::one` and the like, or as a number: `.to_i`',
    ],
    ['`this`', seq('type: u1, if: this.a == 1'), "fields are named alone, without 'this.'"],
    ['text without quotes of its own', seq('type: {switch-on: a, cases: {"AB": u1}}'), `those of YAML: '"AB"'`],
  ])('%s → how to write it', (_, schema, hint) => {
    expect(messagesOf(schema).join('\n')).toContain(hint);
  });
});

describe('shapes', () => {
  test.each([
    ['`value` in a field', seq('value: 3'), '`value` belongs under `instances`'],
    ['types as a list', `${META}types:\n  - id: a\n`, 'write each entry as `name:` with what belongs to it below'],
    ['fields as a map', `${META}seq:\n  a: {type: u1}\n`, 'begin each entry with a dash: `- id: name`'],
    ['an enum the other way round', `${META}enums: {e: {red: 1}}\n`, 'the number stands first: `1: red`'],
    ['no space behind a colon', 'meta:\n  id:t\n', 'put a space behind the colon'],
    ['an index within braces', `${META}instances: {b: {value: a[0]}}\n`, 'in quotes'],
    ['nothing', '', 'the file has no content'],
    ['UTF-16', 'm\0e\0t\0a\0:\0', 'it looks like UTF-16: save it as UTF-8'],
  ])('%s → what to write', (_, schema, hint) => {
    expect(messagesOf(schema).join('\n')).toContain(hint);
  });
});
