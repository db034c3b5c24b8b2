/** Errors at reading: which field, where in the file, what was expected, and why. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generateClasses, type AnyStruct, type Generated } from '../support/generated-classes.js';

const ENTRIES = `seq: [{id: magic, contents: AB}, {id: n, type: u1}, {id: entries, type: entry, size: 4, repeat: expr, repeat-expr: n}]
types:
  entry: {seq: [{id: flag, type: u1}, {id: extra, type: u1, if: flag == 1}, {id: nums, type: u1, repeat: expr, repeat-expr: 1}, {id: name, type: strz, size-eos: false}]}`;

/** By schema: its body, the bytes, and what is expected of the error; `v` is read where it is an instance. */
const CASES: readonly (readonly [id: string, body: string, bytes: readonly number[], error: object])[] = [
  [
    'in_a_list',
    ENTRIES,
    [0x41, 0x42, 2, 0, 7, 65, 0, 1, 7, 8, 65],
    { name: 'TerminatorError', path: 'entries[1].name', offset: 10, expected: 'the terminator [00]' },
  ],
  [
    'behind_the_end',
    ENTRIES,
    [0x41, 0x42, 2, 0, 7, 65, 0, 1, 7],
    { name: 'EofError', path: 'entries[1]', offset: 7, expected: '4 bytes', needed: 4, available: 2 },
  ],
  [
    'optional',
    'seq: [{id: a, type: u1}, {id: b, type: u4, if: a == 0}, {id: c, type: u2, if: a == 1}, {id: d, type: u1}]',
    [1, 2],
    { name: 'EofError', path: 'c', offset: 1 },
  ],
  [
    'before_the_start',
    'seq: [{id: a, type: u1}]\ninstances: {v: {pos: a - 2, type: u1}}',
    [1, 2],
    { name: 'EofError', path: 'v', message: expect.stringContaining('position -1 is outside of the stream') },
  ],
  ['first', 'seq: [{id: long_name, type: u4}, {id: other, type: u4}]', [1, 2], { path: 'long_name', offset: 0 }],
  ['bits', 'seq: [{id: a, type: b4}, {id: b, type: b7}]', [1], { name: 'EofError', path: 'b', offset: 1 }],
  [
    'numbers',
    'seq: [{id: list, type: u2, repeat: eos}]',
    [1, 0, 2, 0, 3],
    {
      name: 'EofError',
      path: 'list[2]',
      offset: 4,
      message: 'list[2] at 0x4: requested 2 bytes, but only 1 bytes available',
    },
  ],
  [
    'in_a_case',
    'seq: [{id: k, type: u1}, {id: body, type: {switch-on: k, cases: {1: one}}}]\ntypes: {one: {seq: [{id: x, type: u4}]}}',
    [1, 2],
    { name: 'EofError', path: 'body.x', offset: 1 },
  ],
  [
    'instance',
    'seq: [{id: part, type: part}]\ntypes: {part: {instances: {v: {pos: 3, size: 4}, w: {value: v}}}}',
    [1, 2, 3, 4],
    { name: 'EofError', path: 'part.v', offset: 3 },
  ],
  [
    'text',
    'seq: [{id: a, type: str, size: 2}]\ninstances: {v: {value: a.to_i}}',
    [0x31, 0x78],
    { name: 'ConversionError', path: 'v', offset: 2, expected: 'an integer' },
  ],
  [
    'index',
    "seq: [{id: i, type: u1}, {id: list, type: u1, repeat: expr, repeat-expr: 2}, {id: b, size: 'list[i]'}]",
    [5, 1, 1, 0],
    { name: 'ExpressionError', path: 'b', offset: 3, expected: 'an index below 2' },
  ],
  [
    'absent',
    'seq: [{id: a, type: u1}, {id: b, type: u1, if: a == 1}, {id: c, size: b}]',
    [0, 1],
    { name: 'ExpressionError', path: 'c', offset: 1 },
  ],
  ['divisor', 'seq: [{id: a, type: u1}, {id: b, size: 8 / a}]', [0], { name: 'ExpressionError', path: 'b' }],
  [
    'divisor_big',
    'seq: [{id: a, type: u8}, {id: b, size: 8 % a}]',
    [0, 0, 0, 0, 0, 0, 0, 0],
    { name: 'ExpressionError' },
  ],
  [
    'packed',
    'seq: [{id: a, type: u1}, {id: b, size-eos: true, process: zlib}]',
    [1, 2, 3],
    { name: 'ZlibError', path: 'b', cause: expect.any(Error) as Error },
  ],
  [
    'custom',
    'seq: [{id: a, type: u1}, {id: b, size-eos: true, process: refusing}]',
    [1, 2, 3],
    {
      name: 'ProcessError',
      path: 'b',
      message: 'b at 0x3: no such key',
      cause: expect.objectContaining({ message: 'no such key' }) as Error,
    },
  ],
  [
    'endian',
    'seq: [{id: order, type: u1}, {id: body, type: body}]\ntypes: {body: {meta: {endian: {switch-on: _parent.order, cases: {1: le}}}, seq: [{id: x, type: u2}]}}',
    [9, 1, 2],
    { name: 'UndecidedEndianError', offset: 1 },
  ],
  [
    'constraint',
    'seq: [{id: a, type: u1}, {id: b, type: u1, valid: {min: 5}}]',
    [1, 2],
    { name: 'ValidationError', path: 'b', offset: 1, expected: 'must be at least 5' },
  ],
];

const REFUSING = `export class Refusing {
  decode(_bytes: Uint8Array): Uint8Array { throw new Error('no such key'); }
}
`;

let folder: string;
let generated: Generated;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-errors-'));
  const files = CASES.map(([id, body]) => {
    writeFileSync(join(folder, `${id}.ksy`), `meta: {id: ${id}, endian: le, encoding: UTF-8}\n${body}\n`);
    return join(folder, `${id}.ksy`);
  });
  generated = await generateClasses(files, [], [{ path: 'refusing.ts', content: REFUSING }]);
  expect(generated.problems).toEqual([]);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

/** Everything that can be asked of a structure. */
function touch(struct: AnyStruct): void {
  const part: unknown = Reflect.get(struct, 'part');
  void Reflect.get(typeof part === 'object' && part !== null ? part : struct, 'v');
}

test.each(CASES)('%s → path, offset, what was expected', (id, _body, bytes, expected) => {
  expect(() => touch(generated.top(id).fromBytes(Uint8Array.from(bytes)))).toThrow(
    expect.objectContaining(expected) as Error,
  );
});

test('an error is shown → its message and its stack name the field', () => {
  const read = (): AnyStruct => generated.top('first').fromBytes(Uint8Array.of(1));
  expect(read).toThrow(/^long_name at 0x0: requested 4 bytes/);
  try {
    read();
  } catch (error) {
    // Node makes the stack when it is first asked for, with the message of that time.
    expect((error as Error).stack?.match(/long_name at 0x0: requested/g)).toHaveLength(1);
    expect((error as Error).stack).not.toContain('long_name long_name');
  }
});

test('whoever collects violations throws an error of their own → that error, as it is', () => {
  const own = new Error('enough');
  const top = generated.top('constraint') as unknown as { fromBytes(bytes: Uint8Array, options: object): unknown };
  const onViolation = (): never => {
    throw own;
  };
  expect(() => top.fromBytes(Uint8Array.of(1, 2), { onViolation })).toThrow(own);
});
