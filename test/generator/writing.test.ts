import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../generator/src/compile.js';
import { SchemaError } from '../../generator/src/diagnostics.js';
import { encodeString } from '../../generator/support/encode.js';
import { decodeText } from '../../generator/support/encodings.js';
import { processZlib, storedZlib } from '../../generator/support/zlib.js';
import { generateClasses, type AnyStruct, type Generated } from '../support/generated-classes.js';

const file = (id: string): string => fileURLToPath(new URL(`./writing/${id}.ksy`, import.meta.url));
const IDS = ['elements', 'delimited', 'derived', 'packed', 'chosen', 'placed', 'related', 'directory', 'nibbles'];

let generated: Generated;

beforeAll(async () => {
  generated = await generateClasses(IDS.map(file), []);
  expect(generated.problems).toEqual([]);
}, 120_000);

afterAll(() => generated.remove());

/** A structure with some of its properties set. */
const make = (name: string, init: object): AnyStruct => generated.class(name).create(init);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const refusal = (struct: AnyStruct): { path: unknown; expected: unknown; actual: unknown } => {
  try {
    struct._check();
  } catch (error) {
    const { path, expected, actual } = error as { path: unknown; expected: unknown; actual: unknown };
    return { path, expected, actual };
  }
  throw new Error('nothing is refused');
};

describe('derived fields', () => {
  const item = (text: string): AnyStruct => make('Derived_Item', { index: 0, value: bytesOf(text) });
  const derived = (change: object = {}): AnyStruct =>
    make('Derived', {
      flags: 5,
      name: 'né',
      items: [item('a'), item('bcd')],
      body: make('Derived_Body', { parentFlags: 5, words: [1, 2] }),
      packed: bytesOf('x'.repeat(50)),
      ...change,
    });

  test('counts, sizes of text in bytes, of structures and of compressed bytes → found out', () => {
    const written = derived();
    const read = generated.top('derived').fromBytes(written.toBytes());
    expect(read).toMatchObject({
      numItems: 2,
      lenName: 3,
      lenBody: 5n,
      name: 'né',
      body: { parentFlags: 5, words: [1, 2] },
    });
    expect(Reflect.get(read, 'packed')).toEqual(bytesOf('x'.repeat(50)));
    expect(Reflect.get(read, 'items')).toMatchObject([{ index: 0 }, { index: 1, lenValue: 3 }]);
  });

  test('changed after reading → derived again', () => {
    const read = generated.top('derived').fromBytes(derived().toBytes());
    Reflect.set(read, 'name', 'longer');
    Reflect.set(Reflect.get(read, 'body') as object, 'words', [7]);
    expect(generated.top('derived').fromBytes(read.toBytes())).toMatchObject({
      lenName: 6,
      lenBody: 3n,
      body: { words: [7] },
    });
  });

  test('valid that refers to the parent, broken → refused with the path', () => {
    const body = make('Derived_Body', { words: [1], parentFlags: 9 });
    expect(refusal(derived({ body }))).toMatchObject({ path: 'body.parent_flags', expected: '5', actual: 9 });
  });

  test('more than the size field holds → refused', () => {
    expect(refusal(derived({ name: 'x'.repeat(256) }))).toMatchObject({ path: 'len_name', actual: 256 });
  });
});

