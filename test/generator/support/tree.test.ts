/** Structures as a tree: what is in a file, and where. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SchemaNode, TreeOptions } from '../../../generator/support/tree.js';
import { reflected, type Reflected } from '../../support/reflected.js';

const SCHEMA = `
meta: {id: box, endian: be, encoding: UTF-8}
seq:
  - {id: magic, contents: BX}
  - {id: count, type: u1}
  - {id: high, type: b3}
  - {id: low, type: b5}
  - {id: nums, type: u2, repeat: expr, repeat-expr: count}
  - {id: parts, type: part, repeat: expr, repeat-expr: count}
  - {id: inner, type: part, size: 4}
  - {id: text, type: str, size: 3}
  - {id: kind, type: u1, enum: kind}
  - {id: open, type: strz}
  - {id: behind, type: u1}
instances:
  sum: {value: count + 1}
  again: {value: inner}
  loop: {pos: 0, type: box, size-eos: true}
  wrong: {pos: 1000, type: u1}
enums: {kind: {7: seven}}
types:
  part: {seq: [{id: x, type: u1}, {id: data, size: x}]}
`;
const BYTES = Uint8Array.from(
  Buffer.from('4258 02a3 00010002 0109020807 01050000 616263 07 7a00 ff'.replaceAll(' ', ''), 'hex'),
);

let plain: Reflected;
let recorded: Reflected;
beforeAll(async () => {
  plain = await reflected({ box: SCHEMA });
  recorded = await reflected({ box: SCHEMA }, { positions: true, readOnly: true });
});
afterAll(() => {
  plain.remove();
  recorded.remove();
});

function nodesOf(output: Reflected, options?: TreeOptions, bytes: Uint8Array = BYTES): SchemaNode[] {
  const schemaTree = output.exported['schemaTree'] as (...args: readonly unknown[]) => Iterable<SchemaNode>;
  return [...schemaTree(output.schema('BoxSchema'), output.class('Box').fromBytes(bytes), options)];
}

const places = (nodes: readonly SchemaNode[]): string[] =>
  nodes.map(({ path, offset, length }) => `${path} ${offset ?? '?'}+${length ?? '?'}`);

describe('places', () => {
  const KNOWN =
    'magic 0+2, count 2+1, high 3+1, low 3+1, nums 4+4, nums[0] 4+2, nums[1] 6+2, ' +
    'parts 8+5, parts[0] 8+2, parts[0].x 8+1, parts[0].data 9+1, parts[1] 10+3, parts[1].x 10+1, parts[1].data 11+2, ' +
    'inner 13+4, inner.x 13+1, inner.data 14+1, text 17+3, kind 20+1';

  test('no positions → what the layout and the sizes of values tell', () => {
    const nodes = nodesOf(plain, { instances: false });
    expect(places(nodes).join(', ')).toBe(`${KNOWN}, open 21+?, behind ?+?`);
  });

  test('positions → every field', () => {
    const nodes = nodesOf(recorded, { instances: false });
    expect(places(nodes).join(', ')).toBe(`${KNOWN}, open 21+2, behind 23+1`);
  });

  test('every place → its bytes', () => {
    for (const node of nodesOf(recorded, { instances: false })) {
      const { offset = 0, length = 0 } = node;
      expect(Buffer.compare(node.bytes ?? new Uint8Array(0), BYTES.subarray(offset, offset + length)), node.path).toBe(
        0,
      );
    }
  });
});

describe('nodes', () => {
  const node = (path: string, output = recorded): SchemaNode | undefined =>
    nodesOf(output).find((each) => each.path === path);

  test('values, enums, structures, what the schema says', () => {
    expect(node('kind')).toMatchObject({ kind: 'field', type: 'u1', value: 7, enumName: 'seven', depth: 0 });
    expect(node('parts')).toMatchObject({ kind: 'list', type: 'part[]', count: 2 });
    expect(node('parts[1]')).toMatchObject({ kind: 'structure', type: 'box::part', label: '[1]', depth: 1 });
    expect(node('parts[1].x')).toMatchObject({ value: 2, depth: 2, field: { id: 'x', offset: 0, size: 1 } });
  });

  test('instances → computed values, what leads elsewhere or in a circle once, what cannot be read with the reason', () => {
    expect(node('sum')).toMatchObject({ kind: 'value', value: 3 });
    expect(node('again')).toMatchObject({ kind: 'structure', sameAs: 'inner' });
    expect(node('loop.loop')).toMatchObject({ sameAs: 'loop' });
    expect(node('wrong')).toMatchObject({ fault: { kind: 'EofError', path: 'wrong' } });
  });

  test('instances without positions → shown, and nothing in them that may lead in a circle', () => {
    expect(node('loop', plain)).toMatchObject({ kind: 'structure' });
    expect(nodesOf(plain).filter(({ path }) => path.startsWith('loop.'))).toEqual([]);
  });

  test('a part → that alone; a list is cut where it is to be', () => {
    const options = { instances: false, select: 'parts[1].data' };
    expect(places(nodesOf(plain, options))).toEqual(['parts[1].data 11+2']);
    expect(places(nodesOf(recorded, { select: 'nums[1..5]' }))).toEqual(['nums[1] 6+2']);
    const cut = nodesOf(plain, { select: 'parts', mostItems: () => 1 }).at(-1);
    expect(cut).toMatchObject({ kind: 'more', path: 'parts[1..1]', count: 1, offset: 10, length: 3 });
  });
});
