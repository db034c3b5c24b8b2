/** `--import-extension`: the paths of imports in the output. */
import { describe, expect, test } from 'vitest';
import { compile, type ImportExtension } from '../../generator/src/compile.js';

const SCHEMAS: Readonly<Record<string, string>> = {
  'sample.ksy': `
meta: {id: sample, endian: le, imports: [sub/other], ks-opaque-types: true}
doc: |
  import { a } from './a.js';
seq:
  - {id: kind, type: u1, enum: kind}
  - {id: text, type: strz, encoding: UTF-8}
  - {id: packed, size: 4, process: zlib}
  - {id: mine, size: 4, process: my.own_process(kind)}
  - {id: other, type: other}
  - {id: foreign, type: somebody_elses}
enums: {kind: {1: one}}
`,
  'sub/other.ksy': 'meta: {id: other}\nseq: [{id: a, type: b4}]\n',
};

const outputOf = (importExtension?: ImportExtension): ReadonlyMap<string, string> => {
  const { files } = compile({
    files: ['sample.ksy'],
    importer: { read: (path) => SCHEMAS[path] },
    index: true,
    reflection: true,
    interop: true,
    ...(importExtension === undefined ? {} : { importExtension }),
  });
  return new Map(files.map(({ path, content }) => [path, content]));
};

/** The relative imports of a module, and the modules that it adds to. */
const importsOf = (text: string): string[] =>
  Array.from(
    text.replaceAll(/\/\*.*?\*\//gs, '').matchAll(/\b(?:from|import|module)[ (]+['"](\..*?)['"]/g),
    ([, path = '']) => path,
  );

const usual = outputOf();
const written = new Set(['./somebody_elses', './my/own_process', '../somebody_elses']);

describe.each([
  ['ts', '.ts'],
  ['none', ''],
] as const)('%s', (kind, end) => {
  test('→ every import has it, and leads to the same module', () => {
    const output = outputOf(kind);
    expect([...output.keys()]).toEqual([...usual.keys()]);
    for (const [path, text] of output) {
      const expected = importsOf(usual.get(path) ?? '').map((each) => each.replace(/\.js$/, end));
      expect(importsOf(text), path).toEqual(expected);
    }
  });

  test('→ nothing else is changed', () => {
    for (const [path, text] of outputOf(kind)) {
      const lines = text.split('\n');
      const differing = (usual.get(path) ?? '').split('\n').filter((line, index) => line !== lines[index]);
      expect(differing.length, path).toBe(importsOf(text).length);
    }
  });
});

test('js, as without the option → paths of JavaScript, each of a module of the output or of the user', () => {
  expect(outputOf('js')).toEqual(usual);
  for (const [path, text] of usual) {
    const folder = new URL(`file:///${path}`);
    for (const each of importsOf(text)) {
      expect(each).toMatch(/\.js$/);
      const found = new URL(each, folder).pathname.slice(1).replace(/\.js$/, '.ts');
      expect(usual.has(found) || written.has(each.slice(0, -3)), `${path}: ${each}`).toBe(true);
    }
  }
});
