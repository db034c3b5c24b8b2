/** Declarations to text, through ts-morph. */
import { IndentationText, Project, QuoteKind, StructureKind, ts, type StatementStructures } from 'ts-morph';
import { quote } from './text.js';
import type {
  ClassDeclaration,
  ImportDeclaration,
  InterfaceDeclaration,
  ParameterDeclaration,
  PropertyDeclaration,
} from './declarations.js';

/** A class, an interface, or lines that are printed as they are. */
export type Statement =
  | { readonly kind: 'class'; readonly declaration: ClassDeclaration }
  | { readonly kind: 'interface'; readonly declaration: InterfaceDeclaration }
  | { readonly kind: 'lines'; readonly lines: readonly string[] };

export interface Printed {
  readonly text: string;
  /** Names that the code refers to: those of members, and of what it declares, apart. */
  readonly names: ReadonlySet<string>;
}

/** Prints files; one project serves all of them. */
export class Printer {
  readonly #project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });

  /**
   * A file goes to ts-morph as one structure: adding its classes one by one costs time quadratic in their number. What
   * emitters hand over is indented within itself, so nothing has to be formatted afterwards.
   */
  print(path: string, statements: readonly Statement[]): Printed {
    const file = this.#project.createSourceFile(path, { statements: statements.map(structureOf) }, { overwrite: true });
    const text = file.getFullText();
    const names = new Set<string>();
    collectReferences(file.compilerNode, names);
    this.#project.removeSourceFile(file);
    return { text, names };
  }
}

function collectReferences(node: ts.Node, names: Set<string>): void {
  if (ts.isIdentifier(node)) names.add(node.text);
  ts.forEachChild(node, (child) => {
    if (!isNameOf(child, node)) collectReferences(child, names);
  });
}

/** Whether `node` only names what `parent` declares, or a member. */
function isNameOf(node: ts.Node, parent: ts.Node): boolean {
  if (ts.isShorthandPropertyAssignment(parent) || ts.isComputedPropertyName(node)) return false;
  return 'name' in parent && parent.name === node;
}

function structureOf(statement: Statement): StatementStructures | string {
  switch (statement.kind) {
    case 'lines':
      return statement.lines.join('\n');
    case 'interface': {
      const { name, isExported = false, docs, properties } = statement.declaration;
      return {
        kind: StructureKind.Interface,
        name,
        isExported,
        docs: [...(docs ?? [])],
        properties: (properties ?? []).map(propertyOf),
      };
    }
    case 'class':
      return classOf(statement.declaration);
  }
}

function classOf(declaration: ClassDeclaration): StatementStructures {
  const { name, isExported = false, docs, extends: base } = declaration;
  return {
    kind: StructureKind.Class,
    name,
    isExported,
    docs: [...(docs ?? [])],
    ...(base === undefined ? {} : { extends: base }),
    properties: (declaration.properties ?? []).map(propertyOf),
    ctors: (declaration.ctors ?? []).map((member) => ({ ...bodyOf(member), ...parametersOf(member) })),
    getAccessors: (declaration.getAccessors ?? []).map((member) => ({ ...member, ...bodyOf(member) })),
    setAccessors: (declaration.setAccessors ?? []).map((member) => ({
      ...member,
      ...bodyOf(member),
      ...parametersOf(member),
    })),
    methods: (declaration.methods ?? []).map((member) => ({ ...member, ...bodyOf(member), ...parametersOf(member) })),
  };
}

/** Statements as one text: handed over one by one they come out with blank lines between them. */
function bodyOf(member: { readonly docs?: readonly string[]; readonly statements: readonly string[] }): {
  docs: string[];
  statements: string;
} {
  return { docs: [...(member.docs ?? [])], statements: member.statements.join('\n') };
}

function parametersOf({ parameters }: { readonly parameters?: readonly ParameterDeclaration[] }): {
  parameters: ParameterDeclaration[];
} {
  return { parameters: [...(parameters ?? [])] };
}

/** ts-morph indents the lines of an initializer once more, so a table is written as part of the name. */
function propertyOf({ docs, ...property }: PropertyDeclaration): PropertyDeclaration & { docs: string[] } {
  const { initializer, type, name, ...modifiers } = property;
  if (initializer?.includes('\n') !== true) return { ...property, docs: [...(docs ?? [])] };
  return {
    ...modifiers,
    name: `${name}${type === undefined ? '' : `: ${type}`} = ${initializer}`,
    docs: [...(docs ?? [])],
  };
}

/** One import; names of types are marked, as `verbatimModuleSyntax` wants it. */
export function printImport({ module, values, types }: ImportDeclaration): string {
  const names = values.length === 0 ? types : [...types.map((name) => `type ${name}`), ...values];
  return `import ${values.length === 0 ? 'type ' : ''}{ ${names.join(', ')} } from ${quote(module)};`;
}

/** A comment as lines, for what is not printed as a structure. */
export function comment(docs: readonly string[] | undefined): string[] {
  return (docs ?? []).flatMap((text) => {
    if (!text.includes('\n')) return [`/** ${text} */`];
    const lines = text.replace(/^\n/, '').split(/\r?\n/);
    return ['/**', ...lines.map((line) => ` * ${line}`.trimEnd()), ' */'];
  });
}
