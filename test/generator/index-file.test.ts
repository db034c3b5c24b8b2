/** What the index of an output exports: structures, and what their users need of the support modules. */
import ts from 'typescript-5.9';
import { expect, test } from 'vitest';
import { compile } from '../../generator/src/compile.js';
import { SUPPORT_MODULES } from '../../generator/src/support-modules.js';
import * as structures from '../../generated/index.js';

const ERRORS = [
  'ConversionError',
  'EncodingError',
  'EofError',
  'ExpressionError',
  'LimitError',
  'ProcessError',
  'ReadError',
  'TerminatorError',
  'UndecidedEndianError',
  'UnreadError',
  'ValidationError',
];
const TYPES = ['ConstraintKind', 'FieldLayout', 'ReadLimits', 'ReadOptions', 'Severity', 'StructClass', 'Violation'];
const WRITING = ['WriteError', 'WriteOptions', 'WriteViolation'];
const BASES = ['KaitaiStream', 'KaitaiStruct', 'propertyOf'];

const SCHEMAS: Readonly<Record<string, string>> = {
  'plain.ksy': 'meta: { id: plain }\nseq: [{ id: a, type: u1 }]',
  'packed.ksy': 'meta: { id: packed }\nseq: [{ id: a, size: 4, process: zlib }]',
};

/** Names that an index exports one by one, and the modules of which it exports everything. */
function exportsOf(options: { readonly readOnly?: boolean; readonly positions?: boolean } = {}): {
  readonly names: readonly string[];
  readonly modules: readonly string[];
} {
  const importer = { read: (path: string): string | undefined => SCHEMAS[path] };
  const { files } = compile({ files: Object.keys(SCHEMAS), importer, index: true, ...options });
  const text = files.find(({ path }) => path === 'index.ts')?.content ?? '';
  const exported = ts
    .createSourceFile('index.ts', text, ts.ScriptTarget.Latest)
    .statements.filter(ts.isExportDeclaration);
  const names = exported.flatMap(({ exportClause: clause }) =>
    clause !== undefined && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [],
  );
  const whole = exported.filter(({ exportClause }) => exportClause === undefined);
  const modules = whole.map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text);
  return { names: names.toSorted(), modules };
}

test('index → the structures, errors, options and bases', () => {
  const { names, modules } = exportsOf();
  expect(modules).toEqual(['./packed.js', './plain.js']);
  expect(names).toEqual([...ERRORS, ...TYPES, ...WRITING, ...BASES, 'ZlibError'].toSorted());
});

test('--read-only → nothing of writing; --positions → the type of positions', () => {
  expect(exportsOf({ readOnly: true }).names).toEqual([...ERRORS, ...TYPES, ...BASES, 'ZlibError'].toSorted());
  expect(exportsOf({ positions: true }).names).toEqual(expect.arrayContaining(['FieldPosition', 'Positions']));
});

test('vhdx/structures → of the support errors, bases, names of enum values, and what reflection gives', () => {
  const support = new Set(SUPPORT_MODULES.flatMap(({ values = [] }) => values));
  const names = Object.keys(structures);
  expect(names.filter((name) => support.has(name)).toSorted()).toEqual(
    [...ERRORS, ...BASES, 'WriteError', 'enumName', 'isCase', 'schemaTree', 'toJSON'].toSorted(),
  );
  expect(names.filter((name) => !support.has(name) && !name.startsWith('Vhdx'))).toEqual([]);
  expect(names.filter((name) => name.startsWith('Vhdx')).length).toBeGreaterThan(20);
});