describe('delimited fields', () => {
  const delimited = (change: object = {}): AnyStruct =>
    make('Delimited', {
      padded: bytesOf('ab'),
      ended: bytesOf('cd'),
      included: bytesOf('e;'),
      line: 'f',
      wide: 'g',
      ahead: bytesOf('h'),
      scrambled: bytesOf('12345'),
      turned: bytesOf('abcd'),
      turnedBack: make('Delimited_Name', { text: 'i' }),
      rest: bytesOf('j'),
      ...change,
    });

  test('padding, terminators and processes → written as the schema has them', () => {
    const bytes = delimited().toBytes();
    expect(hex(bytes.subarray(0, 26))).toBe(
      `${hex(bytesOf('ab      '))}${hex(bytesOf('cd\0'))}ffffffffff${hex(bytesOf('e;f\n'))}67000000${hex(bytesOf('h|'))}`,
    );
    expect(hex(bytes.subarray(26, 31))).toBe(hex(bytesOf('12345').map((byte) => byte ^ 0x5a)));
  });

  test.each([
    ['padded', bytesOf('ab '), 'bytes that do not end with the padding 32 (0x20)'],
    ['padded', bytesOf('123456789'), 'at most 8 bytes'],
    ['ended', bytesOf('a\0b'), 'bytes that are found again before terminator [00] and padding 255 (0xff)'],
    ['included', bytesOf('e'), 'bytes that end with the terminator [3b], which occurs only there'],
    ['included', bytesOf('e;;'), 'bytes that end with the terminator [3b], which occurs only there'],
    ['ahead', bytesOf('a|b'), 'bytes without the terminator [7c]'],
    ['scrambled', bytesOf('1234'), '5 bytes'],
    ['line', 'é', 'text in ASCII'],
    ['line', 'a\nb', 'bytes without the terminator [0a]'],
  ])('%s: %o → refused: must be %s', (property, value, expected) => {
    expect(refusal(delimited({ [property]: value }))).toMatchObject({ path: property, expected });
  });
});

describe('switches and conditions', () => {
  const chosen = (init: object): AnyStruct => make('Chosen', { hasNote: 0, sized: new Uint8Array(6), ...init });

  test('each case → its type', () => {
    expect(hex(chosen({ kind: 1, value: 0x01020304n }).toBytes())).toBe('010004030201000000000000');
    expect(hex(chosen({ kind: 3, value: 'hi' }).toBytes())).toBe('0300686900000000000000');
    expect(hex(chosen({ kind: 99, value: 7n }).toBytes())).toBe('630007000000000000');
  });

  test.each([
    ['value of another case', { kind: 3, value: 5n }, 'value', 'a string'],
    ['structure of another case', { kind: 4, value: new Uint8Array(2) }, 'value', 'a Chosen_Pair'],
    ['number too large for the case', { kind: 1, value: 1n << 40n }, 'value', 'an integer from 0 to 4294967295'],
    [
      'note without its condition',
      { kind: 3, value: 'a', note: 'b' },
      'note',
      'undefined, since its `if` does not hold',
    ],
    ['condition without its note', { kind: 3, value: 'a', hasNote: 1 }, 'note', 'given, since its `if` holds'],
    ['flag that `valid` forbids', { kind: 3, value: 'a', hasNote: 2, note: undefined }, 'has_note', 'one of 0, 1'],
  ])('%s → refused', (_, init, path, expected) => {
    expect(refusal(chosen(init))).toMatchObject({ path, expected });
  });

  test('a collector → broken constraints are written all the same', () => {
    const found: unknown[] = [];
    const struct = chosen({ kind: 3, value: 'a', hasNote: 2 }) as AnyStruct & { toBytes(options: object): Uint8Array };
    expect(hex(struct.toBytes({ onViolation: (violation: { path: string }) => found.push(violation.path) }))).toMatch(
      /^0302/,
    );
    expect(found).toEqual(['has_note']);
  });
});

