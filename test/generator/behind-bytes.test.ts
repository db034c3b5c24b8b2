/** What is evaluated once the bytes of a field are read sees the stream behind them, and so it is when they are written. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileOfficial, readOfficial, type OfficialClass } from '../support/official.js';
import { generateTexts, type SchemaTexts } from '../support/schema-texts.js';
import { Comparison } from '../support/tree-comparison.js';

class AddKey {
  readonly #key: number;

  constructor(key: number) {
    this.#key = key;
  }

  decode(bytes: Uint8Array): Uint8Array {
    return bytes.map((byte) => byte + this.#key);
  }
}
const ROUTINE = {
  path: 'add_key.ts',
  content: `export class AddKey {
  readonly #key: number;
  constructor(key: number) { this.#key = key; }
  decode(bytes: Uint8Array): Uint8Array { return bytes.map((byte) => byte + this.#key); }
  encode(bytes: Uint8Array): Uint8Array { return bytes.map((byte) => byte - this.#key); }
}
`,
};

const texts = {
  custom:
    'meta: {id: custom}\nseq: [{id: first, type: u1}, {id: part, size: 3, process: add_key(_io.pos)}, {id: z, type: u1}]',
  many: 'meta: {id: many}\nseq: [{id: parts, size: _index + 1, process: add_key(_io.pos), repeat: expr, repeat-expr: 3}]',
  through:
    'meta: {id: through}\nseq: [{id: n, type: u1}, {id: part, size: n, process: add_key(key)}]\ninstances: {key: {value: _io.pos + 1}}',
  rest: 'meta: {id: rest}\nseq: [{id: first, type: u1}, {id: part, size-eos: true, process: xor(_io.pos)}]',
  turned: 'meta: {id: turned}\nseq: [{id: part, size: 5, process: rol(_io.pos)}, {id: z, type: u1}]',
  placed:
    'meta: {id: placed}\nseq: [{id: head, size: 2}]\ninstances: {part: {pos: 2, size: 2, process: add_key(_io.pos)}}',
  sized:
    'meta: {id: sized}\nseq: [{id: part, size: 3, type: sub(_io.pos), process: xor(_io.pos)}, {id: next, type: sub(_io.pos)}]\ntypes: {sub: {params: [{id: at, type: u4}], seq: [{id: v, size: 3}], instances: {w: {value: at}}}}',
  open: 'meta: {id: open}\nseq: [{id: part, terminator: 0, process: add_key(_io.pos)}]',
} as const;

/** How many bytes each of them describes. */
const LENGTHS = { custom: 5, many: 6, through: 3, rest: 6, turned: 6, placed: 4, sized: 6 } as const;
const bytes = Uint8Array.of(2, 10, 20, 30, 40, 50);

describe('behind the bytes', () => {
  let generated: SchemaTexts;
  beforeAll(async () => {
    generated = await generateTexts(texts, [ROUTINE]);
    expect(generated.problems).toEqual([]);
  });
  afterAll(() => {
    generated.remove();
  });
  const official = (name: string): Promise<OfficialClass> =>
    compileOfficial(generated.file(name), { classes: { AddKey } });

  test('a routine that is given the position → the one behind its bytes', () => {
    const { part } = generated.top('custom').fromBytes(bytes) as unknown as { part: Uint8Array };
    expect(Array.from(part)).toEqual([14, 24, 34]);
  });

  test.each(['custom', 'many', 'through', 'rest', 'turned', 'placed', 'sized'] as const)(
    '%s → read as by the official JavaScript, and written as it was',
    async (name) => {
      const input = bytes.subarray(0, LENGTHS[name]);
      const value = generated.top(name).fromBytes(input);
      const comparison = new Comparison();
      comparison.compare(value, readOfficial(await official(name), input), name);
      expect(comparison.differences).toEqual([]);
      expect(Array.from(value.toBytes())).toEqual(Array.from(input));
    },
  );

  test('bytes that end at a terminator → only read: where they end is known when they are made', () => {
    const value = generated.top('open').fromBytes(Uint8Array.of(1, 0));
    expect(value).toMatchObject({ part: Uint8Array.of(3) });
    expect('toBytes' in value).toBe(false);
  });
});
