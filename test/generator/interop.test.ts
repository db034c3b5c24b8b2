/** Code written for the npm package `kaitai-struct` beside generated code: it gets streams of that package. */
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile, type OutputFile } from '../../generator/src/compile.js';
import { Sandbox } from '../../generator/src/suite/sandbox.js';

const SCHEMAS: Readonly<Record<string, string>> = {
  'outer.ksy': `
meta: { id: outer, endian: le, ks-opaque-types: true }
seq:
  - { id: nibble, type: b4 }
  - { id: outsider, type: 'outsider(_io)' }
  - { id: sized, type: 'outsider(_io)', size: 5 }
  - { id: after, type: u1 }
  - { id: body, size: 2, process: witness(_root) }
`,
  'plain.ksy': `
meta: { id: plain }
seq:
  - { id: key, type: u1 }
  - { id: body, size: 2, process: 'shift(key, [1, 2], "x")' }
`,
};

/** As a user writes them: against the package's own class, its statics and methods that only old compilers used. */
const OUTSIDERS: readonly OutputFile[] = [
  {
    path: 'outsider.ts',
    content: `
import runtime from 'kaitai-struct';
type OfficialClass = (typeof runtime)['KaitaiStream']['default'];
const KaitaiStream = runtime.KaitaiStream as unknown as OfficialClass;
type Stream = InstanceType<OfficialClass>;

export class Outsider {
  readonly isOfficial: boolean;
  readonly values: readonly unknown[];
  readonly given: Stream;

  constructor(io: Stream, _parent: unknown, _root: unknown, given: Stream) {
    this.isOfficial = io instanceof KaitaiStream && given instanceof KaitaiStream;
    this.given = given;
    const text = KaitaiStream.bytesToStr(io.readBytes(2), 'UTF-8');
    const bits = [io.readBitsInt(4), io.readBitsIntBe(4)];
    this.values = [text, ...bits, [...io.ensureFixedContents([1])], io.readBytesTerm(0, false, true, true).length, io.pos];
  }
}
`,
  },
  {
    path: 'witness.ts',
    content: `
import runtime from 'kaitai-struct';
const KaitaiStream = runtime.KaitaiStream as unknown as abstract new () => unknown;

export class Witness {
  readonly #isOfficial: boolean;

  constructor(root: { readonly _io: unknown }) {
    this.#isOfficial = root._io instanceof KaitaiStream;
  }

  decode(bytes: Uint8Array): Uint8Array {
    return Uint8Array.of(...bytes, this.#isOfficial ? 1 : 0);
  }
}
`,
  },
  {
    path: 'shift.ts',
    content: `
export class Shift {
  readonly #key: number;

  constructor(key: number, _list: Uint8Array, _text: string) {
    this.#key = key;
  }

  decode(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => byte + this.#key);
  }
}
`,
  },
];

const importer = { read: (path: string): string | undefined => SCHEMAS[path], importPaths: [] };
const outputOf = (...files: readonly string[]): readonly OutputFile[] =>
  compile({ files, importer, index: true }).files;
const mentions = (files: readonly OutputFile[], text: string): string[] =>
  files.filter(({ content }) => content.includes(text)).map(({ path }) => path);

test('schema without opaque types, process of numbers and texts → nothing needs kaitai-struct', () => {
  const files = outputOf('plain.ksy');
  expect(mentions(files, "from 'kaitai-struct")).toEqual([]);
  expect(mentions(files, 'forKaitaiStruct')).toEqual([]);
  expect(files.map(({ path }) => path)).not.toContain('kaitai/interop.ts');
});

test('opaque types → one module imports kaitai-struct, which the index does not export', () => {
  const files = outputOf('outer.ksy');
  expect(mentions(files, "from 'kaitai-struct")).toEqual(['kaitai/interop.ts']);
  expect(mentions(files, 'kaitai/interop.js')).toEqual(['outer.ts']);
});

