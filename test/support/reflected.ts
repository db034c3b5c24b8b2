/** Schemas that are texts, compiled with reflection, type-checked and loaded. */
import { compile, type CompileOptions } from '../../generator/src/compile.js';
import { Sandbox } from '../../generator/src/suite/sandbox.js';
import type { KaitaiStruct } from '../../generator/support/struct.js';
import type { StructSchema } from '../../generator/support/reflect.js';

/** A generated class. */
export interface ReadableClass {
  fromBytes(bytes: Uint8Array): KaitaiStruct;
  read(io: unknown): KaitaiStruct;
}

export interface Reflected {
  /** What the type check says of the output, and of `use`. */
  readonly errors: readonly string[];
  /** Everything that the index exports. */
  readonly exported: Readonly<Record<string, unknown>>;
  class(name: string): ReadableClass;
  schema(name: string): StructSchema;
  /** A support module's exports. */
  support(name: string): Promise<Readonly<Record<string, unknown>>>;
  remove(): void;
}

/** `schemas` by id; `use` is a program beside the output, which is type-checked with it. */
export async function reflected(
  schemas: Readonly<Record<string, string>>,
  options: Partial<CompileOptions> = {},
  use = '',
): Promise<Reflected> {
  const { files } = compile({
    files: Object.keys(schemas).map((id) => `${id}.ksy`),
    importer: { read: (path) => schemas[path.replace(/\.ksy$/, '')] },
    index: true,
    reflection: true,
    ...options,
  });
  const sandbox = new Sandbox();
  sandbox.write([...files, { path: 'use.ts', content: use }]);
  const { errors } = sandbox.typeCheck();
  const load = async (path: string): Promise<Readonly<Record<string, unknown>>> =>
    Object(await sandbox.load(path)) as Record<string, unknown>;
  const exported = await load('index.ts');
  const named = (name: string): unknown => {
    if (exported[name] === undefined) throw new Error(`there is no ${name}`);
    return exported[name];
  };
  return {
    errors,
    exported,
    class: (name) => named(name) as ReadableClass,
    schema: (name) => named(name) as StructSchema,
    support: (name) => load(`kaitai/${name}.ts`),
    remove: () => sandbox.remove(),
  };
}
