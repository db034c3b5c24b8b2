import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from 'vitest';

import { Diagnostics } from '../../generator/src/diagnostics.js';
import { loadSchemas } from '../../generator/src/spec/imports.js';
import type { AttrSpec, InstanceSpec } from '../../generator/src/spec/model.js';
import { problemsOf, read } from '../support/schema-reading.js';

/** The problems of a schema with the usual `meta`, without their places: `/path message`. */
function refused(body: string, meta = '{id: t, endian: le, encoding: UTF-8}'): string[] {
  return problemsOf(`meta: ${meta}\n${body}`).map((problem) => problem.replace(/^\S+ /, ''));
}

function field(keys: string): AttrSpec {
  const [attr] = read(`seq: [{id: x, ${keys}}]`).seq;
  if (attr === undefined) throw new Error('expected a field');
  return attr;
}

function instance(keys: string): InstanceSpec {
  const [first] = read(`instances: {x: {${keys}}}`).instances;
  if (first === undefined) throw new Error('expected an instance');
  return first;
}

const processOf = (text: string): AttrSpec['process'] => field(`size: 4, process: '${text}'`).process;
const validOf = (text: string): AttrSpec['valid'] => field(`type: u1, enum: e, valid: ${text}`).valid;
const conditionOf = (keys: string): string | undefined => field(`type: u1, ${keys}`).if?.text;

describe('types of fields', () => {
  test.each([
    ['u1', { kind: 'int', signed: false, bytes: 1, endian: undefined }],
    ['s8be', { kind: 'int', signed: true, bytes: 8, endian: 'be' }],
    ['f4', { kind: 'float', bytes: 4, endian: undefined }],
    ['f8le', { kind: 'float', bytes: 8, endian: 'le' }],
    ['b44', { kind: 'bits', bits: 44, endian: undefined }],
    ['b12le', { kind: 'bits', bits: 12, endian: 'le' }],
    ['strz', { kind: 'strz' }],
  ])('%s → built-in', (name, type) => {
    expect(field(`type: ${name}`).type).toEqual(type);
  });

  test('none → bytes', () => {
    expect(field('size: 4')).toMatchObject({
      type: { kind: 'bytes' },
      size: { text: '4' },
      consume: true,
      eosError: true,
    });
  });

  test('name with arguments → user type', () => {
    expect(field(`type: 'foo::bar(1, _index + 2)'`).type).toMatchObject({
      kind: 'user',
      name: { names: ['foo', 'bar'] },
      args: [{ text: '1' }, { text: '_index + 2' }],
    });
  });

  test('switch → cases in order, `_` without match, official paths', () => {
    const { type } = field(`type: {switch-on: 'y', cases: {1: u1, '"s"': foo, 'e::v': u2, _: str}}, size: 4`);
    if (type.kind !== 'switch') throw new Error('expected a switch');
    expect(type.cases.map(({ match }) => match?.expr.kind)).toEqual(['int', 'string', 'enum', undefined]);
    expect(type.cases.map(({ at }) => at.path)).toEqual([
      '/seq/0/type/cases/IntNum(1)',
      '/seq/0/type/cases/Str(s)',
      '/seq/0/type/cases/EnumByLabel(identifier(e),identifier(v),typeId(false,List(),false))',
      '/seq/0/type/cases/Name(identifier(_))',
    ]);
    expect(type.cases[1]?.value).toMatchObject({ kind: 'user', at: { path: '/seq/0/type/cases/Str(s)/type' } });
  });

  test('parameters → also types that are never read', () => {
    const { params } = read(
      `params: [{id: a}, {id: b, type: bool}, {id: c, type: 'io[]'}, {id: d, type: u4}, {id: e, type: 'foo::bar[]'}]`,
    );
    expect(params.map(({ type }) => type)).toMatchObject([
      { kind: 'bytes', isArray: false },
      { kind: 'bool', isArray: false },
      { kind: 'io', isArray: true },
      { kind: 'simple', type: { kind: 'int', bytes: 4 }, isArray: false },
      { kind: 'simple', type: { kind: 'user', name: { names: ['foo', 'bar'] } }, isArray: true },
    ]);
  });
});

