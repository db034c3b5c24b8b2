/** Declarations to a file, through ts-morph. */
import {
  IndentationText,
  Project,
  QuoteKind,
  Scope,
  StructureKind,
  type ClassDeclarationStructure,
  type ImportDeclarationStructure,
  type ParameterDeclarationStructure,
  type PropertyDeclarationStructure,
  type StatementStructures,
} from 'ts-morph';
import { compareText, type Location } from '../../diagnostics.js';
import type {
  AliasDeclaration,
  ClassDeclaration,
  ConstantDeclaration,
  Declaration,
  EnumDeclaration,
  InterfaceDeclaration,
  Parameter,
  Property,
} from './declarations.js';
import { commentText, type Comment } from './docs.js';
import { isMachinery } from './machinery.js';
import type { Imported, Statements } from './nodes.js';
import { Marks, type CodePlace } from './places.js';
import { CodePrinter } from './printer.js';
import { identifier } from './text.js';

export interface FileDeclaration {
  readonly path: string;
  /** The line above everything. */
  readonly header: string;
  readonly declarations: readonly Declaration[];
}

export interface PrintedFile {
  readonly text: string;
  /** What it imports from, as its imports name it. */
  readonly modules: readonly string[];
  /** Which place of the schema the text comes from, in the order of the text; empty unless asked for. */
  readonly places: readonly CodePlace[];
}

/** Prints files; one project serves all of them. */
export class Printer {
  readonly #project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });

  /**
   * `withPlaces`: also tell which code comes from where. A file goes to ts-morph as one structure: adding its classes one
   * by one costs time quadratic in their number.
   */
  print({ path, header, declarations }: FileDeclaration, withPlaces = false): PrintedFile {
    const marks = withPlaces ? new Marks() : undefined;
    const printer = new DeclarationPrinter(marks);
    const body = declarations.flatMap((declaration) => printer.structures(declaration));
    const imports = importsOf(printer.code);
    const statements = [`// ${commentText(header)}`, ...imports, ...body];
    const file = this.#project.createSourceFile(path, { statements }, { overwrite: true });
    const marked = file.getFullText();
    this.#project.removeSourceFile(file);
    const { text, places } = marks?.takenOut(marked) ?? { text: marked, places: [] };
    return { text, places, modules: imports.map(({ moduleSpecifier }) => moduleSpecifier) };
  }
}

/** The imports of what code refers to, sorted. A name that is used as a value is not imported as a type again. */
function importsOf({ values, types }: CodePrinter): ImportDeclarationStructure[] {
  const modules = new Map<string, { readonly values: Set<string>; readonly types: Set<string> }>();
  const namesIn = ({ module }: Imported): { readonly values: Set<string>; readonly types: Set<string> } => {
    const names = modules.get(module) ?? { values: new Set(), types: new Set() };
    modules.set(module, names);
    return names;
  };
  for (const name of values) namesIn(name).values.add(specifierOf(name));
  for (const name of types) if (!values.has(name)) namesIn(name).types.add(specifierOf(name));
  return [...modules]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([moduleSpecifier, names]) => ({
      kind: StructureKind.ImportDeclaration,
      moduleSpecifier,
      // As `verbatimModuleSyntax` wants it.
      isTypeOnly: names.values.size === 0,
      namedImports: [
        ...[...names.types].toSorted(compareText).map((name) => ({ name, isTypeOnly: names.values.size > 0 })),
        ...[...names.values].toSorted(compareText).map((name) => ({ name })),
      ],
    }));
}

const specifierOf = ({ name, local }: Imported): string => (name === local ? name : `${name} as ${local}`);

/** The structures of one file's declarations, and what they refer to. */
class DeclarationPrinter {
  readonly code: CodePrinter;
  #classAt: Location | undefined;

  constructor(marks: Marks | undefined) {
    this.code = new CodePrinter(marks);
  }

