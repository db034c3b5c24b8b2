import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SUPPORT_NAMES } from '../../generator/src/support-modules.js';
import { generateClasses, type Generated } from '../support/generated-classes.js';

/** Names that the output declares or uses itself, and words of the language, as ids of a schema. */
const WORDS = [
  ...'arguments as async at await back big bits body break bytes case class code const constructor count create'.split(
    ' ',
  ),
  ...'data debugger default delete do else end enum eval expected export extends false field finally for from'.split(
    ' ',
  ),
  ...'from_bytes function get global_this has_own_property if implements import in index init instanceof interface'.split(
    ' ',
  ),
  ...'io is_le item items layout length let memory name new null of offset on on_violation options out package'.split(
    ' ',
  ),
  ...'parent part path place private protected public read result return root seen self set size source start'.split(
    ' ',
  ),
  ...'static stream super switch then this throw to_bytes to_string true try type typeof undefined value value_of'.split(
    ' ',
  ),
  ...'var verify_checksum view void while with word0 write write_to yield'.split(' '),
];
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const IDS = [
  ...new Set([...WORDS, ...[...SUPPORT_NAMES].filter((name) => /^[a-z]\w*$/.test(name)).map(snakeCase)]),
].filter((id) => id !== 'true' && id !== 'false');

const list = (ids: readonly string[], rest = ''): string =>
  ids.map((id) => `  - {id: '${id}', type: u1${rest}}\n`).join('');
const SCHEMAS: Readonly<Record<string, string>> = {
  as_parameters: `seq:\n  - {id: first, type: 'inner(${IDS.map((_, index) => index % 256).join(', ')})'}\ntypes:\n  inner:\n    params:\n${list(IDS).replaceAll(/^/gm, '    ')}\n    seq: [{id: plain, type: u1}, {id: texts, type: strz, repeat: expr, repeat-expr: as, if: plain == size}]\n`,
  as_fields: `seq:\n${list(IDS, ', valid: {max: 255}')}`,
  as_flags: `seq:\n${IDS.map((id) => `  - {id: '${id}', type: b3}\n`).join('')}`,
  as_view: `-view: true\nseq:\n${list(IDS)}`,
  as_arrays: `seq:\n${list(IDS, ', repeat: expr, repeat-expr: 1')}`,
  as_instances: `seq: [{id: plain, type: u1}]\ninstances:\n${IDS.map((id) => `  '${id}': {value: plain + 1}\n`).join('')}`,
  as_parts: `seq: [{id: plain, type: u1}]\ninstances:\n${IDS.map((id, index) => `  '${id}': {pos: ${index}, type: u1}\n`).join('')}`,
  as_types: `seq:\n${IDS.map((id) => `  - {id: '${id}', type: '${id}'}\n`).join('')}types:\n${IDS.map((id) => `  '${id}': {seq: [{id: plain, type: u1}]}\n`).join('')}`,
  as_enums: `seq: [{id: plain, type: u1, enum: all}]\nenums:\n  all:\n${IDS.map((id, index) => `    ${index}: '${id}'\n`).join('')}${IDS.map((id) => `  '${id}': {1: '${id}'}\n`).join('')}`,
};

let folder: string;
let generated: Generated;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-names-'));
  const files = Object.entries(SCHEMAS).map(([id, text]) => {
    const file = join(folder, `${id}.ksy`);
    writeFileSync(file, `meta: {id: '${id}', endian: le, encoding: UTF-8}\n${text}`);
    return file;
  });
  generated = await generateClasses(files, []);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

test('names of support functions, locals and words, wherever a schema may use them → the output compiles', () => {
  expect(generated.problems).toEqual([]);
});

test.each(Object.keys(SCHEMAS))('%s → read and written back', (id) => {
  const bytes = Uint8Array.from({ length: IDS.length }, (_, index) => index % 256);
  const top = generated.top(id);
  expect(top.fromBytes(bytes).toBytes()).toEqual(bytes);
});

test('a schema called as the folder of support modules → its class is read', async () => {
  const file = join(folder, 'kaitai.ksy');
  writeFileSync(file, 'meta: {id: kaitai}\nseq: [{id: stream, type: u1}]\n');
  const beside = await generateClasses([file], []);
  expect(beside.problems).toEqual([]);
  expect(beside.top('kaitai').fromBytes(Uint8Array.of(7))).toMatchObject({ stream: 7 });
  beside.remove();
});