describe('keys of fields', () => {
  test('scalars of every YAML type → expressions', () => {
    expect(conditionOf('if: true')).toBe('true');
    expect(conditionOf('if: 0b11')).toBe('0b11');
    expect(conditionOf(`if: 'a == 1'`)).toBe('a == 1');
    expect(field('size: 1_000').size?.expr).toMatchObject({ kind: 'int', value: 1000n });
    expect(field('type: u8, valid: 18446744073709551615').valid).toMatchObject({
      expected: { expr: { value: 18446744073709551615n } },
    });
  });

  test('contents → bytes, which alone give the length', () => {
    expect(field(`contents: [0x7f, ELF, '5a', '5', '0x1f', '012', -1]`).contents?.bytes).toEqual(
      Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0x35, 0x61, 5, 0x1f, 12, 0xff),
    );
    expect(field('contents: "é"').contents?.bytes).toEqual(Uint8Array.of(0xc3, 0xa9));
    expect(field('contents: PK, size: 7, -rule: A1, -severity: warning')).toMatchObject({
      size: undefined,
      contents: { rule: 'A1', severity: 'warning' },
    });
  });

  test('terminator → one byte', () => {
    expect(field('terminator: 0x0a, consume: false, include: true, eos-error: false')).toMatchObject({
      terminator: Uint8Array.of(10),
      consume: false,
      include: true,
      eosError: false,
    });
    expect(field('type: strz').terminator).toBeUndefined();
  });

  test('repeat → its three forms', () => {
    expect(field('type: u1, repeat: eos').repeat).toEqual({ kind: 'eos' });
    expect(field('type: u1, repeat: expr, repeat-expr: 4').repeat).toMatchObject({ count: { text: '4' } });
    expect(field('type: u1, repeat: until, repeat-until: _ == 0').repeat).toMatchObject({ until: { text: '_ == 0' } });
  });

  test('process → its forms', () => {
    expect(processOf('zlib')).toMatchObject({ kind: 'zlib' });
    expect(processOf('xor(key + 1)')).toMatchObject({ kind: 'xor', key: { text: 'key + 1' } });
    expect(processOf('rol(3)')).toMatchObject({ kind: 'rotate', left: true, amount: { text: '3' } });
    expect(processOf('ror(_index)')).toMatchObject({ kind: 'rotate', left: false });
    expect(processOf('my.deep.fx(7, [0x20, 1])')).toMatchObject({
      kind: 'custom',
      name: ['my', 'deep', 'fx'],
      args: [{ text: '7' }, { text: '[0x20, 1]' }],
    });
    expect(processOf('my_fx')).toMatchObject({ kind: 'custom', name: ['my_fx'], args: [] });
  });

  test('valid → its forms, with rule and severity', () => {
    expect(validOf('5')).toMatchObject({ kind: 'eq', severity: 'error', rule: undefined });
    expect(validOf('{eq: x}')).toMatchObject({ kind: 'eq', expected: { text: 'x' } });
    expect(validOf('{min: 1, max: 2, -rule: B2, -severity: refuse-write}')).toMatchObject({
      kind: 'range',
      min: { text: '1' },
      max: { text: '2' },
      rule: 'B2',
      severity: 'refuse-write',
    });
    expect(validOf('{max: 2}')).toMatchObject({ kind: 'range', min: undefined });
    expect(validOf('{any-of: [1, 2]}')).toMatchObject({ kind: 'any-of', options: [{ text: '1' }, { text: '2' }] });
    expect(validOf('{in-enum: true}')).toMatchObject({ kind: 'in-enum' });
    expect(validOf('{expr: _ > 3}')).toMatchObject({ kind: 'expr', condition: { text: '_ > 3' } });
  });

  test('checksum, parent, documentation → as written', () => {
    const attr = field(
      `type: u4, -checksum: {algo: crc32c, size: 4096, -rule: B1}, doc: "what\\n", doc-ref: [a, b], -orig-id: [Sum, s]`,
    );
    expect(attr.checksum).toMatchObject({ algo: 'crc32c', size: { text: '4096' }, rule: 'B1', severity: 'error' });
    expect(attr.doc).toEqual({ summary: 'what', refs: ['a', 'b'], origId: 'Sum' });
    expect(field('type: a, parent: false').parent).toBe('none');
    expect(field('type: a, parent: _root').parent).toMatchObject({ text: '_root' });
  });

  test('no id → undefined', () => {
    expect(read('seq: [{type: u1}]').seq[0]?.id).toBeUndefined();
  });
});

