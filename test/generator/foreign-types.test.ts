/** Types of another schema: nothing is around them, in reading as in writing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Violation } from '../../generated/kaitai/constraints.js';
import type { KaitaiStruct } from '../../generated/kaitai/struct.js';
import { compileOfficial, readOfficial } from '../support/official.js';
import { generateTexts, type SchemaTexts } from '../support/schema-texts.js';

const OWNER = `
meta: {id: owner}
seq: [{id: len, type: u1}, {id: body, type: part}]
types:
  part:
    seq: [{id: data, size: 2}, {id: mark, type: u1, valid: 1}, {id: leaf, type: leaf}]
    instances:
      root_len: {value: _root.len}
      double_len: {value: _root.len * 2}
      parent_len: {value: _parent.len}
  plain:
    seq: [{id: n, type: u1}]
    instances: {root_len: {value: _root.len}}
  leaf:
    seq: [{id: v, type: u1}]
    instances: {mark: {value: _parent.mark}, root_len: {value: _root.len}}
`;
const USER = `
meta: {id: user, imports: [owner]}
seq:
  - {id: len, type: u1}
  - {id: parts, type: 'owner::part', repeat: expr, repeat-expr: 2}
  - {id: kept, type: 'owner::plain'}
  - {id: whole, type: owner}
  - {id: own, type: sub}
types:
  sub:
    seq: [{id: part, type: 'owner::part', parent: _root}]
    instances: {around: {value: _root.len + _parent.len}}
`;
const part = [9, 8, 1, 7];
const BYTES = Uint8Array.of(3, ...part, ...part, 5, 6, ...part, ...part);

interface Part extends KaitaiStruct {
  readonly rootLen: number;
  readonly doubleLen: number;
  readonly parentLen: number;
  readonly leaf: KaitaiStruct & { readonly mark: number; readonly rootLen: number };
  mark: number;
}
interface User extends KaitaiStruct {
  readonly parts: Part[];
  readonly kept: Part;
  readonly whole: KaitaiStruct & { readonly body: Part };
  readonly own: { readonly part: Part; readonly around: number };
  toBytes(): Uint8Array;
}

describe('types of another schema', () => {
  let generated: SchemaTexts;
  const read = (bytes = BYTES): User => generated.top('user').fromBytes(bytes) as unknown as User;

  beforeAll(async () => {
    generated = await generateTexts({ owner: OWNER, user: USER });
    expect(generated.problems).toEqual([]);
  });
  afterAll(() => {
    generated.remove();
  });

  test('read → no parent and, but for a top type, no root, as in the official JavaScript', async () => {
    const user = read();
    const official = readOfficial(await compileOfficial(generated.file('user')), BYTES) as unknown as User;
    const around = (of: User): (KaitaiStruct | null | undefined)[] => {
      const all = [...of.parts, of.kept, of.whole, of.own.part];
      return all.flatMap(({ _parent, _root }) => [_parent ?? undefined, _root ?? undefined]);
    };
    const nothing = [undefined, undefined];
    expect(around(user)).toEqual([...nothing, ...nothing, ...nothing, undefined, user.whole, ...nothing]);
    expect(around(official)).toEqual([...nothing, ...nothing, ...nothing, undefined, official.whole, ...nothing]);
  });

  test('an expression that uses the root or the parent → an error that says so, never a wrong value', () => {
    const user = read();
    const message = (name: string, type: string): RegExp =>
      new RegExp(`an expression uses ${name} of ${type}, which has none`);
    for (const struct of [...user.parts, user.own.part]) {
      expect(() => struct.rootLen).toThrow(message('_root', 'Owner_Part'));
      expect(() => struct.doubleLen).toThrow(message('_root', 'Owner_Part'));
      expect(() => struct.parentLen).toThrow(message('_parent', 'Owner_Part'));
      expect(struct.leaf.mark).toBe(1);
      expect(() => struct.leaf.rootLen).toThrow(message('_root', 'Owner_Leaf'));
    }
    expect(() => user.kept.rootLen).toThrow(message('_root', 'Owner_Plain'));
    expect([user.whole.body.rootLen, user.whole.body.parentLen, user.own.around]).toEqual([6, 6, 6]);
  });

  test('a nested type that is read on its own → has no root', () => {
    const alone = generated.class('Owner_Part').fromBytes(Uint8Array.from(part)) as unknown as Part;
    expect(alone._root).toBeUndefined();
    expect(() => alone.rootLen).toThrow('an expression uses _root');
  });

  test('broken constraints → paths lead through whoever holds the structure', () => {
    const broken = BYTES.slice();
    for (const at of [3, 7, 13, 17]) broken[at] = 2;
    const violations: Violation[] = [];
    const type = generated.top('user') as unknown as { fromBytes(bytes: Uint8Array, options: object): User };
    type.fromBytes(broken, { onViolation: (violation: Violation) => violations.push(violation) });
    expect(violations.map(({ path }) => path)).toEqual([
      'parts[0].mark',
      'parts[1].mark',
      'whole.body.mark',
      'own.part.mark',
    ]);
  });

  test('written → the same bytes, the same surroundings, and paths in errors', () => {
    const user = read();
    expect(user.toBytes()).toEqual(BYTES);
    expect([user.parts[0]?._parent, user.parts[0]?._root, user.whole._parent, user.whole._root]).toEqual([
      undefined,
      undefined,
      undefined,
      user.whole,
    ]);
    const [, second] = user.parts;
    if (second !== undefined) second.mark = 2;
    expect(() => user.toBytes()).toThrow(/parts\[1\]\.mark/);
  });
});
