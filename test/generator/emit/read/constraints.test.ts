/** What is said of a broken constraint: where its section is, and which element it is of. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateClasses, type Generated } from '../../../support/generated-classes.js';

const SCHEMA = `
meta: {id: sections, endian: le}
doc-ref: '[SPEC] 1'
seq:
  - {id: plain, type: u1, valid: 1}
  - {id: own, type: u1, valid: 1, doc-ref: '[SPEC] 1.1'}
  - {id: items, type: u1, repeat: expr, repeat-expr: 2, valid: 1}
  - {id: inner, type: inner}
  - {id: last, type: last}
types:
  inner: {seq: [{id: bare, contents: [1]}]}
  last:
    doc-ref: ['[SPEC] 2', '[OTHER] 3']
    seq: [{id: checksum, type: u4, -checksum: {algo: crc32}}, {id: body, type: u1, valid: {any-of: [1, 3]}}]
`;

interface Violation {
  readonly path: string;
  readonly constraint: string;
  readonly section?: string;
}

let folder: string;
let generated: Generated;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-sections-'));
  const file = join(folder, 'sections.ksy');
  writeFileSync(file, SCHEMA);
  generated = await generateClasses([file], []);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

test('a constraint → the section of its field, else that of its type, never of another type', () => {
  expect(generated.problems).toEqual([]);
  const found: Violation[] = [];
  const read = Reflect.get(generated.class('Sections'), 'fromBytes') as (bytes: Uint8Array, options: object) => object;
  Reflect.apply(read, generated.class('Sections'), [
    Uint8Array.of(2, 2, 1, 2, 2, 0, 0, 0, 0, 2),
    { onViolation: (violation: Violation) => found.push(violation) },
  ]);
  expect(found.map(({ path, constraint, section }) => [path, constraint, section])).toEqual([
    ['plain', 'eq', '[SPEC] 1'],
    ['own', 'eq', '[SPEC] 1.1'],
    ['items[1]', 'eq', '[SPEC] 1'],
    ['inner.bare', 'contents', undefined],
    ['last.body', 'any-of', '[SPEC] 2'],
  ]);
});

test('a checksum → the section of its type', () => {
  const found: Violation[] = [];
  const last = generated.class('Sections_Last').fromBytes(Uint8Array.of(0, 0, 0, 0, 1));
  const verify = Reflect.get(last, 'verifyChecksum') as (options: object) => boolean;
  expect(Reflect.apply(verify, last, [{ onViolation: (violation: Violation) => found.push(violation) }])).toBe(false);
  expect(found.map(({ path, constraint, section }) => [path, constraint, section])).toEqual([
    ['checksum', 'checksum', '[SPEC] 2'],
  ]);
});

test('the layout table → no sections: reflection has them', () => {
  const layoutOf = (name: string): unknown => Reflect.get(generated.class(name), 'LAYOUT');
  expect(layoutOf('Sections')).toMatchObject([{ id: 'plain' }, { id: 'own' }, {}, {}, {}]);
  expect(layoutOf('Sections_Inner')).toEqual([{ id: 'bare', offset: 0, size: 1, type: 'contents' }]);
  expect(JSON.stringify(layoutOf('Sections'))).not.toContain('[SPEC]');
});