describe('instances', () => {
  test('with value → value instance', () => {
    expect(instance('value: 1 + 2, if: true, enum: e')).toMatchObject({ kind: 'value', value: { text: '1 + 2' } });
  });

  test('without → parse instance, position and stream optional', () => {
    expect(instance('pos: 4, io: _root._io, type: u1')).toMatchObject({
      kind: 'parse',
      pos: { text: '4' },
      io: { text: '_root._io' },
      attr: { id: 'x' },
    });
    expect(instance('type: u1')).toMatchObject({ kind: 'parse', pos: undefined, io: undefined });
  });
});

describe('types and enums', () => {
  test('nested types → inherit byte order and encoding, and may override them', () => {
    const { types, meta } = read(
      'types: {a: {types: {b: {meta: {endian: be}}}}}',
      '{id: t, endian: le, encoding: ASCII}',
    );
    const inner = types.get('a');
    expect(inner).toMatchObject({ path: ['t', 'a'], meta: { endian: 'le', encoding: meta.encoding } });
    expect(inner?.types.get('b')).toMatchObject({ path: ['t', 'a', 'b'], meta: { endian: 'be' } });
    expect(inner?.types.get('b')?.outer).toBe(inner);
  });

  test('calculated byte order → the same object in nested types', () => {
    const spec = read(
      'types: {a: {seq: [{id: x, type: u4}]}}',
      '{id: t, endian: {switch-on: y, cases: {1: le, _: be}}}',
    );
    expect(spec.meta.endian).toMatchObject({
      kind: 'endian-switch',
      cases: [{ value: 'le' }, { match: undefined, value: 'be' }],
    });
    expect(spec.types.get('a')?.meta.endian).toBe(spec.meta.endian);
  });

  test('enum keys → exact integers, official paths', () => {
    const values = read('enums: {e: {0x1F: a, -2: {id: b, doc: B, -orig-id: TWO}, 18446744073709551615: c, 0: true}}')
      .enums.get('e')
      ?.values.map(({ value, id, at }) => [value, id, at.path]);
    expect(values).toEqual([
      [31n, 'a', '/enums/e/31'],
      [-2n, 'b', '/enums/e/-2'],
      [18446744073709551615n, 'c', '/enums/e/18446744073709551615'],
      [0n, 'true', '/enums/e/0'],
    ]);
  });

  test('words that YAML 1.1 takes for booleans → ids', () => {
    expect(read('seq: [{id: y, type: u1}, {id: no, type: u1}]').seq.map(({ id }) => id)).toEqual(['y', 'no']);
  });
});

