/** What is said of types and enums in `*.schema.ts`. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../../../generator/src/compile.js';
import type { EnumSchema } from '../../../../generator/support/reflect.js';
import { reflected, type Reflected } from '../../../support/reflected.js';

const SCHEMAS = {
  box: `
meta: {id: box, endian: le, encoding: UTF-8, imports: [lid]}
doc: A box.
doc-ref: Boxes 1
-orig-id: BOX
params: [{id: base, type: u8}]
seq:
  - {id: magic, contents: [0x42, 0x58], -rule: B1}
  - {id: kind, type: u1, enum: kind, doc: Its kind., doc-ref: Boxes 1.1, -orig-id: KIND, valid: {in-enum: true}}
  - {id: high, type: b3, valid: {min: 1, max: 'base'}}
  - {id: low, type: b5}
  - {id: len, type: u2, valid: {any-of: [1, 0x10]}}
  - {id: parts, type: part, repeat: expr, repeat-expr: len}
  - {id: either, type: {switch-on: kind, cases: {'kind::one': part, 'kind::two': lid}}}
  - {id: note, type: str, size: 3, if: len > 1, valid: {expr: _ != "abc"}}
  - {id: sum, type: u4, -checksum: {algo: crc32, -severity: warning}}
instances:
  twice: {value: len * 2}
  ahead: {pos: 0, type: lid}
  beyond: {pos: 0, io: _root._io, size: 2}
enums:
  kind: {1: {id: one, doc: The first., -orig-id: K_ONE}, 0x10: two}
types:
  part: {seq: [{id: x, type: u1}, {id: self, type: part, if: x == 1}]}
`,
  lid: 'meta: {id: lid}\nseq: [{id: y, type: u1}]\n',
};
const USE = `
import { type Box, BoxSchema, type SchemaOf, type StructSchema } from './index.js';

const any: StructSchema = BoxSchema;
const typed: SchemaOf<Box> = BoxSchema;
const name: keyof Box | undefined = BoxSchema.fields[0]?.name;
// @ts-expect-error There is no such field.
const wrong: SchemaOf<Box>['fields'] = [{ id: 'a', name: 'a', kind: 'field', type: 'u1' }];
console.log(any, typed, name, wrong);
`;

let box: Reflected;
beforeAll(async () => {
  box = await reflected(SCHEMAS, {}, USE);
});
afterAll(() => box.remove());

test('the output and its use → no type errors', () => {
  expect(box.errors).toEqual([]);
});

test('a type → id, class, docs; no size where it varies', () => {
  const { fields, ...rest } = box.schema('BoxSchema');
  expect(rest).toEqual({ id: 'box', type: box.class('Box'), doc: 'A box.', origId: 'BOX', section: 'Boxes 1' });
  expect(fields.map(({ id, kind }) => `${kind} ${id}`).join(', ')).toBe(
    'param base, field magic, field kind, field high, field low, field len, field parts, field either, field note, ' +
      'field sum, value twice, instance ahead, instance beyond',
  );
  expect(box.schema('LidSchema')).toMatchObject({ id: 'lid', size: 1 });
});

test('fields → places, bits, docs, constraints as the schema writes them', () => {
  const field = (id: string): unknown => box.schema('BoxSchema').fields.find((each) => each.id === id);
  expect(field('magic')).toEqual({
    id: 'magic',
    name: 'magic',
    kind: 'field',
    type: 'contents',
    offset: 0,
    size: 2,
    section: 'Boxes 1',
    valid: [{ kind: 'contents', expected: '42 58', rule: 'B1', severity: 'error' }],
  });
  expect(field('kind')).toMatchObject({ origId: 'KIND', section: 'Boxes 1.1', doc: 'Its kind.' });
  expect(field('kind')).toMatchObject({ valid: [{ kind: 'in-enum', severity: 'error' }] });
  const range = [
    { kind: 'min', expected: '1' },
    { kind: 'max', expected: 'base' },
  ];
  expect(field('high')).toMatchObject({ offset: 3, size: 1, bitOffset: 0, bits: 3, valid: range });
  expect(field('len')).toMatchObject({ offset: 4, valid: [{ kind: 'any-of', expected: '1, 0x10' }] });
  expect(field('note')).toMatchObject({ isOptional: true, valid: [{ kind: 'expr', expected: '_ != "abc"' }] });
  expect(field('sum')).toMatchObject({ valid: [{ kind: 'checksum', expected: 'crc32', severity: 'warning' }] });
  expect(field('beyond')).toMatchObject({ kind: 'instance', isElsewhere: true });
});

test('structures, enums, also of other schemas → references', () => {
  const field = (id: string) => box.schema('BoxSchema').fields.find((each) => each.id === id);
  const ids = (id: string): unknown =>
    field(id)
      ?.structs?.()
      .map((schema) => schema.id);
  expect(ids('parts')).toEqual(['box::part']);
  expect(field('parts')?.isList).toBe(true);
  expect(ids('either')).toEqual(['box::part', 'lid']);
  expect(ids('ahead')).toEqual(['lid']);
  expect(ids('len')).toBeUndefined();
  expect(field('kind')?.enum?.()).toBe(box.exported['Box_KindSchema'] as EnumSchema);
  expect(field('kind')?.enum?.()).toEqual({
    id: 'box::kind',
    values: [
      { id: 'one', name: 'ONE', value: 1, doc: 'The first.', origId: 'K_ONE' },
      { id: 'two', name: 'TWO', value: 16 },
    ],
  });
});

test('without reflection → not a byte of the rest differs, whatever types are called', () => {
  const schema = 'meta: {id: box}\ntypes: {schema: {seq: [{id: a, type: box_schema}]}, box_schema: {}}\n';
  const made = (reflection: boolean): ReadonlyMap<string, string> => {
    const { files } = compile({ files: ['box.ksy'], importer: { read: () => schema }, reflection });
    return new Map(files.map(({ path, content }) => [path, content]));
  };
  const [without, withAll] = [made(false), made(true)];
  for (const [path, content] of without) expect(withAll.get(path)).toBe(content);
  expect([...withAll.keys()].filter((path) => !without.has(path) && !path.startsWith('kaitai/'))).toEqual([
    'box.schema.ts',
  ]);
});