  structures(declaration: Declaration): (StatementStructures | string)[] {
    switch (declaration.kind) {
      case 'class':
        return [this.#class(declaration)];
      case 'interface':
        return [this.#interface(declaration)];
      case 'alias':
        return [this.#alias(declaration)];
      case 'enum':
        return this.#enum(declaration);
      case 'constant':
        return [this.#constant(declaration)];
    }
  }

  #interface({ name, at, docs, extends: base }: InterfaceDeclaration): StatementStructures {
    return {
      kind: StructureKind.Interface,
      name: this.code.declared(name.name, at),
      isExported: true,
      docs: docsOf(docs),
      extends: [this.code.type(base)],
    };
  }

  #alias({ name, at, docs, type }: AliasDeclaration): StatementStructures {
    return {
      kind: StructureKind.TypeAlias,
      name: this.code.declared(name.name, at),
      isExported: true,
      docs: docsOf(docs),
      type: this.code.type(type),
    };
  }

  #class(declaration: ClassDeclaration): ClassDeclarationStructure {
    const { name, docs, ctor, properties, methods, getters = [], setters = [] } = declaration;
    this.#classAt = declaration.at;
    return {
      kind: StructureKind.Class,
      name: this.code.declared(name.name, declaration.at),
      isExported: true,
      docs: docsOf(docs),
      ...(declaration.extends === undefined ? {} : { extends: this.code.base(declaration.extends) }),
      properties: properties.map((property) => this.#property(property)),
      ctors: [this.#body(ctor)],
      getAccessors: getters.map((getter) => ({
        name: this.code.declared(getter.name, getter.at),
        returnType: this.code.type(getter.returnType),
        ...this.#body(getter),
      })),
      setAccessors: setters.map((setter) => {
        // ts-morph puts what is called alike side by side.
        const at = getters.find((getter) => getter.name === setter.name)?.at ?? setter.at;
        return {
          name: this.code.declared(setter.name, at),
          ...this.#body({ ...setter, ...(at === undefined ? {} : { at }) }),
        };
      }),
      methods: methods.map((method) => ({
        name: identifier(method.name),
        isStatic: method.isStatic === true,
        ...scopeOf(method.name),
        hasOverrideKeyword: method.isOverride === true,
        returnType: this.code.type(method.returnType),
        ...this.#body(method),
      })),
    };
  }

  /** ts-morph indents the lines of an initializer once more: what is behind a property's name goes to it as part of that. */
  #property(property: Property): PropertyDeclarationStructure {
    const { name, at, type, initializer } = property;
    const mark = property.isSetLater === true ? '!' : '';
    const typed = type === undefined ? '' : `: ${this.code.type(type)}`;
    const value = initializer === undefined ? '' : ` = ${this.code.code(initializer)}`;
    return {
      kind: StructureKind.Property,
      name: `${this.code.declared(name, at)}${mark}${typed}${value}`,
      isStatic: property.isStatic === true,
      isReadonly: property.isReadonly === true,
      ...scopeOf(name),
      hasDeclareKeyword: property.isDeclared === true,
      hasOverrideKeyword: property.isOverride === true,
      docs: docsOf(property.docs),
    };
  }

  /** Statements as one text: handed over one by one they come out with blank lines between them, and none as an empty one. */
  #body(body: {
    readonly docs?: Comment | undefined;
    readonly at?: Location;
    readonly parameters?: readonly Parameter[];
    readonly statements: Statements;
  }): { docs: string[]; parameters: ParameterDeclarationStructure[]; statements: string | string[] } {
    return {
      docs: docsOf(body.docs),
      parameters: (body.parameters ?? []).map((parameter) => ({
        kind: StructureKind.Parameter,
        name: identifier(parameter.name),
        type: this.code.type(parameter.type),
        hasQuestionToken: parameter.isOptional === true,
        ...(parameter.initializer === undefined ? {} : { initializer: this.code.code(parameter.initializer) }),
      })),
      statements: body.statements.length === 0 ? [] : this.code.statementsAt(body.at ?? this.#classAt, body.statements),
    };
  }

  /** As text: ts-morph indents the lines of an initializer once more. */
  #constant({ name, docs, type, value }: ConstantDeclaration): string {
    const head = `export const ${identifier(name.name)}: ${this.code.type(type)}`;
    return `\n${[...commentLines(docs), `${head} = ${this.code.code(value)};`].join('\n')}`;
  }

  /** As text: ts-morph indents the lines of an initializer once more. */
  #enum({ name: { name }, at, values, type }: EnumDeclaration): string[] {
    const lines = values.flatMap((value) => [
      ...commentLines(value.docs),
      `${this.code.declared(value.name, value.at)}: ${this.code.code(value.value)},`,
    ]);
    const head = `export const ${this.code.declared(name, at)} = {`;
    const object =
      lines.length === 0 ? [`${head}} as const;`] : [head, ...lines.map((line) => `  ${line}`), '} as const;'];
    return [object.join('\n'), `\nexport type ${this.code.declared(name, at)} = ${this.code.type(type)};`];
  }
}

const scopeOf = (member: string): { scope?: Scope } => (isMachinery(member) ? { scope: Scope.Protected } : {});

/** As ts-morph takes it: a leading newline makes a comment of several lines. */
function docsOf(comment: Comment | undefined): string[] {
  if (comment === undefined) return [];
  return [`${comment.isBlock ? '\n' : ''}${comment.lines.join('\n')}`];
}

function commentLines(comment: Comment | undefined): string[] {
  if (comment === undefined) return [];
  const { lines, isBlock } = comment;
  return isBlock
    ? ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */']
    : lines.map((line) => `/** ${line} */`);
}
