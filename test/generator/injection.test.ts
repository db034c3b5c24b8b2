import fc from 'fast-check';
import ts from 'typescript-5.9';
import { describe, expect, test } from 'vitest';
import { compile } from '../../generator/src/compile.js';
import { SchemaError, formatDiagnostic } from '../../generator/src/diagnostics.js';
import { CHECKSUM_ALGORITHMS } from '../../generator/src/spec/read-valid.js';
import { checksums } from '../../generator/support/checksums.js';

/** One place of a schema that takes text: a file name, or a scalar in the YAML of a schema. */
interface Slot {
  readonly name: string;
  /** The schema; `text` is put in as a YAML scalar. */
  readonly schema: (text: string) => string;
  /** Also put into the schema's file name. */
  readonly file?: (text: string) => string;
  /** A text that is accepted means something: the code depends on it. */
  readonly isCode?: boolean;
}

const top = (rest: string, meta = ''): string =>
  `meta: {id: top, endian: le, encoding: UTF-8${meta}}\n${rest === '' ? 'seq: [{id: a, type: u1}]' : rest}`;
const field = (keys: string): string => top(`seq: [{id: a, ${keys}}]`);
const instance = (keys: string): string => top(`seq: [{id: a, type: u4}]\ninstances: {v: {${keys}}}`);
/** An expression with the text as a double-quoted string of the expression language. */
const stringIn = (text: string, around: (literal: string) => string = (literal) => literal): string =>
  JSON.stringify(around(`"${expressionText(text)}"`));

