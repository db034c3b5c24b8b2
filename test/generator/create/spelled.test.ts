/** What `create` derives of integers of variable length, which structures spell. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileOfficial, readOfficial } from '../../support/official.js';
import { reflected, type Reflected } from '../../support/reflected.js';

const common = fileURLToPath(new URL('../../../../shared/formats/common/', import.meta.url));
const LIBRARY = ['vlq_base128_le', 'vlq_base128_be'].filter((id) => existsSync(`${common}${id}.ksy`));

const HOME_MADE = (sum: string): string => `
meta: {id: number, endian: be, bit-endian: be}
seq: [{id: groups, type: group, repeat: until, repeat-until: not _.more}]
types: {group: {seq: [{id: more, type: b1}, {id: bits, type: b7}]}}
instances:
  value: {value: '${sum}'}
`;
const BIG = 'groups.size == 1 ? groups[0].bits : groups.size == 2 ? groups[0].bits * 128 + groups[1].bits : 0';
const LITTLE = 'groups.size == 1 ? groups[0].bits : groups.size == 2 ? groups[1].bits * 128 + groups[0].bits : 0';
const SCHEMAS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(LIBRARY.map((id) => [id, readFileSync(`${common}${id}.ksy`, 'utf8')])),
  big: HOME_MADE(BIG).replace('id: number', 'id: big'),
  little: HOME_MADE(LITTLE).replace('id: number', 'id: little'),
};
const NAMES = Object.keys(SCHEMAS);
const user = (number: string): string => `
meta: {id: uses_${number}, endian: le, encoding: UTF-8, imports: [${number}]}
seq:
  - {id: len_body, type: ${number}}
  - {id: body, size: len_body.value + 1}
  - {id: num, type: ${number}}
  - {id: all, type: u1, repeat: expr, repeat-expr: num.value}
  - {id: len_part, type: ${number}}
  - {id: part, type: part, size: len_part.value}
types:
  part: {seq: [{id: text, type: strz}]}
`;

interface Struct {
  readonly [name: string]: unknown;
  toBytes(): Uint8Array;
}
interface Class {
  create(init: object): Struct;
}

const folder = mkdtempSync(join(tmpdir(), 'ksy-ts-spelled-'));
let all: Reflected;
beforeAll(async () => {
  const schemas = { ...SCHEMAS, ...Object.fromEntries(NAMES.map((id) => [`uses_${id}`, user(id)])) };
  for (const [id, text] of Object.entries(schemas)) writeFileSync(join(folder, `${id}.ksy`), text);
  all = await reflected(schemas, { reflection: false });
});
afterAll(() => {
  all.remove();
  rmSync(folder, { recursive: true });
});

test('output → as strict as ever', () => {
  expect(all.errors).toEqual([]);
});

const classOf = (name: string): Class =>
  all.exported[`Uses_${name}`.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())] as Class;

describe.each(NAMES)('%s', (name) => {
  test.each([0, 1, 127, 128, 300, 16_000])(
    'a size, a count, the size of a structure of %i → read by the official reader',
    async (n) => {
      const init = {
        body: new Uint8Array(n + 1).fill(1),
        all: Array.from({ length: n }, () => 2),
        part: { text: 'x'.repeat(n) },
      };
      const made = classOf(name).create(init);
      const read = readOfficial(await compileOfficial(join(folder, `uses_${name}.ksy`)), made.toBytes());
      expect(read['body']).toEqual(init.body);
      expect(read['part']).toMatchObject({ text: init.part.text });
      expect((read['all'] as unknown[]).length).toBe(n);
    },
  );
});

test('given, and it says so → stays as it is spelled; changed → spelled again', () => {
  const long = {
    groups: [
      { more: true, bits: 0 },
      { more: false, bits: 1 },
    ],
  };
  const init = { lenBody: long, body: new Uint8Array(2), all: [], part: { text: '' } };
  const made = classOf('big').create(init);
  expect([...made.toBytes().subarray(0, 2)]).toEqual([0x80, 1]);
  Object.assign(made, { body: new Uint8Array(3) });
  expect(made.toBytes()[0]).toBe(2);
});

test('a number that the type cannot say → refused', () => {
  const init = { body: new Uint8Array(200_000), all: [], part: { text: '' } };
  expect(() => classOf('big').create(init).toBytes()).toThrow(
    'len_body: must be a number that its type can say, is 199999',
  );
});