describe('refused', () => {
  test.each([
    ['seq: [{id: x}]', '/seq/0', /'size', 'size-eos' or 'terminator'/],
    ['seq: [{id: x, type: str}]', '/seq/0', /'size', 'size-eos' or 'terminator'/],
    ['seq: [{id: x, size: 1, size-eos: true}]', '/seq/0', /only one of/],
    ['seq: [{id: x, type: u1, size: 3}]', '/seq/0/size', /no meaning for an integer/],
    ['seq: [{id: x, size: 3, encoding: ASCII}]', '/seq/0/encoding', /no meaning for bytes/],
    ['seq: [{id: x, type: str, size: 3, process: zlib}]', '/seq/0/process', /no meaning for a string/],
    ['seq: [{id: x, type: u1, foo: 3}]', '/seq/0/foo', /unknown key/],
    ['seq: [{id: x, type: u1, repeat-expr: 3}]', '/seq/0/repeat-expr', /without `repeat: expr`/],
    ['seq: [{id: x, type: f4, enum: e}]', '/seq/0/enum', /integer type/],
    ['seq: [{id: x, type: a, process: zlib}]', '/seq/0', /need 'size'/],
    ['seq: [{id: x, size: 3, process: xor()}]', '/seq/0/process', /one argument/],
    ['seq: [{id: x, size: 3, process: FOO}]', '/seq/0/process', /incorrect process/],
    ['seq: [{id: x, contents: 5}]', '/seq/0/contents', /write \[5\]/],
    ['seq: [{id: x, contents: [256]}]', '/seq/0/contents/0', /0 to 255/],
    ['seq: [{id: x, contents: a, valid: b}]', '/seq/0', /can't be used together/],
    ['seq: [{id: x, type: 5}]', '/seq/0/type', /expected map or string/],
    ['seq: [{id: x, type: b1048577}]', '/seq/0/type', /at most 1048576 bits/],
    ['seq: [{id: x, type: "a[]"}]', '/seq/0/type', /`repeat`/],
    ['seq: [{id: x, type: {switch-on: 1, cases: {1: str}}}]', '/seq/0/type/cases/1', /'size'/],
    ['seq: [{id: x, type: {switch-on: 1, cases: {1+: u1}}}]', '/seq/0/type/cases/1+', /expected a value/],
    ['seq: [{id: x, type: u1, valid: {}}]', '/seq/0/valid', /expected any of any-of, eq/],
    ['seq: [{id: x, type: u1, valid: {eq: 1, min: 4}}]', '/seq/0/valid/min', /unknown key/],
    ['seq: [{id: x, type: u1, valid: {any-of: 1}}]', '/seq/0/valid/any-of', /expected array/],
    ['seq: [{id: x, type: u1, valid: {eq: 1, -severity: bad}}]', '/seq/0/valid/-severity', /refuse-write/],
    ['seq: [{id: x, size: 4, -checksum: {algo: a}}]', '/seq/0/-checksum', /integer/],
    ['seq: [{id: x, type: u1, if: }]', '/seq/0/if', /expected string, got null/],
    ['seq: {a: 5}', '/seq', /expected array/],
    ['instances: {x: {value: 1, pos: 4}}', '/instances/x/pos', /value instance/],
    ['instances: {x: {value: _ID}}', '/instances/x/value', /invalid ID: '_ID'/],
    ['params: [{type: u1}]', '/params/0', /`id`/],
    ['params: [{id: q, type: u4le}]', '/params/0/type', /write 'u4'/],
    ['enums: {e: {1: a, 2: a}}', '/enums/e/2', /previously defined at \/enums\/e\/1/],
    ['enums: {e: {0x1: a, 1: b}}', '/enums/e/1', /duplicate enum value/],
    ['enums: {e: {foo: a}}', '/enums/e', /unable to parse `foo` as int/],
    ['types: {b: }', '/types/b', /expected map, got null/],
    ['foo: 5', '/foo', /unknown key/],
  ])('%s → error at %s', (body, path, message) => {
    expect(refused(body)).toEqual([expect.stringMatching(message)]);
    expect(refused(body)[0]?.split(' ')[0]).toBe(path);
  });

  test.each([
    ['{title: a}', '/meta', /no `meta\/id`/],
    ['{id: t, ks-version: 0.12}', '/meta/ks-version', /at least 0\.12/],
    ['{id: t, ks-version: "0.11.1"}', '/meta/ks-version', /at least 0\.11\.1/],
    ['{id: t, bit-endian: foo}', '/meta/bit-endian', /`le` or `be`/],
    ['{id: t, endian: {cases: {1: le}}}', '/meta/endian', /`switch-on`/],
  ])('meta: %s → error at %s', (meta, path, message) => {
    expect(refused('', meta)).toEqual([expect.stringMatching(message)]);
    expect(refused('', meta)[0]?.split(' ')[0]).toBe(path);
  });

  test('no byte order, no encoding → error where they are needed', () => {
    expect(refused('seq: [{id: x, type: u4}, {id: y, type: strz}, {id: z, type: u1}]', '{id: t}')).toEqual([
      expect.stringMatching(/^\/seq\/0\/type .*default endianness/),
      expect.stringMatching(/^\/seq\/1 .*encoding/),
    ]);
  });

  test('several problems → all of them, in order of the file', () => {
    const text = `meta:\n  id: t\nseq:\n  - id: BAD\n    type: u1\n  - id: b\n    type: u1\n    if: 1 +\n    sise: 4\nfoo: 1\n`;
    expect(problemsOf(text).map((problem) => problem.split(' ', 2).join(' '))).toEqual([
      '4:9 /seq/0/id',
      '8:12 /seq/1/if',
      '9:5 /seq/1/sise',
      '10:1 /foo',
    ]);
  });
});

const shared = fileURLToPath(new URL('../../../shared', import.meta.url));

function schemasIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ksy'))
    .map((name) => join(directory, name))
    .toSorted();
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function load(file: string, importPath: string): Diagnostics {
  const diagnostics = new Diagnostics();
  loadSchemas(file, { read: readIfThere, importPaths: [importPath] }, diagnostics);
  return diagnostics;
}

const hasShared = existsSync(join(shared, 'kst'));

describe.skipIf(!hasShared)(`schemas of ../shared${hasShared ? '' : ' (skipped: the folder is absent)'}`, () => {
  test.each([
    ['kst/formats', 'kst/ks_path'],
    ['formats', 'formats'],
  ])('every schema of %s → read without error', (directory, importPath) => {
    const errors = schemasIn(join(shared, directory)).flatMap((file) =>
      load(file, join(shared, importPath)).sorted.filter(({ severity }) => severity === 'error'),
    );
    expect(errors).toEqual([]);
  });

  test('schemas that must be refused → where the front end can tell, the official path comes first', () => {
    // Imports of these are not in this part of the suite.
    const incomplete = ['nav_parent_unused_import.ksy', 'params_call_bad_type_subtype_import.ksy'];
    const wrong: string[] = [];
    let refusals = 0;
    for (const file of schemasIn(join(shared, 'kst/formats_err'))) {
      if (incomplete.some((name) => file.endsWith(name))) continue;
      const official = /^# \S+\.ksy: (\/\S*):$/m.exec(readFileSync(file, 'utf8'))?.[1];
      const [first] = load(file, join(shared, 'kst/ks_path')).sorted;
      if (first === undefined || official === undefined) continue;
      refusals += 1;
      if ((first.at.path || '/') !== official) wrong.push(`${file}: ${first.at.path}, official ${official}`);
    }
    expect(wrong).toEqual([]);
    expect(refusals).toBe(40);
  });
});

describe('what the official compiler takes', () => {
  test.each([
    ['seq: [{id: x, size: 1e1, if: Yes}, {id: y, size: 1:30, if: off}]', ['true', 'false'], ['10', '90']],
    ['seq: [{id: yes, type: u1}, {id: x, size: 1, if: yes}]', [undefined, 'yes'], [undefined, '1']],
    ['seq: [{id: NO, size: 3.0}]', [undefined], ['3']],
  ])('%s → booleans and integers of YAML 1.1 and of JavaScript', (text, conditions, sizes) => {
    const { seq } = read(text);
    expect(seq.map((attr) => attr.if?.text)).toEqual(conditions);
    expect(seq.map(({ size }) => size?.text)).toEqual(sizes);
  });

  test('ids that YAML has for booleans → their words', () => {
    const { enums, seq } = read('seq: [{id: Off, type: u1}]\nenums: {e: {0: No, 1: TRUE, 2: {id: Yes}}}');
    expect(enums.get('e')?.values.map(({ id }) => id)).toEqual(['no', 'true', 'yes']);
    expect(seq.map(({ id }) => id)).toEqual(['off']);
  });

  test('a case that is written twice → the last one', () => {
    const { seq } = read("seq: [{id: x, type: {switch-on: 1, cases: {1: u1, '0x1': u2, 2: u4}}}]");
    expect(seq[0]?.type).toMatchObject({ cases: [{ value: { bytes: 2 } }, { value: { bytes: 4 } }] });
  });

  test('keys that are not looked at, of any shape → taken', () => {
    const attr = 'size: 1, parent: nothing, -orig-id: {a: b}, -webide-representation: [1, {2: 3}]';
    expect(read(`seq: [{id: x, ${attr}}]`, '{id: t, title: , license: [a]}').seq).toMatchObject([
      { parent: undefined },
    ]);
  });
});
