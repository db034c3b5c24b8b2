/** One schema file as one TypeScript module. */
import { basename } from 'node:path/posix';
import type { ClassSpec, EnumSpec, SchemaFile } from '../spec/model.js';
import type { Inference } from '../types/infer.js';
import { withNested } from '../types/program.js';
import { emitClass } from './class.js';
import type { Declaration, EnumDeclaration } from './code/declarations.js';
import { docs } from './code/docs.js';
import { integerLike, name } from './code/expressions.js';
import type { PrintedFile, Printer } from './code/print.js';
import { BIGINT, reference, typeOfValue } from './code/types.js';
import { Narrowing, type EmitContext, type EmitOptions } from './context/context.js';
import { Imports } from './context/imports.js';
import type { Linking, Part } from './context/linking.js';
import type { Names } from './context/names.js';
import { schemaDeclarations } from './reflection/schema.js';
import { viewClass } from './write/view.js';

/** What the files of one output share. */
export interface FileSetting {
  readonly inference: Inference;
  readonly names: Names;
  readonly options: EmitOptions;
  readonly printer: Printer;
}

export interface FileContents {
  readonly linking: Linking;
  /** In this order. */
  readonly parts: readonly Part[];
  /** Also tell which code comes from where. */
  readonly withPlaces?: boolean;
}

export function emitFile(
  { file, root }: SchemaFile,
  { inference, names, options, printer }: FileSetting,
  { linking, parts, withPlaces }: FileContents,
): PrintedFile {
  const imports = new Imports(names, linking);
  const context: EmitContext = { options, inference, names, imports, narrowing: new Narrowing() };
  const declare = { classes: declarationsOf, schemas: schemaDeclarations };
  const header = `@generated from ${basename(file)} by ksy-ts. Do not edit: change the schema and generate again.`;
  const declarations = parts.flatMap((part) => withNested(root).flatMap((spec) => declare[part](context, spec)));
  return printer.print({ path: `${root.id}.ts`, header, declarations }, withPlaces);
}

function declarationsOf(context: EmitContext, spec: ClassSpec): Declaration[] {
  const { declaration, init } = emitClass(context, spec);
  const view = spec.view ? viewClass(context, spec) : undefined;
  return [
    declaration,
    ...(init === undefined ? [] : [init]),
    ...(view === undefined ? [] : [view]),
    ...[...spec.enums.values()].map((named) => enumOf(context, named)),
  ];
}

function enumOf({ imports, inference, names }: EmitContext, spec: EnumSpec): EnumDeclaration {
  const isBig = inference.isBigEnum(spec);
  const own = name(names.enum(spec));
  return {
    kind: 'enum',
    name: own,
    at: spec.at,
    values: spec.values.map((value) => ({
      name: names.enumValue(spec, value),
      at: value.at,
      value: integerLike(value.value, value.text, isBig),
      docs: docs(value.doc),
    })),
    type: reference(imports.support('ValueOf'), typeOfValue(own), ...(isBig ? [BIGINT] : [])),
  };
}
