/** `-checksum` without a size covers all of its structure, of whatever size that is. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checksums } from '../../../../generator/support/checksums.js';
import { compile } from '../../../../generator/src/compile.js';
import { Sandbox } from '../../../../generator/src/suite/sandbox.js';
import { generateClasses, type AnyStruct, type Generated } from '../../../support/generated-classes.js';

const SCHEMA = `
meta: {id: sums, endian: le, encoding: ASCII}
seq: [{id: before, type: u1}, {id: fixed, type: fixed}, {id: loose, type: loose}, {id: after, type: u1}]
types:
  fixed: {seq: [{id: sum, type: u4, -checksum: {algo: crc32}}, {id: body, type: u4}]}
  loose: {seq: [{id: sum, type: u4, -checksum: {algo: crc32}}, {id: text, type: strz}]}
`;
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A checksum, then \`body\`: that of the whole with zeros in its own place, by the description of \`-checksum\`. */
function summed(body: Uint8Array): Uint8Array {
  const bytes = Uint8Array.of(0, 0, 0, 0, ...body);
  new DataView(bytes.buffer).setUint32(0, checksums.crc32(bytes), true);
  return bytes;
}

let folder: string;
let file: string;
let generated: Generated;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-checksum-'));
  file = join(folder, 'sums.ksy');
  writeFileSync(file, SCHEMA);
  generated = await generateClasses([file], []);
}, 120_000);

afterAll(() => {
  generated.remove();
  rmSync(folder, { recursive: true });
});

const propertyOf = (struct: unknown, name: string): AnyStruct => Reflect.get(struct as object, name) as AnyStruct;
const verifies = (struct: AnyStruct): unknown =>
  Reflect.apply(Reflect.get(struct, 'verifyChecksum') as () => unknown, struct, []);

describe.each([
  ['fixed', Uint8Array.of(1, 2, 3, 4)],
  ['loose', ascii('text\0')],
])('%s', (type, body) => {
  const other = { fixed: summed(ascii('text')), loose: summed(ascii('other\0')) };

  test.each(['alone', 'within another'])('read %s → right where it fits, wrong where a byte is another', (where) => {
    for (const isRight of [true, false]) {
      const bytes = summed(body);
      if (!isRight) bytes[4] = 0x55;
      const parts = { ...other, [type]: bytes };
      const struct =
        where === 'alone'
          ? generated.class(`Sums_${type === 'fixed' ? 'Fixed' : 'Loose'}`).fromBytes(bytes)
          : propertyOf(generated.class('Sums').fromBytes(Uint8Array.of(9, ...parts.fixed, ...parts.loose, 9)), type);
      const before = propertyOf(struct, 'sum');
      expect(verifies(struct)).toBe(isRight);
      expect(propertyOf(struct, 'sum')).toBe(before);
    }
  });
});

test('made and written → the checksum of what was written', () => {
  const made = generated.class('Sums_Loose').create({ text: 'text' });
  expect(made.toBytes()).toEqual(summed(ascii('text\0')));
  expect(verifies(made)).toBe(true);
});

test.each([{ readOnly: true }, { positions: true }, { readOnly: true, positions: true }])(
  '%j → compiles',
  (options) => {
    const sandbox = new Sandbox();
    try {
      sandbox.write(compile({ files: [file], importer: { read: () => SCHEMA }, ...options }).files);
      expect(sandbox.typeCheck().errors).toEqual([]);
    } finally {
      sandbox.remove();
    }
  },
);
