/** `ksy-ts dump`: any format's files as a tree. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../../generator/dist/cli.js', import.meta.url));

const SCHEMAS: Readonly<Record<string, string>> = {
  box: `meta: {id: box, endian: le, encoding: UTF-8}
params: [{id: base, type: u8}, {id: kind, type: u1, enum: kind}]
doc: A box
seq:
  - {id: magic, contents: BX}
  - {id: kinds, type: u1, enum: kind, repeat: expr, repeat-expr: 2}
  - {id: high, type: b3}
  - {id: wide, type: b7}
  - {id: low, type: b6}
  - {id: len, type: u1, valid: {max: 40}, doc: bytes}
  - {id: packed, size: len, process: zlib, type: inner}
  - {id: extra, type: u1, if: base == 7}
instances:
  sum: {value: base + 1}
  again: {value: packed}
  ahead: {pos: 2, size: 2}
types:
  inner:
    seq: [{id: name, type: strz}, {id: rest, size-eos: true}]
    instances: {bad: {pos: 1000, type: u1}}
enums: {kind: {1: one, 2: two}}
`,
  nodes: `meta: {id: nodes}
seq: [{id: a, type: node}]
types:
  node:
    seq: [{id: ofs, type: u1}, {id: other, type: u1}]
    instances:
      left: {pos: ofs, type: node}
      right: {pos: other, type: node}
`,
  list: 'meta: {id: list}\nseq: [{id: v, type: row, repeat: eos}]\ntypes: {row: {seq: [{id: x, type: u2be}]}}\n',
  own: 'meta: {id: own}\nseq: [{id: v, size-eos: true, process: my_cipher(1)}]\n',
};

let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-dump-'));
  for (const [id, text] of Object.entries(SCHEMAS)) writeFileSync(file(`${id}.ksy`), text);
  const packed = deflateSync(Buffer.from('n\u001b[31m\0\u0001\u0002'));
  writeFileSync(
    file('box.bin'),
    Buffer.concat([Buffer.from('BX\u0001\u0005'), Buffer.of(0xab, 0xcd, packed.length), packed, Buffer.of(9)]),
  );
  writeFileSync(file('ring.bin'), Buffer.of(0, 2, 0, 2));
  writeFileSync(file('list.bin'), Buffer.alloc(301));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly errors: string;
}

function dump(schema: string, input: string, ...rest: string[]): Outcome {
  const args = [COMMAND, 'dump', file(`${schema}.ksy`), file(input), ...rest];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, lines: stdout.split('\n').filter((line) => line !== ''), errors: stderr };
}

interface Node {
  readonly path: string;
  readonly offset?: number;
  readonly length?: number;
  readonly value?: unknown;
  readonly name?: string;
}

const nodesOf = (schema: string, input: string, ...rest: string[]): Node[] =>
  JSON.parse(dump(schema, input, ...rest, '--json').lines.join('\n')) as Node[];

const SET = ['--set', 'base=0xffffffffffffffff', '--set', 'kind=two'];

describe('a file that is right', () => {
  test('every field, list, structure and value → with its place in the file', () => {
    const { status, lines, errors } = dump('box', 'box.bin', ...SET);
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    const shown = lines.map((line) => line.replace(/^ +(?=0x|~)/, ''));
    expect(shown.slice(0, 9)).toEqual([
      '0x00000000  magic = [42 58]',
      '0x00000002  kinds: 2 × u1',
      '0x00000002    [0] = one (1)',
      '0x00000003    [1] = 5',
      '0x00000004  high = 5',
      '0x00000004  wide = 47 (0x2f)',
      '0x00000005  low = 13 (0xd)',
      '0x00000006  len = 17 (0x11)',
      '0x00000007  packed: box::inner',
    ]);
    expect(shown[9]).toBe('~0x00000007    name = "n\\u001b[31m"');
    expect(lines.join('\n')).toContain('sum = 18446744073709551616');
    expect(lines.join('\n')).toContain('again: box::inner, see packed');
    expect(lines.join('\n')).not.toContain('\u001b');
  });

  test('--json → offsets, lengths, values without loss', () => {
    const nodes = nodesOf('box', 'box.bin', ...SET);
    const node = (path: string): Node | undefined => nodes.find((each) => each.path === path);
    expect(node('sum')).toMatchObject({ value: '18446744073709551616' });
    expect(node('wide')).toMatchObject({ offset: 4, length: 2, value: 0x2f });
    expect(node('kinds[0]')).toMatchObject({ offset: 2, length: 1, value: 1, name: 'one' });
    expect(node('packed.rest')).toMatchObject({ value: '0102', processed: true });
    expect(node('ahead')).toMatchObject({ offset: 2, length: 2, value: '0105' });
    expect(node('len')).toMatchObject({ doc: 'bytes' });
    expect(node('packed.bad')).toMatchObject({ error: { kind: 'EofError', expected: '1 bytes' } });
    expect(node('extra')).toBeUndefined();
  });

  test('a path → that part; --hex → its bytes', () => {
    expect(nodesOf('box', 'box.bin', 'kinds[1]', ...SET).map(({ path }) => path)).toEqual(['kinds[1]']);
    expect(nodesOf('box', 'box.bin', 'packed.name', ...SET).map(({ path }) => path)).toEqual(['packed.name']);
    expect(nodesOf('list', 'list.bin', 'v[5..6].x').map(({ path }) => path)).toEqual(['v[5].x', 'v[6].x']);
    const [magic] = dump('box', 'box.bin', 'magic', '--hex', ...SET).lines;
    expect(magic).toMatch(/^0000000000 {2}42 58 {44}BX {16}magic: 2 bytes$/);
  });
});

describe('a file that is not', () => {
  test('a broken constraint, an end that is too early → marked where they are', () => {
    const bytes = Buffer.concat([Buffer.from('BY\u0001\u0002'), Buffer.of(0, 0, 41, 1)]);
    writeFileSync(file('broken.bin'), bytes);
    const { status, lines } = dump('box', 'broken.bin', ...SET);
    expect(status).toBe(0);
    const marks = lines.filter((line) => line.includes('!')).map((line) => line.trim());
    expect(marks).toEqual([
      '! error: magic at 0x0: must be [42 58], found [42 59]',
      '! error: len at 0x6: must be at most 40 (0x28), found 41 (0x29)',
      '! error: packed at 0x7: requested 41 bytes, but only 1 bytes available',
    ]);
  });

  test('an element that is cut off → its list, and the element with what is wrong', () => {
    const { lines } = dump('list', 'list.bin', 'v[150]');
    expect(lines.at(-1)).toContain('v[150].x at 0x12c: requested 2 bytes, but only 1 bytes available');
  });

  test('structures that lead to each other → each once', () => {
    const { status, lines } = dump('nodes', 'ring.bin');
    expect(status).toBe(0);
    expect(lines.length).toBeLessThan(30);
    expect(lines.some((line) => line.endsWith('see a.left'))).toBe(true);
  });

  test('a long list → its beginning and what is left; all of it on request', () => {
    expect(dump('list', 'list.bin').lines.find((line) => line.includes('more'))).toMatch(/… 51 more: ask/);
    expect(dump('list', 'list.bin', '--all').lines.some((line) => line.includes('more:'))).toBe(false);
  });

  test('a class of the user’s own → an error at the field', () => {
    expect(dump('own', 'box.bin').lines.join('\n')).toMatch(/! error: .*MyCipher is a class of your own/);
  });
});

describe('the command line', () => {
  test.each([
    [['box', 'box.bin', ...SET, '--set', 'other=1'], "no parameter 'other': there are base, kind"],
    [['box', 'box.bin', '--set', 'base=1'], "the parameter 'kind' has no value"],
    [['box', 'box.bin', '--set', 'base=x', '--set', 'kind=one'], "'x' is no integer"],
    [['box', 'box.bin', 'kinds[', ...SET], 'is no part of a path'],
    [['box', 'box.bin', 'nothing', ...SET], 'there is no nothing'],
    [['box', 'missing.bin', ...SET], 'missing.bin: no such file'],
    [['list', 'list.bin', '--limit', 'size=1'], 'there are depth, items'],
  ] as const)('%j → exit 1 and the reason', (args, reason) => {
    const [schema, input, ...rest] = args;
    const { status, errors } = dump(schema, input, ...rest);
    expect(status).toBe(1);
    expect(errors).toContain(reason);
  });

  test('--limit → reading ends there', () => {
    expect(dump('list', 'list.bin', '--limit', 'items=3').lines.at(-1)).toContain('limits.items');
  });
});