describe('generated code beside code for kaitai-struct', () => {
  interface Read {
    readonly outsider: { readonly isOfficial: boolean; readonly values: readonly unknown[]; readonly given: unknown };
    readonly sized: { readonly isOfficial: boolean; readonly values: readonly unknown[] };
    readonly after: number;
    readonly body: Uint8Array;
    readonly _io: { readonly pos: number };
  }
  interface Reader {
    fromBytes(bytes: Uint8Array): Read;
  }
  let sandbox: Sandbox;
  let errors: readonly string[];
  beforeAll(() => {
    sandbox = new Sandbox();
    sandbox.write([...outputOf('outer.ksy', 'plain.ksy'), ...OUTSIDERS]);
    ({ errors } = sandbox.typeCheck());
  });
  afterAll(() => {
    sandbox.remove();
  });

  test('types → fit', () => {
    expect(errors).toEqual([]);
  });

  test('opaque type, process → get streams of kaitai-struct that stand where the generated code stands', async () => {
    const { Outer } = (await sandbox.load('outer.ts')) as { readonly Outer: Reader };
    // A nibble, then twice: two letters, two nibbles, 1, a text with its end; 7; two bytes.
    const bytes = Uint8Array.of(0xf0, 0x61, 0x62, 0x34, 1, 0, 0x63, 0x64, 0x56, 1, 0, 7, 8, 9);
    const { outsider, sized, after, body, _io } = Outer.fromBytes(bytes);
    expect(outsider).toMatchObject({ isOfficial: true, values: ['ab', 3, 4, [1], 0, 6] });
    expect(sized).toMatchObject({ isOfficial: true, values: ['cd', 5, 6, [1], 0, 5] });
    expect({ after, body, pos: _io.pos }).toEqual({ after: 7, body: Uint8Array.of(8, 9, 1), pos: 14 });
    expect(outsider.given).toBe(_io);
  });

  test('process of numbers → works', async () => {
    const { Plain } = (await sandbox.load('plain.ts')) as { readonly Plain: Reader };
    expect(Plain.fromBytes(Uint8Array.of(1, 2, 3)).body).toEqual(Uint8Array.of(3, 4));
  });

  test('the stream → has every method of the package’s own', async () => {
    const official = createRequire(import.meta.url)('kaitai-struct') as {
      readonly KaitaiStream: { readonly prototype: object };
    };
    const { KaitaiStream } = (await sandbox.load('kaitai/stream.ts')) as {
      readonly KaitaiStream: { readonly prototype: object };
    };
    // `readBitsInt` and `ensureFixedContents` have been used by no compiler since 2020; the others are there without it.
    const missing = Object.getOwnPropertyNames(official.KaitaiStream.prototype).filter(
      (name) => !name.startsWith('_') && !Object.hasOwn(KaitaiStream.prototype, name),
    );
    expect(missing).toEqual(['readBitsInt', 'ensureFixedContents']);
  });

  interface Stream {
    pos: number;
    readonly buffer: ArrayBuffer;
    readonly byteOffset: number;
    readonly size: number;
    readonly dataView: DataView;
  }

  test('a stream within another → the accessors of the package’s own show its bytes', async () => {
    const { KaitaiStream } = (await sandbox.load('kaitai/stream.ts')) as {
      readonly KaitaiStream: new (bytes: Uint8Array) => Stream;
    };
    const { readSubstream } = (await sandbox.load('kaitai/parts.ts')) as {
      readonly readSubstream: (io: Stream, size: number) => Stream;
    };
    const outer = new KaitaiStream(Uint8Array.from({ length: 20 }, (_, index) => index).subarray(2));
    outer.pos = 4;
    const { buffer, byteOffset, dataView, size } = readSubstream(outer, 3);
    expect(new Uint8Array(buffer, byteOffset, size)).toEqual(Uint8Array.of(6, 7, 8));
    expect([dataView.byteLength, dataView.getUint8(0)]).toEqual([3, 6]);
  });
});

describe('errors, where the output is asked for interop', () => {
  const LIMITED = `
meta: { id: limited }
seq:
  - { id: a, type: u1, valid: 1 }
  - { id: b, type: u1, valid: { min: 5 } }
  - { id: c, type: u1, valid: { max: 5 } }
  - { id: d, type: u1, valid: { any-of: [1, 2] } }
  - { id: e, type: u1, enum: k, valid: { in-enum: true } }
  - { id: f, type: u1, valid: { expr: _ == 7 } }
  - { id: g, contents: x }
  - { id: h, size: 5 }
enums: { k: { 1: one } }
`;
  const GOOD = [1, 5, 5, 2, 1, 7, 0x78];
  let sandbox: Sandbox;
  let load: (bytes: readonly number[]) => unknown;
  beforeAll(async () => {
    sandbox = new Sandbox();
    const options = { interop: true, index: true, readOnly: true };
    const { files } = compile({ files: ['limited.ksy'], importer: { read: () => LIMITED }, ...options });
    sandbox.write(files);
    expect(sandbox.typeCheck().errors).toEqual([]);
    const { Limited } = (await sandbox.load('index.ts')) as { Limited: { fromBytes(bytes: Uint8Array): unknown } };
    load = (bytes) => {
      try {
        return Limited.fromBytes(Uint8Array.from(bytes));
      } catch (error) {
        return error;
      }
    };
  });
  afterAll(() => sandbox.remove());

  const NAMES = [
    'EOFError',
    'UndecidedEndiannessError',
    'UnexpectedDataError',
    'ValidationNotEqualError',
    'ValidationLessThanError',
    'ValidationGreaterThanError',
    'ValidationNotAnyOfError',
    'ValidationNotInEnumError',
    'ValidationExprError',
  ];
  type ErrorClass = new (needed: number, there: number) => Error;
  class Unknown extends Error {
    constructor() {
      super('no such class in this version');
    }
  }
  const official = Object(createRequire(import.meta.url)('kaitai-struct')).KaitaiStream as Record<string, ErrorClass>;
  const classOf = (name: string): ErrorClass => official[name] ?? Unknown;
  const classesOf = (error: unknown): string[] => NAMES.filter((name) => error instanceof classOf(name));

  test.each([
    ['ValidationNotEqualError', [2]],
    ['ValidationLessThanError', [1, 4]],
    ['ValidationGreaterThanError', [1, 5, 6]],
    ['ValidationNotAnyOfError', [1, 5, 5, 3]],
    ['ValidationNotInEnumError', [1, 5, 5, 2, 3]],
    ['ValidationExprError', [1, 5, 5, 2, 1, 8]],
    ['ValidationNotEqualError', [1, 5, 5, 2, 1, 7, 0]],
    ['EOFError', GOOD],
  ])('%s of kaitai-struct → the class of what is thrown for %j, and no other is', (name, bytes) => {
    const error = load(bytes);
    expect(error).toBeInstanceOf(Error);
    expect(classesOf(error)).toEqual([name]);
  });

  test('errors of the package, classes derived from them → as before', () => {
    class Own extends classOf('EOFError') {}
    expect(classesOf(new (classOf('EOFError'))(2, 1))).toEqual(['EOFError']);
    expect(load(GOOD)).not.toBeInstanceOf(Own);
    expect(new Own(2, 1)).toBeInstanceOf(classOf('EOFError'));
  });
});
