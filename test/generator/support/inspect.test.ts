/** Structures in `console.log`. */
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reflected, type Reflected } from '../../support/reflected.js';

const SCHEMA = `
meta: {id: shown, endian: le, encoding: UTF-8}
seq:
  - {id: count, type: u1}
  - {id: data, size: 20}
  - {id: absent, type: u1, if: count == 9}
  - {id: parts, type: part(count), repeat: expr, repeat-expr: count}
  - {id: fixed, type: fixed}
  - {type: u1}
instances:
  computed: {value: count * 2}
  late: {pos: 0, type: fixed}
types:
  part: {params: [{id: given, type: u1}], seq: [{id: x, type: u1}]}
  fixed: {seq: [{id: bytes, size: 4}, {id: name, type: str, size: 2}]}
`;

let shown: Reflected;
beforeAll(async () => {
  shown = await reflected({ shown: SCHEMA });
});
afterAll(() => shown.remove());

const bytesOf = (count: number): Uint8Array =>
  Uint8Array.of(count, ...new Uint8Array(20), ...new Uint8Array(count), 1, 2, 3, 4, 0x68, 0x69, 9);

test('an object → its class, its fields in order, no machinery', () => {
  expect(inspect(shown.class('Shown').fromBytes(bytesOf(2)), { breakLength: 100 })).toBe(`Shown {
  count: 2,
  data: [00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 … 20 bytes],
  parts: [ Shown_Part { x: 0, given: 2 }, Shown_Part { x: 0, given: 2 } ],
  fixed: Shown_Fixed { bytes: [01 02 03 04], name: 'hi' },
  _unnamed5: 9
}`);
});

test('an instance → shown once it has been read', () => {
  const struct = shown.class('Shown').fromBytes(bytesOf(0));
  expect(inspect(struct)).not.toContain('late');
  void Reflect.get(struct, 'late');
  expect(inspect(struct)).toContain('late: Shown_Fixed { bytes: [00 00 00 00]');
});

test('long lists, structures in structures → as Node bounds them', () => {
  const struct = shown.class('Shown').fromBytes(bytesOf(200));
  expect(inspect(struct)).toContain('... 100 more items');
  expect(inspect([[struct]])).toContain('fixed: [Shown_Fixed]');
  expect(inspect(struct, { depth: 0 })).toContain('fixed: [Shown_Fixed]');
});

test('what could not be read whole → what there is', () => {
  const { KaitaiStream } = shown.exported as { KaitaiStream: new (bytes: Uint8Array) => unknown };
  const Shown = shown.class('Shown') as unknown as new (io: unknown) => { _read(): void };
  const struct = new Shown(new KaitaiStream(Uint8Array.of(2, ...new Uint8Array(20), 5)));
  expect(() => struct._read()).toThrow('requested');
  expect(inspect(struct)).toMatch(/^Shown \{\n {2}count: 2,\n {2}data: \[00 .*\]/);
  expect(inspect(struct)).not.toContain('fixed');
});
