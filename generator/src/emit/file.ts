/** One schema file as one TypeScript module. */
import { basename } from 'node:path/posix';
import type { ClassSpec, EnumSpec, SchemaFile } from '../spec/model.js';
import type { Inference } from '../types/infer.js';
import { emitClass } from './class.js';
import { block, intLiteral } from './code.js';
import type { EmitContext } from './context.js';
import { docs } from './docs.js';
import { Imports } from './imports.js';
import type { Names } from './names.js';
import { comment, printClass, printImport, printInterface, separated } from './print.js';
import { viewClass } from './view.js';

export function emitFile(inference: Inference, names: Names, schema: SchemaFile): string {
  const { root } = schema;
  const context: EmitContext = { inference, names, imports: new Imports(names, root) };
  const body = separated(classesOf(root).flatMap((spec) => classStatements(context, spec)));
  const header = `// @generated from ${basename(schema.file)} by ksy-ts. Do not edit: change the schema and generate again.`;
  const imports = context.imports.declarations(body.join('\n')).map(printImport);
  return [header, ...imports, '', ...body, ''].join('\n');
}

function classesOf(spec: ClassSpec): ClassSpec[] {
  return [spec, ...[...spec.types.values()].flatMap(classesOf)];
}

function classStatements(context: EmitContext, spec: ClassSpec): string[][] {
  const { declaration, init } = emitClass(context, spec);
  const view = spec.view ? viewClass(context, spec) : undefined;
  return [
    printClass(declaration),
    ...(init === undefined ? [] : [printInterface(init)]),
    ...(view === undefined ? [] : [printClass(view)]),
    ...[...spec.enums.values()].flatMap((named) => enumStatements(context, named)),
  ];
}

/** An enum is an object of its values; its type admits every other value too, which is kept as it was read. */
function enumStatements({ inference, names }: EmitContext, spec: EnumSpec): string[][] {
  const name = names.enum(spec);
  const big = inference.isBigEnum(spec);
  const values = spec.values.flatMap((value) => [
    ...comment(docs(value.doc)),
    `${names.enumValue(spec, value)}: ${intLiteral(value.value, big)},`,
  ]);
  return [
    values.length === 0 ? [`export const ${name} = {} as const;`] : block(`export const ${name} =`, values, '} as const;'),
    [
      '/** A declared value, or any other as it was read. */',
      `export type ${name} = (typeof ${name})[keyof typeof ${name}] | (${big ? 'bigint' : 'number'} & {});`,
    ],
  ];
}