function expressionText(text: string): string {
  return Array.from({ length: text.length }, (_, at) => text.charAt(at))
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

const scalar = JSON.stringify;

const SLOTS: readonly Slot[] = [
  { name: 'file name', schema: () => top(''), file: (text) => `${text.replaceAll('/', '\u2215')}.ksy` },
  { name: 'meta/id', schema: (text) => `meta: {id: ${scalar(text)}}\n`, isCode: true },
  { name: 'meta/title', schema: (text) => top('', `, title: ${scalar(text)}`) },
  { name: 'meta/license', schema: (text) => top('', `, license: ${scalar(text)}`) },
  { name: 'meta/application', schema: (text) => top('', `, application: ${scalar(text)}`) },
  { name: 'meta/file-extension', schema: (text) => top('', `, file-extension: ${scalar(text)}`) },
  { name: 'meta/xref', schema: (text) => top('', `, xref: {wikidata: ${scalar(text)}}`) },
  { name: 'meta/ks-version', schema: (text) => top('', `, ks-version: ${scalar(text)}`) },
  { name: 'meta/imports', schema: (text) => top('', `, imports: [${scalar(text)}]`) },
  { name: 'meta/endian', schema: (text) => `meta: {id: top, endian: ${scalar(text)}}\n`, isCode: true },
  { name: 'meta/bit-endian', schema: (text) => top('', `, bit-endian: ${scalar(text)}`), isCode: true },
  {
    name: 'meta/encoding',
    schema: (text) => `meta: {id: top, encoding: ${scalar(text)}}\nseq: [{id: a, type: strz}]`,
    isCode: true,
  },
  { name: 'vendor key of meta', schema: (text) => top('', `, ${scalar(`-${text}`)}: ${scalar(text)}`) },
  { name: 'doc of the top type', schema: (text) => top(`doc: ${scalar(text)}\nseq: [{id: a, type: u1}]`) },
  { name: 'doc-ref', schema: (text) => top(`doc-ref: [${scalar(text)}, b]\nseq: [{id: a, type: u1, valid: 1}]`) },
  { name: 'doc of a field', schema: (text) => field(`type: u1, doc: ${scalar(text)}`) },
  { name: 'doc-ref of a field', schema: (text) => field(`type: u1, valid: 1, doc-ref: ${scalar(text)}`) },
  { name: 'doc of a lazy field', schema: (text) => field(`size: 4, doc: ${scalar(text)}`) },
  { name: 'doc of a type', schema: (text) => top(`types: {t: {doc: ${scalar(text)}}}`) },
  { name: 'doc of a parameter', schema: (text) => top(`params: [{id: p, type: u1, doc: ${scalar(text)}}]`) },
  { name: 'doc of a value instance', schema: (text) => instance(`value: a + 1, doc: ${scalar(text)}`) },
  { name: 'doc of a parse instance', schema: (text) => instance(`pos: 0, type: u1, doc: ${scalar(text)}`) },
  { name: 'doc of an enum value', schema: (text) => top(`enums: {e: {1: {id: x, doc: ${scalar(text)}}}}`) },
  { name: 'doc-ref of an enum value', schema: (text) => top(`enums: {e: {1: {id: x, doc-ref: ${scalar(text)}}}}`) },
  { name: 'doc of a view', schema: (text) => top(`-view: true\nseq: [{id: a, type: u4, doc: ${scalar(text)}}]`) },
  { name: '-orig-id', schema: (text) => field(`type: u1, -orig-id: ${scalar(text)}`) },
  { name: '-orig-id of a type', schema: (text) => top(`-orig-id: ${scalar(text)}\nseq: [{id: a, type: u1}]`) },
  { name: '-rule', schema: (text) => field(`type: u1, valid: {eq: 1, -rule: ${scalar(text)}}`) },
  { name: '-rule of contents', schema: (text) => field(`contents: [1], -rule: ${scalar(text)}`) },
  { name: '-severity', schema: (text) => field(`type: u1, valid: {eq: 1, -severity: ${scalar(text)}}`), isCode: true },
  { name: '-checksum/algo', schema: (text) => field(`type: u4, -checksum: {algo: ${scalar(text)}}`), isCode: true },
  {
    name: '-checksum/size',
    schema: (text) => field(`type: u4, -checksum: {algo: crc32, size: ${scalar(text)}}`),
    isCode: true,
  },
  { name: '-checksum/-rule', schema: (text) => field(`type: u4, -checksum: {algo: crc32, -rule: ${scalar(text)}}`) },
  {
    name: '-checksum/-severity',
    schema: (text) => field(`type: u4, -checksum: {algo: crc32, -severity: ${scalar(text)}}`),
    isCode: true,
  },
  { name: '-view', schema: (text) => top(`-view: ${scalar(text)}\nseq: [{id: a, type: u1}]`), isCode: true },
  { name: 'id of a field', schema: (text) => top(`seq: [{id: ${scalar(text)}, type: u1}]`), isCode: true },
  { name: 'id of a parameter', schema: (text) => top(`params: [{id: ${scalar(text)}, type: u1}]`), isCode: true },
  { name: 'type of a parameter', schema: (text) => top(`params: [{id: p, type: ${scalar(text)}}]`), isCode: true },
  { name: 'id of an instance', schema: (text) => top(`instances: {${scalar(text)}: {value: 1}}`), isCode: true },
  { name: 'id of a type', schema: (text) => top(`types: {${scalar(text)}: {seq: [{id: a, type: u1}]}}`), isCode: true },
  { name: 'id of an enum', schema: (text) => top(`enums: {${scalar(text)}: {1: x}}`), isCode: true },
  { name: 'id of an enum value', schema: (text) => top(`enums: {e: {1: ${scalar(text)}}}`), isCode: true },
  { name: 'number of an enum value', schema: (text) => top(`enums: {e: {${scalar(text)}: x}}`), isCode: true },
  { name: 'type', schema: (text) => field(`type: ${scalar(text)}`), isCode: true },
  {
    name: 'opaque type',
    schema: (text) => `meta: {id: top, ks-opaque-types: true}\nseq: [{id: a, type: ${scalar(text)}}]`,
    isCode: true,
  },
  {
    name: 'opaque type of a cast',
    schema: (text) =>
      `meta: {id: top, ks-opaque-types: true}\nseq: [{id: a, type: o}]\ninstances: {v: {value: ${scalar(`a.as<${text}>`)}}}`,
    isCode: true,
  },
  { name: 'enum of a field', schema: (text) => field(`type: u1, enum: ${scalar(text)}`), isCode: true },
  { name: 'encoding', schema: (text) => field(`type: str, size: 4, encoding: ${scalar(text)}`), isCode: true },
  { name: 'process', schema: (text) => field(`size: 4, process: ${scalar(text)}`), isCode: true },
  { name: 'argument of a process', schema: (text) => field(`size: 4, process: ${stringIn(text, (s) => `own(${s})`)}`) },
  { name: 'contents', schema: (text) => field(`contents: ${scalar(text)}`), isCode: true },
  { name: 'item of contents', schema: (text) => field(`contents: [1, ${scalar(text)}]`), isCode: true },
  { name: 'size', schema: (text) => field(`size: ${scalar(text)}`), isCode: true },
  { name: 'terminator', schema: (text) => field(`terminator: ${scalar(text)}`), isCode: true },
  { name: 'pad-right', schema: (text) => field(`size: 4, pad-right: ${scalar(text)}`), isCode: true },
  { name: 'repeat', schema: (text) => field(`type: u1, repeat: ${scalar(text)}`), isCode: true },
  { name: 'if', schema: (text) => field(`type: u1, if: ${scalar(text)}`), isCode: true },
  { name: 'value', schema: (text) => instance(`value: ${scalar(text)}`), isCode: true },
  { name: 'string literal', schema: (text) => instance(`value: ${stringIn(text)}`) },
  { name: 'raw string literal', schema: (text) => instance(`value: ${scalar(`'${text.replaceAll("'", '')}'`)}`) },
  { name: 'string that is compared', schema: (text) => instance(`value: ${stringIn(text, (s) => `a.to_s == ${s}`)}`) },
  { name: 'f-string', schema: (text) => instance(`value: ${stringIn(text, (s) => `f${s.slice(0, -1)}{a}"`)}`) },
  {
    name: 'to_s',
    schema: (text) => top(`seq: [{id: a, size: 4}]\ninstances: {v: {value: ${stringIn(text, (s) => `a.to_s(${s})`)}}}`),
    isCode: true,
  },
  { name: 'to-string', schema: (text) => top(`to-string: ${stringIn(text)}\nseq: [{id: a, type: u1}]`) },
  { name: 'valid', schema: (text) => field(`type: strz, valid: ${stringIn(text)}`) },
  { name: 'valid/any-of', schema: (text) => field(`type: strz, valid: {any-of: [${stringIn(text)}]}`) },
  { name: 'valid/expr', schema: (text) => field(`type: strz, valid: {expr: ${stringIn(text, (s) => `_ != ${s}`)}}`) },
  {
    name: 'valid of elements',
    schema: (text) => field(`type: strz, repeat: eos, valid: {expr: ${stringIn(text, (s) => `_ != ${s}`)}}`),
  },
  {
    name: 'case of a switch',
    schema: (text) =>
      top(`seq: [{id: a, type: strz}, {id: b, type: {switch-on: a, cases: {${stringIn(text)}: u1, _: u2}}}]`),
  },
  {
    name: 'argument of a type',
    schema: (text) =>
      top(
        `seq: [{id: a, type: ${stringIn(text, (s) => `t(${s})`)}}]\ntypes: {t: {params: [{id: p, type: str}], seq: [{id: a, type: u1}]}}`,
      ),
  },
];

/** What would show in the tree, if any of it got there. */
const MARK = 'planted';
const FRAGMENTS = [
  `*/ ${MARK}(); /*`,
  `'; ${MARK}(); '`,
  `"; ${MARK}(); "`,
  `\`; ${MARK}(); \``,
  `\${${MARK}()}`,
  `\n${MARK}();\n`,
  `\r${MARK}();\r`,
  `\u2028${MARK}();\u2029`,
  `constructor("${MARK}()")()`,
  `]) + ${MARK}() + ([`,
  `} ${MARK}() {`,
  `> = ${MARK}; type X<`,
  `@ts-expect-error`,
  `@ts-ignore`,
  '// @ts-nocheck',
  '/* ',
  '*/',
  '\\',
  "\\'",
  '\\`',
  '$',
  '{',
  '}',
  '\0',
  '\u001b[2J',
  '\u009b',
  '\u202e',
  '\ud800',
  ' ',
  '::',
  'a',
  '__proto__',
  'constructor',
] as const;

const payload = fc
  .array(
    fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...FRAGMENTS) }, fc.string({ unit: 'binary', maxLength: 4 })),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(''));

interface Outcome {
  readonly errors: readonly string[];
  readonly output: string;
}

function generate({ schema, file }: Slot, text: string): Outcome {
  const path = file?.(text) ?? 'top.ksy';
  try {
    const { files, warnings } = compile({
      files: [path],
      importer: { read: (asked) => (asked === path ? schema(text) : undefined) },
      reflection: true,
    });
    const made = files.filter(({ path: name }) => !name.startsWith('kaitai/'));
    const output = made.map(({ content }) => content).join('');
    return { errors: warnings.map(formatDiagnostic), output };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return { errors: error.diagnostics.map(formatDiagnostic), output: '' };
  }
}

/** Kinds and names of all nodes, without what literals say; bytes of an array count as one. */
function shapeOf(output: string, isCode: boolean): string {
  const file = ts.createSourceFile('top.ts', output, ts.ScriptTarget.Latest, true);
  const names: string[] = [];
  const visit = (node: ts.Node): string => {
    if (ts.isIdentifier(node)) {
      names.push(node.text);
      return node.text;
    }
    const parts: string[] = [];
    ts.forEachChild(node, (child) => void parts.push(visit(child)));
    return `${ts.SyntaxKind[node.kind]}(${parts.join(' ')})`;
  };
  const shape = visit(file);
  expect(names.filter((name) => name.includes(MARK))).toEqual([]);
  const { diagnostics } = ts.transpileModule(output, { reportDiagnostics: true });
  expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
  return isCode ? '' : shape;
}

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;

test('algorithms of `-checksum` → those that the support module has', () => {
  expect(CHECKSUM_ALGORITHMS).toEqual(Object.keys(checksums));
});

describe('text of a schema', () => {
  test.each(SLOTS)("$name: whatever it says → refused, or nothing of it in the output's tree", (slot) => {
    const harmless = ['x', 'UTF-8'].map((text) => generate(slot, text)).find(({ output }) => output !== '');
    const expected = harmless && shapeOf(harmless.output, slot.isCode === true);
    fc.assert(
      fc.property(payload, (text) => {
        const { errors, output } = generate(slot, text);
        expect(errors.filter((error) => CONTROL.test(error))).toEqual([]);
        if (output === '') {
          expect(errors).not.toEqual([]);
          return;
        }
        expect(output.replaceAll('\n', '')).not.toMatch(CONTROL);
        const shape = shapeOf(output, slot.isCode === true);
        if (expected !== undefined) expect(shape).toBe(expected);
      }),
      { numRuns: 25, seed: 1117 },
    );
  });
});
