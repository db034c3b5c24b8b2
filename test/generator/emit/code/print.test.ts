/** Files: what code refers to of other modules is imported, and nothing else. */
import { expect, test } from 'vitest';
import type { ClassDeclaration } from '../../../../generator/src/emit/code/declarations.js';
import { call, callOf, decimal, name, table } from '../../../../generator/src/emit/code/expressions.js';
import type { Imported, Statements } from '../../../../generator/src/emit/code/nodes.js';
import { Printer } from '../../../../generator/src/emit/code/print.js';
import { give, run } from '../../../../generator/src/emit/code/statements.js';
import { NUMBER, VOID, arrayOf, maybe, reference, typeOfValue } from '../../../../generator/src/emit/code/types.js';
import { remark, remarks } from '../../../../generator/src/emit/code/docs.js';

const printer = new Printer();
const imported = (module: string, exported: string, local = exported): Imported => ({
  kind: 'imported',
  module,
  name: exported,
  local,
});

function printed(
  statements: Statements,
  more: Partial<ClassDeclaration> = {},
): { text: string[]; modules: readonly string[] } {
  const declaration: ClassDeclaration = {
    kind: 'class',
    name: name('A'),
    properties: [],
    ctor: { statements: [] },
    methods: [{ name: 'm', returnType: VOID, statements }],
    ...more,
  };
  const { text, modules } = printer.print({ path: 'a.ts', header: 'a */', declarations: [declaration] });
  return { text: text.split('\n'), modules };
}

const importsIn = (text: readonly string[]): string[] => text.filter((line) => line.startsWith('import'));

test('a value → imported; a type → imported as one; both → a value', () => {
  const [value, type, both] = ['value', 'Type', 'Both'].map((exported) => imported('./m.js', exported));
  if (value === undefined || type === undefined || both === undefined) throw new Error('three names');
  const { text, modules } = printed([run(callOf(value, reference(both), decimal(1))), give(both)], {
    properties: [{ name: 'p', type: maybe(arrayOf(reference(type))) }],
  });
  expect(importsIn(text)).toEqual(["import { type Type, Both, value } from './m.js';"]);
  expect(modules).toEqual(['./m.js']);
});

test('types alone → one mark for all; modules and names in the order of their characters', () => {
  const { text, modules } = printed([], {
    properties: [
      { name: 'p', type: reference(imported('./b.js', 'b')) },
      { name: 'q', type: reference(imported('./b.js', 'B')) },
      { name: 'r', type: reference(imported('./B.js', 'C')) },
    ],
  });
  expect(importsIn(text)).toEqual(["import type { C } from './B.js';", "import type { B, b } from './b.js';"]);
  expect(modules).toEqual(['./B.js', './b.js']);
});

test('a name that was asked for and not used → not imported', () => {
  imported('./unused.js', 'Unused');
  expect(printed([give(decimal(1))]).modules).toEqual([]);
});

test('a name that is called otherwise here → imported under that name', () => {
  const { text } = printed([run(call(imported('./m.js', 'a', 'a_')))]);
  expect(importsIn(text)).toEqual(["import { a as a_ } from './m.js';"]);
  expect(text).toContain('    a_();');
});

test('members → comments, modifiers, tables and bodies as they stand', () => {
  const { text } = printed([give(decimal(1))], {
    docs: remarks('Of several lines.', '', 'The third.'),
    properties: [
      { name: 'T', isStatic: true, isReadonly: true, initializer: table([decimal(1), decimal(2)]) },
      { name: 'p', type: NUMBER, isSetLater: true, docs: remark('Of one.') },
    ],
  });
  expect(text).toEqual([
    '// a *\\/',
    '',
    '/**',
    ' * Of several lines.',
    ' *',
    ' * The third.',
    ' */',
    'export class A {',
    '  static readonly T = [',
    '    1,',
    '    2,',
    '  ];',
    '  /** Of one. */',
    '  p!: number;',
    '',
    '  constructor() {',
    '  }',
    '',
    '  m(): void {',
    '    return 1;',
    '  }',
    '}',
    '',
  ]);
});

test('an enum → its values, and a type of the same name', () => {
  const { text } = printer.print({
    path: 'e.ts',
    header: 'e',
    declarations: [
      {
        kind: 'enum',
        name: name('E'),
        values: [{ name: 'A', value: decimal(1), docs: remark('First.') }],
        type: typeOfValue(name('E')),
      },
      { kind: 'enum', name: name('F'), values: [], type: NUMBER },
    ],
  });
  expect(text.split('\n').slice(1)).toEqual([
    'export const E = {',
    '  /** First. */',
    '  A: 1,',
    '} as const;',
    '',
    'export type E = typeof E;',
    'export const F = {} as const;',
    '',
    'export type F = number;',
    '',
  ]);
});
