/** One schema file as one TypeScript module. */
import { basename } from 'node:path/posix';
import {
  IndentationText,
  Project,
  QuoteKind,
  StructureKind,
  VariableDeclarationKind,
  type ClassDeclarationStructure,
  type OptionalKind,
  type SourceFileStructure,
  type StatementedNodeStructure,
  type StatementStructures,
} from 'ts-morph';
import type { ClassSpec, EnumSpec, SchemaFile } from '../spec/model.js';
import type { Inference } from '../types/infer.js';
import { emitClass } from './class.js';
import { intLiteral } from './code.js';
import type { EmitContext } from './context.js';
import { docText, docs } from './docs.js';
import { Imports } from './imports.js';
import type { Names } from './names.js';
import { viewClass } from './view.js';

/** Turns structures into text; one project serves all files. */
export class Printer {
  readonly #project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    manipulationSettings: { indentationText: IndentationText.TwoSpaces, quoteKind: QuoteKind.Single },
  });

  /** The file is handed over as one structure: adding its classes one by one costs time quadratic in their number. */
  print(path: string, structure: SourceFileStructure, header: string): string {
    const file = this.#project.createSourceFile(path, structure, { overwrite: true });
    file.formatText({ indentSize: 2 });
    const text = file.getFullText();
    this.#project.removeSourceFile(file);
    return `${header}\n${text}`;
  }
}

export function emitFile(inference: Inference, names: Names, schema: SchemaFile, printer: Printer): string {
  const { root } = schema;
  const context: EmitContext = { inference, names, imports: new Imports(names, root) };
  const body = classesOf(root).flatMap((spec) => classStatements(context, spec));
  const structure: SourceFileStructure = {
    kind: StructureKind.SourceFile,
    statements: [...importStatements(context.imports), ...body],
  };
  const header = `// @generated from ${basename(schema.file)} by ksy-ts. Do not edit: change the schema and generate again.`;
  return printer.print(`${root.id}.ts`, structure, header);
}

function classesOf(spec: ClassSpec): ClassSpec[] {
  return [spec, ...[...spec.types.values()].flatMap(classesOf)];
}

function classStatements(context: EmitContext, spec: ClassSpec): StatementStructures[] {
  const { declaration, init } = emitClass(context, spec);
  const view = spec.view ? viewClass(context, spec) : undefined;
  return [
    { kind: StructureKind.Class, ...compact(declaration) },
    ...(init === undefined ? [] : [{ kind: StructureKind.Interface, ...init } as const]),
    ...(view === undefined ? [] : [{ kind: StructureKind.Class, ...compact(view) } as const]),
    ...[...spec.enums.values()].flatMap((named) => enumStatements(context, named)),
  ];
}

/** Bodies as one piece of text: statements handed over one by one come out with blank lines between them. */
function compact(declaration: OptionalKind<ClassDeclarationStructure>): OptionalKind<ClassDeclarationStructure> {
  const join = <T extends StatementedNodeStructure>(members: T[] | undefined): T[] =>
    (members ?? []).map((member) =>
      Array.isArray(member.statements) ? { ...member, statements: member.statements.join('\n') } : member,
    );
  return {
    ...declaration,
    ctors: join(declaration.ctors),
    methods: join(declaration.methods),
    getAccessors: join(declaration.getAccessors),
    setAccessors: join(declaration.setAccessors),
  };
}

/** An enum is an object of its values; its type admits every other value too, which is kept as it was read. */
function enumStatements({ inference, names }: EmitContext, spec: EnumSpec): StatementStructures[] {
  const name = names.enum(spec);
  const big = inference.isBigEnum(spec);
  const lines = spec.values.flatMap((value) => {
    const text = docText(value.doc).replaceAll('\n', '\n   * ').replaceAll(/ +\n/g, '\n');
    const comment = text === '' ? [] : [text.includes('\n') ? `  /**\n   * ${text}\n   */` : `  /** ${text} */`];
    return [...comment, `  ${names.enumValue(spec, value)}: ${intLiteral(value.value, big)},`];
  });
  return [
    {
      kind: StructureKind.VariableStatement,
      isExported: true,
      declarationKind: VariableDeclarationKind.Const,
      declarations: [{ name, initializer: `${['{', ...lines, '}'].join('\n')} as const` }],
    },
    {
      kind: StructureKind.TypeAlias,
      name,
      isExported: true,
      docs: docs({ summary: 'A declared value, or any other as it was read.', refs: [], origId: undefined }),
      type: `(typeof ${name})[keyof typeof ${name}] | (${big ? 'bigint' : 'number'} & {})`,
    },
  ];
}

function importStatements(imports: Imports): StatementStructures[] {
  return imports.declarations.map(({ module, values, types }) => ({
    kind: StructureKind.ImportDeclaration,
    moduleSpecifier: module,
    isTypeOnly: values.length === 0,
    namedImports: [
      ...types.map((name) => ({ name, isTypeOnly: values.length > 0 })),
      ...values.map((name) => ({ name })),
    ],
  }));
}
