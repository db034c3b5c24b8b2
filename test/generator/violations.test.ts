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

const sandbox = new Sandbox();
let sample: { fromBytes(bytes: Uint8Array, options?: unknown): unknown };

beforeAll(async () => {
  const { files } = compile({ files: ['sample.ksy'], importer: { read: () => SCHEMA } });
  sandbox.write(files);
  expect(sandbox.typeCheck().errors).toEqual([]);
  sample = Object(await sandbox.load('sample.ts')).Sample;
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
