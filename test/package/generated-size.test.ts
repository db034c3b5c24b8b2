/** What generated code adds to a bundle: only what is used of it, whichever bundler it is. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../generator/src/compile.js';
import { BUNDLERS } from './bundlers.js';

const SCHEMA = `
meta: {id: sample, endian: be}
seq:
  - {id: kind, type: u1, enum: kind}
  - {id: len_items, type: u4}
  - {id: items, type: item, repeat: expr, repeat-expr: len_items}
types:
  item: {seq: [{id: number, type: u4}, {id: len_text, type: u2}, {id: text, type: str, size: len_text, encoding: UTF-8}]}
  pair: {seq: [{id: first, type: u4}, {id: second, type: u4}]}
enums:
  kind: {${Array.from({ length: 12 }, (_, value) => `${value}: kind_${value}`).join(', ')}}
`;
/** A format of five types. */
const GIF = readFileSync(new URL('../generator/roundtrip/gif_file.ksy', import.meta.url), 'utf8');
const SCHEMAS: Readonly<Record<string, string>> = { 'sample.ksy': SCHEMA, 'gif_file.ksy': GIF };
const PROGRAMS = {
  enum: `import { Sample_Kind } from './FOLDER/sample.js'; console.log(Sample_Kind.KIND_7);`,
  reader: `import { Sample } from './FOLDER/sample.js'; console.log(Sample.fromBytes(new Uint8Array(5)));`,
  gif: `import { GifFile } from './FOLDER/gif_file.js'; console.log(GifFile.fromBytes(new Uint8Array(5)));`,
};
const PATIENCE_MS = 120_000;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-size-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const mode of ['whole', 'readers']) {
    const { files } = compile({
      files: Object.keys(SCHEMAS),
      importer: { read: (path) => SCHEMAS[path] },
      readOnly: mode === 'readers',
    });
    for (const { path, content } of files) {
      const target = join(folder, mode, path.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, (await transform(content, { loader: 'ts', target: 'es2022' })).code);
    }
    for (const [name, text] of Object.entries(PROGRAMS))
      writeFileSync(join(folder, `${mode}-${name}.js`), text.replace('FOLDER', mode));
  }
}, PATIENCE_MS);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The bundle of a program, minified. */
async function bundled(bundler: string, program: string): Promise<string> {
  const target = join(folder, 'out', bundler, program);
  await BUNDLERS[bundler]?.(folder, `${program}.js`, target);
  return (await transform(readFileSync(join(target, 'main.js'), 'utf8'), { minify: true, format: 'esm' })).code;
}

describe.each(['esbuild', 'Rollup', 'rolldown'])('%s', (bundler) => {
  test.each(['whole', 'readers'])(
    'an enum of %s → at most 500 bytes, no class',
    async (mode) => {
      const code = await bundled(bundler, `${mode}-enum`);
      expect(code.length).toBeLessThanOrEqual(500);
      expect(code).not.toMatch(/\bclass\b/);
    },
    PATIENCE_MS,
  );

  test(
    'a reader without writers → at most half of the whole, no writer, no type that is not used',
    async () => {
      const readers = await bundled(bundler, 'readers-reader');
      const whole = await bundled(bundler, 'whole-reader');
      expect(readers.length).toBeLessThanOrEqual(whole.length / 2);
      expect(readers).not.toMatch(/toBytes|writeTo|writeU4be|"second"/);
      expect(whole).not.toMatch(/"second"/);
    },
    PATIENCE_MS,
  );

  test(
    'a reader of GIF without writers → at most 15 kB with all that it needs, no number that it does not read',
    async () => {
      const code = await bundled(bundler, 'readers-gif');
      expect(code.length).toBeLessThanOrEqual(15_000);
      expect(code).not.toMatch(/getFloat|getBig|getInt|getUint32/);
    },
    PATIENCE_MS,
  );
});
