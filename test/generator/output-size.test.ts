/** How long the output is beside the official JavaScript of the same schemas: what the README says of it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compile } from '../../generator/src/compile.js';
import { readText } from '../../generator/src/suite/sandbox.js';
import { compileOfficialSources } from '../support/official.js';

const FORMATS = fileURLToPath(new URL('../../../shared/formats/', import.meta.url));
const SCHEMAS = [
  fileURLToPath(new URL('roundtrip/gif_file.ksy', import.meta.url)),
  ...['archive/zip', 'network/pcap', 'executable/elf', 'media/ogg', 'font/ttf'].map((path) => `${FORMATS}${path}.ksy`),
];
const README = readFileSync(new URL('../../generator/README.md', import.meta.url), 'utf8').replaceAll(/\s+/g, ' ');

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** Bytes of the module of a schema, as a multiple of what the official compiler makes of it alone. */
async function ratio(schema: string, readOnly: boolean): Promise<number> {
  const id = /([^/]+)\.ksy$/.exec(schema)?.[1] ?? '';
  const { files } = compile({ files: [schema], importer: { read: readText, importPaths: [FORMATS] }, readOnly });
  const sources = await compileOfficialSources('javascript', schema, { importPath: FORMATS });
  const official = Object.entries(sources).find(([name]) => name.toLowerCase() === `${id.replaceAll('_', '')}.js`);
  const ours = files.find(({ path }) => path === `${id}.ts`);
  return bytesOf(ours?.content ?? '') / bytesOf(official?.[1] ?? '');
}

test.skipIf(!existsSync(FORMATS)).each([
  ['--read-only', true, /has (\d\.\d) to (\d\.\d) times as many bytes with `--read-only`/],
  ['with writers', false, /(\d\.\d) to (\d\.\d) times with writers/],
])(
  'six formats, %s → as many bytes as the README says',
  async (_, readOnly, said) => {
    const ratios: number[] = [];
    for (const schema of SCHEMAS) ratios.push(await ratio(schema, readOnly));
    const found = [Math.min(...ratios), Math.max(...ratios)].map((each) => each.toFixed(1));
    expect(found).toEqual(said.exec(README)?.slice(1));
  },
  60_000,
);
