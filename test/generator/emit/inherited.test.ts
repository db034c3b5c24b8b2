/** What generated classes have from their base class, typed as if it were their own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../../generator/src/compile.js';
import { Sandbox } from '../../../generator/src/suite/sandbox.js';

const SCHEMA = `
meta: {id: inherited, endian: le}
params: [{id: len_body, type: u1}, {id: note, type: str}]
seq:
  - {id: head, type: nibble}
  - {id: flags, type: flags}
  - {id: rest, type: nibble}
  - {id: len_body_read, type: u1, valid: 2}
  - {id: body, size: len_body}
  - {id: point, type: point}
types:
  nibble: {seq: [{id: value, type: b4}]}
  flags: {seq: [{id: is_first, type: b1}, {id: middle, type: b5}, {id: is_last, type: b2}]}
  point: {seq: [{id: x, type: u1}, {id: len__y, type: u1}]}
`;

/** Checked by the compiler: what must be refused is marked. */
const USES = `
import { Inherited, Inherited_Flags, Inherited_Point } from './inherited.js';
import { propertyOf } from './kaitai/names.js';
import type { KaitaiStruct, StructClass } from './kaitai/struct.js';
import { KaitaiStream } from './kaitai/stream.js';

const bytes = Uint8Array.of(0xa8, 0xb5, 2, 7, 8, 3, 4);
const violations: unknown[] = [];
const onViolation = (violation: unknown): void => void violations.push(violation);

export function withParameters(): unknown {
  const whole: Inherited = Inherited.fromBytes(bytes, 2, 'note');
  const collected: Inherited = Inherited.fromBytes(Uint8Array.of(0xa8, 0xb5, 9, 7, 8, 3, 4), 2, 'note', { onViolation });
  const read: Inherited = Inherited.read(new KaitaiStream(bytes), 1, 'short');
  return [whole.body, whole.note, collected.lenBodyRead, violations.length, read.body, read.note];
}

export function without(): unknown {
  // @ts-expect-error a parameter is missing
  const missing = (): Inherited => Inherited.fromBytes(bytes, 2);
  // @ts-expect-error a parameter is of another type
  const other = (): Inherited => Inherited.fromBytes(bytes, '2', 'note');
  // @ts-expect-error one is given where the type has none
  const extra = (): Inherited_Point => Inherited_Point.fromBytes(bytes, 2);
  // @ts-expect-error a field is missing
  const part = (): Inherited_Point => Inherited_Point.create({ x: 1 });
  return [missing, other, extra, part].length;
}

class OwnPoint extends Inherited_Point {
  get sum(): number {
    return this.x + this.lenY;
  }
}
class Own extends Inherited {}

export function extended(): unknown {
  const point: OwnPoint = OwnPoint.fromBytes(Uint8Array.of(1, 2));
  const made: OwnPoint = OwnPoint.create({ x: 3, lenY: 4 });
  const own: Own = Own.fromBytes(bytes, 2, 'note');
  return [point.sum, made.sum, point instanceof OwnPoint, own instanceof Own, own.body, own.note];
}

function load<T extends KaitaiStruct>(type: StructClass<T>): T {
  return type.fromBytes(Uint8Array.of(5, 6));
}

export function passed(): unknown {
  const point: Inherited_Point = load(Inherited_Point);
  return [point.x, load(Inherited_Flags).middle, Inherited_Point.SIZE];
}

export function created(): unknown {
  const flags = { isFirst: true, middle: 2, isLast: 1 };
  const given = { lenBody: 1, note: 'n', head: { value: 1 }, flags, rest: { value: 2 }, lenBodyRead: 2, body: Uint8Array.of(9), point: { x: 1, lenY: 2 } };
  const made: Inherited = Inherited.create(given);
  return [made.note, made.lenBody, made.head.value, made.body, made.point.x];
}

export function properties(): unknown {
  return Inherited_Point.LAYOUT.map(propertyOf);
}

/** Types of bit fields alone, within a byte. */
export function withinByte(): unknown {
  const { head, flags, rest } = Inherited.fromBytes(bytes, 2, '');
  return [head.value, flags.isFirst, flags.middle, flags.isLast, rest.value];
}

export function cutWithinByte(): unknown {
  try {
    return Inherited.fromBytes(Uint8Array.of(0xa8), 2, '');
  } catch (error) {
    const { path, offset } = error as { readonly path: string; readonly offset: number };
    return [(error as Error).name, path, offset];
  }
}
`;

const sandbox = new Sandbox();
let uses: Readonly<Record<string, () => unknown>>;

beforeAll(async () => {
  const { files } = compile({ files: ['inherited.ksy'], importer: { read: () => SCHEMA } });
  sandbox.write([...files, { path: 'uses.ts', content: USES }]);
  expect(sandbox.typeCheck().errors).toEqual([]);
  uses = (await sandbox.load('uses.ts')) as typeof uses;
}, 120_000);

afterAll(() => {
  sandbox.remove();
});

test.each([
  [
    'a type with parameters → they stand between the bytes and the options',
    'withParameters',
    [Uint8Array.of(7, 8), 'note', 9, 1, Uint8Array.of(7), 'short'],
  ],
  ['wrong arguments → refused by the compiler', 'without', 4],
  [
    'a class that extends a generated one → its own objects',
    'extended',
    [3, 7, true, true, Uint8Array.of(7, 8), 'note'],
  ],
  ['a class as an argument → its objects', 'passed', [5, 1, 2]],
  ['create of a type with parameters → they are given with the fields', 'created', ['n', 1, 1, Uint8Array.of(9), 1]],
  ['properties of a layout → those of the class', 'properties', ['x', 'lenY']],
  ['bit fields of a type that begins within a byte → the bits that follow', 'withinByte', [10, true, 2, 3, 5]],
  ['a stream that ends within them → the field it ends in', 'cutWithinByte', ['EofError', 'flags.middle', 1]],
] as const)('%s', (_, name, expected) => {
  expect(uses[name]?.()).toEqual(expected);
});
