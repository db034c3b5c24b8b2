/** Findings instead of exceptions: what a collector is told of broken constraints. */
import { afterAll, beforeAll, expect, test } from 'vitest';

import { compile } from '../../generator/src/compile.js';
import { Sandbox } from '../../generator/src/suite/sandbox.js';

const SCHEMA = `
meta:
  id: sample
seq:
  - id: magic
    contents: [1]
  - id: parts
    type: part
    repeat: expr
    repeat-expr: 3
  - id: nums
    type: u1
    repeat: eos
    valid:
      max: 5
types:
  part:
    seq:
      - id: kind
        type: u1
        enum: kind
        valid:
          in-enum: true
      - id: inner
        type: inner
  inner:
    seq:
      - id: value
        type: u1
        valid:
          expr: _ < 10 and _root.parts.size < 3
enums:
  kind:
    0: zero
`;

/** A list that is so long that its items are not searched for one by one. */
const LONG = `
meta:
  id: long
seq:
  - id: items
    type: item
    repeat: eos
types:
  item:
    seq:
      - id: value
        type: u1
        valid:
          max: 5
      - id: name
        type: strz
        encoding: ASCII
        valid: '"a"'
`;

const sandbox = new Sandbox();
let sample: { fromBytes(bytes: Uint8Array, options?: unknown): unknown };
let long: { fromBytes(bytes: Uint8Array, options?: unknown): { items: unknown[]; _check(): void } };
let item: { create(init: object): unknown };

beforeAll(async () => {
  const importer = { read: (path: string) => (path.endsWith('long.ksy') ? LONG : SCHEMA) };
  const { files } = compile({ files: ['sample.ksy', 'long.ksy'], importer });
  sandbox.write(files);
  expect(sandbox.typeCheck().errors).toEqual([]);
  sample = Object(await sandbox.load('sample.ts')).Sample;
  ({ Long: long, Long_Item: item } = Object(await sandbox.load('long.ts')));
});
afterAll(() => {
  sandbox.remove();
});

const violations = (...bytes: number[]): unknown[] => {
  const found: unknown[] = [];
  const onViolation = ({ path, offset, constraint, actual }: Record<string, unknown>): void => {
    found.push([path, offset, constraint, actual]);
  };
  sample.fromBytes(Uint8Array.from(bytes), { onViolation });
  return found;
};

test('every constraint holds → nothing is reported', () => {
  expect(violations(1, 0, 9, 0, 9, 0, 9, 5, 5)).toEqual([]);
});

test('several broken → each with path, offset and value, elements by their index while they are read', () => {
  expect(violations(2, 0, 9, 7, 10, 0, 11, 5, 6)).toEqual([
    ['magic', 0, 'contents', Uint8Array.of(2)],
    ['parts[1].kind', 3, 'in-enum', 7],
    ['parts[1].inner.value', 4, 'expr', 10],
    ['parts[2].inner.value', 6, 'expr', 11],
    ['nums[1]', 8, 'max', 6],
  ]);
});

test('nobody collects → the first one is thrown, as Kaitai does', () => {
  expect(() => sample.fromBytes(Uint8Array.of(1, 0, 9, 7, 10, 0, 9))).toThrow(
    'parts[1].kind at 0x3: must be a declared value, found 7',
  );
});

test('a long list → the index of each item, while it is read and after some were replaced', () => {
  const count = 200;
  const bytes = Uint8Array.from({ length: count * 3 }, (_, at) => [9, 0x62, 0][at % 3] ?? 0);
  const paths: string[] = [];
  const read = long.fromBytes(bytes, { onViolation: ({ path }: { path: string }) => paths.push(path) });
  expect(paths).toEqual(
    Array.from({ length: count }, (_, index) => [`items[${index}].value`, `items[${index}].name`]).flat(),
  );
  const good = (): unknown => item.create({ value: 1, name: 'a' });
  for (let index = 0; index < count; index += 1) read.items[index] = good();
  read._check();
  for (const index of [70, 199, 3]) {
    read.items[index] = item.create({ value: 6, name: 'a' });
    expect(() => read._check()).toThrow(`items[${index}].value`);
    read.items[index] = good();
  }
});