describe('instances', () => {
  const placed = (change: object = {}): AnyStruct =>
    make('Placed', {
      ofsTable: 14,
      area: make('Placed_Area', { head: 0x2211 }),
      table: [1, 2, 3],
      name: 'ab',
      last: 9,
      ...change,
    });

  test('given → written at their places, in their streams, which grow', () => {
    expect(hex(placed({ last: undefined }).toBytes())).toBe('0e00000011226162000000000000010002000300');
  });

  test('one that says the same as a field → written', () => {
    expect(hex(placed({ peek: 14, last: 0 }).toBytes())).toBe('0e00000011226162000000000000010002000300');
  });

  test('one that contradicts a field → refused', () => {
    expect(refusal(placed({ peek: 15, last: undefined }))).toMatchObject({ path: 'peek' });
    expect(refusal(placed({ last: 9 }))).toMatchObject({ path: 'last' });
  });

  test('never asked for after reading → written as they were', () => {
    const bytes = placed({ last: undefined }).toBytes();
    expect(hex(generated.top('placed').fromBytes(bytes).toBytes())).toBe(hex(bytes));
  });

  test('text that could not be decoded, over a field → the bytes of the field', () => {
    const bytes = placed({ ofsTable: 200, last: undefined }).toBytes();
    const read = generated.top('placed').fromBytes(bytes);
    expect(Reflect.get(read, 'label')).toBe('\ufffd\0\0\0');
    expect(hex(read.toBytes())).toBe(hex(bytes));
  });

  test('text that could not be decoded, where no field is → its bytes; changed but for that → refused', () => {
    const bytes = placed({ last: undefined }).toBytes();
    bytes[6] = 0xff;
    const read = generated.top('placed').fromBytes(bytes);
    expect(hex(read.toBytes())).toBe(hex(bytes));
    Reflect.set(read, 'name', '\ufffdx');
    expect(refusal(read)).toMatchObject({
      path: 'name',
      expected: expect.stringContaining('without U+FFFD') as string,
    });
  });

  test('bits of a byte that other fields have the rest of → both are written, unless they contradict each other', () => {
    const nibbles = (init: object): AnyStruct => make('Nibbles', { head: 0xabc, ...init });
    const bytes = nibbles({ whole: 0xc5, top: 0xd, bottom: 0x6 }).toBytes();
    expect(hex(bytes)).toBe('abc5d6');
    expect(hex(nibbles({ top: 0xd }).toBytes())).toBe('abc0d0');
    expect(refusal(nibbles({ whole: 0x75 }))).toMatchObject({ path: 'whole', actual: 0x75 });
    const read = generated.top('nibbles').fromBytes(bytes);
    expect(hex(read.toBytes())).toBe('abc5d6');
    Reflect.set(read, 'bottom', 1);
    expect(hex(read.toBytes())).toBe('abc5d1');
  });

  test('150,000 that nothing has asked for → written as they were', () => {
    const count = 150_000;
    const words = Uint32Array.from({ length: 1 + count }, (_, index) =>
      index === 0 ? count : 4 + 4 * count + 2 * (index - 1),
    );
    const values = Uint16Array.from({ length: count }, (_, index) => index);
    const bytes = Buffer.concat([new Uint8Array(words.buffer), new Uint8Array(values.buffer)]);
    expect(Buffer.compare(generated.top('directory').fromBytes(bytes).toBytes(), bytes)).toBe(0);
  });

  test('taken away after reading → left out', () => {
    const read = generated.top('placed').fromBytes(placed({ last: undefined }).toBytes());
    for (const name of ['table', 'last']) Reflect.set(read, name, undefined);
    expect(hex(read.toBytes())).toBe('0e0000001122616200000000');
  });
});

describe('relations', () => {
  const row = (isLast: number, cells = 'xy'): AnyStruct =>
    make('Related_Row', { isLast, cells: bytesOf(cells), inner: make('Related_Inner', { copy: bytesOf('cc') }) });
  const related = (rows: AnyStruct[], tail = 'tail'): AnyStruct => make('Related', { rows, tail: bytesOf(tail) });

  test('_parent, _root and _io of structures that were never read → known while they are written', () => {
    expect(hex(related([row(0), row(1)]).toBytes())).toBe(`0200787963630178796363${hex(bytesOf('tail'))}`);
  });

  test.each([
    ['an element that ends the array too early', () => [row(1), row(1)], 'rows[0]'],
    ['no element that ends the array', () => [row(0)], 'rows[0]'],
    ['no element at all', () => [], 'rows.length'],
    ['a size that another structure determines', () => [row(0), row(1, 'xyz')], 'rows[1].cells'],
  ] as const)('%s → refused', (_, build, path) => {
    expect(refusal(related(build())).path).toBe(path);
  });
});

test('bits across nested types, in both orders → packed as they are read', () => {
  const half = (nibble: number): AnyStruct => make('Packed_Half', { nibble });
  const struct = make('Packed', {
    low: 5,
    wide: 1n,
    halves: [1, 2, 3, 4].map(half),
    aligned: 0xaabb,
    big: 0x7f,
    bigger: 1,
    isLast: true,
  });
  expect(hex(struct.toBytes())).toBe('0d000000000000002143bbaafe0000000180');
});

