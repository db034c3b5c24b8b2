/** One schema file as one TypeScript module. */
import { basename } from 'node:path/posix';
import type { ClassSpec, EnumSpec, SchemaFile } from '../spec/model.js';
import type { Inference } from '../types/infer.js';
import { emitClass } from './class.js';
import { block, intLiteral } from './code/text.js';
import type { EmitContext, EmitOptions } from './context/context.js';
import { docs, lineComment } from './code/docs.js';
import { Imports } from './context/imports.js';
import type { Names } from './context/names.js';
import { type Printer, type Statement, comment, printImport } from './code/print.js';
import { Uses } from './code/uses.js';
import { viewClass } from './write/view.js';

export interface EmittedFile {
  readonly text: string;
  /** What it imports from, as its imports name it. */
  readonly modules: readonly string[];
}

export function emitFile(
  inference: Inference,
  names: Names,
  schema: SchemaFile,
  options: EmitOptions,
  printer: Printer,
): EmittedFile {
  const { root } = schema;
  const context: EmitContext = {
    options,
    inference,
    names,
    imports: new Imports(names, root),
    uses: new Uses(),
    narrowed: [],
  };
  const body = printer.print(
    `${root.id}.ts`,
    classesOf(root).flatMap((spec) => classStatements(context, spec)),
  );
  const header = lineComment(
    `@generated from ${basename(schema.file)} by ksy-ts. Do not edit: change the schema and generate again.`,
  );
  const imports = context.imports.declarations(body.names);
  return {
    text: [header, ...imports.map(printImport), '', body.text].join('\n'),
    modules: imports.map(({ module }) => module),
  };
}

function classesOf(spec: ClassSpec): ClassSpec[] {
  return [spec, ...[...spec.types.values()].flatMap(classesOf)];
}

function classStatements(context: EmitContext, spec: ClassSpec): Statement[] {
  const { declaration, init } = emitClass(context, spec);
  const view = spec.view ? viewClass(context, spec) : undefined;
  return [
    { kind: 'class', declaration },
    ...(init === undefined ? [] : [{ kind: 'interface', declaration: init } as const]),
    ...(view === undefined ? [] : [{ kind: 'class', declaration: view } as const]),
    ...[...spec.enums.values()].flatMap((named) => enumStatements(context, named)),
  ];
}

/** An enum is an object of its values; its type admits every other value too, which is kept as it was read. */
function enumStatements({ inference, names }: EmitContext, spec: EnumSpec): Statement[] {
  const name = names.enum(spec);
  const big = inference.isBigEnum(spec);
  const values = spec.values.flatMap((value) => [
    ...comment(docs(value.doc)),
    `${names.enumValue(spec, value)}: ${intLiteral(value.value, big)},`,
  ]);
  const object =
    values.length === 0
      ? [`export const ${name} = {} as const;`]
      : block(`export const ${name} =`, values, '} as const;');
  const type = [
    '/** A declared value, or any other as it was read. */',
    `export type ${name} = (typeof ${name})[keyof typeof ${name}] | (${big ? 'bigint' : 'number'} & {});`,
  ];
  return [
    { kind: 'lines', lines: object },
    { kind: 'lines', lines: ['', ...type] },
  ];
}
