/** What a schema file becomes. */
import { expect, test } from 'vitest';
import { compile } from '../../../generator/src/compile.js';

test('values of enums → in hexadecimal where the schema has them so', () => {
  const text =
    'meta: {id: e}\nseq: [{id: a, type: u1}]\nenums: {e: {0x1b: a, 70000: b, 0xFFFFFFFF: c, -0x2: d, 5: e}}\n';
  const { files } = compile({ files: ['e.ksy'], importer: { read: () => text } });
  const code = files.find(({ path }) => path === 'e.ts')?.content ?? '';
  expect(code.match(/^ {2}[A-E]: .*$/gm)?.map((line) => line.trim())).toEqual([
    'A: 0x1b,',
    'B: 70000,',
    'C: 0xffffffff,',
    'D: -0x2,',
    'E: 5,',
  ]);
});