test('a file as toBytes makes it, writeTo elsewhere → the same bytes at their place, or nothing', () => {
  const struct = make('Packed_Half', { nibble: 3 }) as AnyStruct & { writeTo(bytes: Uint8Array, offset: number): void };
  const bytes = new Uint8Array(3);
  struct.writeTo(bytes, 2);
  expect(hex(bytes)).toBe('000003');
  expect(() => struct.writeTo(bytes, 3)).toThrow(RangeError);
});

describe('encodings', () => {
  test.each([
    ['UTF-8', 'aé€😀'],
    ['UTF-16LE', 'aé€😀'],
    ['UTF-16BE', 'aé€😀'],
    ['UTF-32LE', 'aé€😀'],
    ['UTF-32BE', 'aé€😀'],
    ['ISO-8859-1', 'aéÿ'],
    ['ISO-8859-16', 'aéș'],
    ['IBM437', 'aé█'],
    ['windows-1252', 'a€é'],
    ['Shift_JIS', 'aア漢'],
    ['EUC-KR', 'a한'],
    ['Big5', 'a漢'],
  ])('%s → what is encoded is decoded again', (encoding, text) => {
    expect(decodeText(encodeString(text, encoding, decodeText), encoding)).toBe(text);
  });

  test.each([
    ['ASCII', 'é'],
    ['ISO-8859-1', '€'],
    ['IBM437', '漢'],
    ['UTF-8', '\ud800'],
    ['UTF-16LE', '\udc00'],
  ])('%s without %o → refused', (encoding, text) => {
    expect(() => encodeString(text, encoding, decodeText)).toThrow(RangeError);
  });
});

test.each([0, 1, 70_000])('%d bytes stored as zlib without a compressor → inflated again', (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => index * 7);
  expect(Buffer.compare(processZlib(storedZlib(bytes)), bytes)).toBe(0);
});

test('writers required of a type that cannot be written → refused at the place that stands in the way', () => {
  const schema = 'meta:\n  id: adrift\nseq:\n  - id: a\n    size: b\ninstances:\n  b:\n    type: u1\n';
  const options = {
    files: ['adrift.ksy'],
    importer: { read: (path: string) => (path === 'adrift.ksy' ? schema : undefined), importPaths: [] },
  };
  expect(() => compile({ ...options, write: 'require' })).toThrow(SchemaError);
  expect(() => compile({ ...options, write: 'require' })).toThrow(
    /adrift\.ksy:\d+:\d+: \/instances\/b: error: cannot be written: b is read wherever/,
  );
  const output = compile(options).files.find(({ path }) => path === 'adrift.ts');
  expect(output?.content).toContain('read only: b is read wherever');
  expect(output?.content).not.toContain('_write');
});

describe('elements of arrays', () => {
  const elements = (...numbers: number[]): AnyStruct => make('Elements', { numbers });

  test('a number that does not fit → refused with its index', () => {
    expect(refusal(elements(1, 300, 3))).toMatchObject({ path: 'numbers[1]', actual: 300 });
  });

  test('a number that breaks a constraint → refused, or collected, with its index', () => {
    expect(refusal(elements(1, 2, 9))).toMatchObject({ path: 'numbers[2]', actual: 9 });
    const paths: string[] = [];
    elements(9, 2, 10).toBytes({ onViolation: ({ path }) => paths.push(path) });
    expect(paths).toEqual(['numbers[0]', 'numbers[2]']);
  });

  test('instances of numbers, and an empty one past the end → written where they were', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const read = generated.top('elements').fromBytes(bytes);
    expect(Reflect.get(read, 'kinds')).toEqual([1, 2]);
    expect(Reflect.get(read, 'lastKind')).toBe(2);
    expect(Reflect.get(read, 'nothing')).toEqual(new Uint8Array(0));
    expect(read.toBytes()).toEqual(bytes);
  });
});
