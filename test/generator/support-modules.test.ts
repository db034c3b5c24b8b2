/** The table of support modules says of each file what it is: its imports, its exports, its place in the order. */
import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript-5.9';
import { expect, test } from 'vitest';
import { neededModules, SUPPORT_MODULES, SUPPORT_NAMES, supportModule } from '../../generator/src/support-modules.js';

const FOLDER = new URL('../../generator/support/', import.meta.url);

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(new URL(file, FOLDER), 'utf8'), ts.ScriptTarget.Latest, true);
}

/** The row of the table that a file deserves. */
function rowOf(file: string): (typeof SUPPORT_MODULES)[number] {
  const { statements, text } = parse(file);
  const { importedFiles } = ts.preProcessFile(text);
  const local = importedFiles.map(({ fileName }) => fileName).filter((name) => name.startsWith('./'));
  const exported = statements.filter(
    (statement): statement is ts.Statement & ts.HasModifiers =>
      ts.canHaveModifiers(statement) &&
      statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true,
  );
  const isType = (statement: ts.Statement): boolean =>
    ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
  return row(
    file.slice(0, -'.ts'.length),
    local.map((name) => name.slice('./'.length, -'.js'.length)),
    exported.filter((statement) => !isType(statement)).flatMap(namesOf),
    exported.filter(isType).flatMap(namesOf),
  );
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const name = 'name' in statement ? (statement.name as ts.Identifier | undefined) : undefined;
  return name === undefined ? [] : [name.text];
}

/** In an order of its own: that of names means nothing. */
function row(
  name: string,
  needs: readonly string[] = [],
  values: readonly string[] = [],
  types: readonly string[] = [],
): Required<(typeof SUPPORT_MODULES)[number]> {
  const sorted = (names: readonly string[]): string[] => [...new Set(names)].toSorted();
  return { name, needs: sorted(needs), values: sorted(values), types: sorted(types) };
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));

test('files of support/ → one row each', () => {
  expect(SUPPORT_MODULES.map(({ name }) => `${name}.ts`).toSorted()).toEqual(files.toSorted());
});

test.each(SUPPORT_MODULES)('$name → imports and exports as the table says', ({ name, needs, values, types }) => {
  expect(row(name, needs, values, types)).toEqual(rowOf(`${name}.ts`));
});

test('order → each module imports only those above it', () => {
  const names = SUPPORT_MODULES.map(({ name }) => name);
  const climbs = SUPPORT_MODULES.flatMap(({ name, needs = [] }, index) =>
    needs.filter((need) => !names.slice(0, index).includes(need)).map((need) => `${name} → ${need}`),
  );
  expect(climbs).toEqual([]);
});

test('no name is exported twice', () => {
  const names = SUPPORT_MODULES.flatMap(({ values = [], types = [] }) => [...values, ...types]);
  expect(names).toHaveLength(SUPPORT_NAMES.size);
});

test.each(files)('%s → begins with a comment that says its subject', (file) => {
  expect(readFileSync(new URL(file, FOLDER), 'utf8')).toMatch(/^\/\*\*[ \n]/);
});

test('what a module needs → comes with it, nothing else', () => {
  expect(neededModules(['./kaitai/raw.js', './own.js']).map(({ name }) => name)).toEqual(['raw']);
  expect(neededModules(['./kaitai/stream.js']).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['show', 'errors', 'limits', 'stream']),
  );
});

test('a name that no module exports → TypeError', () => {
  expect(supportModule('KaitaiStream')).toBe('./kaitai/stream.js');
  expect(() => supportModule('kaitaiStream')).toThrow(TypeError);
});
