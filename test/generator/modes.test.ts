/** `--positions` and `--read-only`, on generated code that is type-checked and run. */
import { afterAll, beforeAll, expect, test } from 'vitest';

import { compile, type CompileOptions } from '../../generator/src/compile.js';
import { Sandbox } from '../../generator/src/suite/sandbox.js';

const SCHEMA = `
meta:
  id: sample
  endian: le
seq:
  - id: one
    type: u2
  - id: nums
    type: u1
    repeat: expr
    repeat-expr: 2
  - id: parts
    type: part
    size: 3
    repeat: eos
instances:
  late:
    pos: 1
    size: 2
types:
  part:
    seq:
      - id: head
        type: b4
      - id: tail
        size: 2
`;

const sandboxes: Sandbox[] = [];

async function load(
  options: Partial<CompileOptions>,
  use = '',
  schema = SCHEMA,
): Promise<{ errors: readonly string[]; sample: unknown }> {
  const { files } = compile({
    files: ['sample.ksy'],
    importer: { read: (path) => (path === 'sample.ksy' ? schema : undefined) },
    ...options,
  });
  const sandbox = new Sandbox();
  sandboxes.push(sandbox);
  sandbox.write([...files, { path: 'use.ts', content: use }]);
  const { errors } = sandbox.typeCheck();
  const module = Object(await sandbox.load('sample.ts'));
  return { errors, sample: module.Sample };
}

const read = (sample: unknown, bytes: Uint8Array): { _debug: unknown; parts: { _debug: unknown }[] } =>
  Object(sample).fromBytes(bytes);

let positions: Awaited<ReturnType<typeof load>>;
beforeAll(async () => {
  positions = await load({ positions: true });
});
afterAll(() => {
  for (const sandbox of sandboxes) sandbox.remove();
});

test('positions → start and end of every field and element, in the stream it was read from', () => {
  expect(positions.errors).toEqual([]);
  const value = read(
    positions.sample,
    Uint8Array.from({ length: 10 }, (_, index) => index),
  );
  expect(value._debug).toEqual({
    one: { start: 0, end: 2, ioOffset: 0 },
    nums: {
      start: 2,
      end: 4,
      ioOffset: 0,
      arr: [
        { start: 2, end: 3, ioOffset: 0 },
        { start: 3, end: 4, ioOffset: 0 },
      ],
    },
    parts: {
      start: 4,
      end: 10,
      ioOffset: 0,
      arr: [
        { start: 4, end: 7, ioOffset: 0 },
        { start: 7, end: 10, ioOffset: 0 },
      ],
    },
  });
  expect(value.parts[1]?._debug).toEqual({
    head: { start: 0, end: 1, ioOffset: 7 },
    tail: { start: 1, end: 3, ioOffset: 7 },
  });
  void Object(value).late;
  expect(value._debug).toMatchObject({ late: { start: 1, end: 3, ioOffset: 0 } });
});

test('the file ends within a field → the error says where', () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect(() => read(positions.sample, bytes)).toThrow('at 0x7: requested 3 bytes, but only 1 bytes available');
});

test('read only → no type errors; setting a field is one', async () => {
  const use =
    "import { Sample } from './sample.js';\nconst sample = Sample.fromBytes(new Uint8Array(10));\nsample.one = 5;\n";
  const { errors } = await load({ readOnly: true }, use);
  expect(errors).toEqual([
    expect.stringMatching(/^use\.ts\(3,8\): error TS2540: Cannot assign to 'one' because it is a read-only property/),
  ]);
});

test('read only with positions → no type errors', async () => {
  expect((await load({ readOnly: true, positions: true })).errors).toEqual([]);
});

test('read-only, a fixed layout that is not right → the violation, or all of them and what was read', async () => {
  const { errors, sample } = await load(
    { readOnly: true },
    '',
    `
meta: {id: sample, endian: le}
seq: [{id: magic, contents: [1, 2]}, {id: text, type: str, size: 2, encoding: ASCII}, {id: number, type: u2}]
`,
  );
  expect(errors).toEqual([]);
  const bytes = Uint8Array.of(3, 2, 0x61, 0x62, 5, 0);
  const wrong = { path: 'magic', constraint: 'contents' };
  expect(() => read(sample, bytes)).toThrow(
    expect.objectContaining({ name: 'ValidationError', violation: expect.objectContaining(wrong) as unknown }),
  );
  const found: unknown[] = [];
  const value = Object(sample).fromBytes(bytes, { onViolation: (violation: object) => found.push(violation) });
  expect(found).toEqual([expect.objectContaining(wrong)]);
  expect(value).toMatchObject({ magic: Uint8Array.of(3, 2), text: 'ab', number: 5 });
});
