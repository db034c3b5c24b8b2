/** Schemas compiled, type-checked and loaded: classes that are known at run time only. */
import { readFileSync } from 'node:fs';
import { analyse } from '../../generator/src/compile.js';
import type { OutputFile } from '../../generator/src/compile.js';
import { Names, moduleName } from '../../generator/src/emit/context/names.js';
import type { ClassSpec } from '../../generator/src/spec/model.js';
import type { Inference } from '../../generator/src/types/infer.js';
import type { Program } from '../../generator/src/types/program.js';
import { generate } from '../../generator/src/suite/run-formats.js';
import { Sandbox, readText } from '../../generator/src/suite/sandbox.js';

/** What every generated structure that can be written has. */
export interface AnyStruct {
  toBytes(options?: { readonly onViolation?: (violation: { readonly path: string }) => void }): Uint8Array;
  _check(): void;
}

export interface AnyClass {
  readonly name: string;
  fromBytes(bytes: Uint8Array, options?: { readonly onViolation: () => void }): AnyStruct;
  create(init: object): AnyStruct;
}

export interface Generated {
  /** What the compiler and the type check have to say. */
  readonly problems: readonly string[];
  readonly program: Program;
  readonly inference: Inference;
  readonly names: Names;
  readonly specs: ReadonlyMap<string, ClassSpec>;
  /** The class of a type, by the class's name. */
  class(name: string): AnyClass;
  /** The class of a schema's top type; undefined where it can only be read. */
  top(id: string): AnyClass;
  /** Values of the support module that streams are in. */
  readonly support: unknown;
  remove(): void;
}

export async function generateClasses(
  schemas: readonly string[],
  importPaths: readonly string[],
  extra: readonly OutputFile[] = [],
): Promise<Generated> {
  const { files, failures, refused } = generate(schemas, importPaths);
  const sandbox = new Sandbox();
  sandbox.write([...files, ...extra.filter(({ path }) => !files.some((file) => file.path === path))]);
  const { errors } = sandbox.typeCheck();
  const { inference } = analyse({
    files: schemas.filter((schema) => !refused.has(schema)),
    importer: { read: readText, importPaths },
  });
  const { program } = inference;
  const names = new Names(program);
  const classes = new Map<string, AnyClass>();
  for (const { root } of program.files) {
    const module = (await sandbox.load(`${moduleName(root)}.ts`)) as Record<string, AnyClass>;
    for (const [name, value] of Object.entries(module)) classes.set(name, value);
  }
  const specs = new Map(program.files.map(({ root }) => [root.id, root]));
  const byName = (name: string): AnyClass => {
    const found = classes.get(name);
    if (found === undefined) throw new Error(`there is no class ${name}`);
    return found;
  };
  return {
    problems: [...failures, ...errors],
    program,
    inference,
    names,
    specs,
    class: byName,
    top: (id) => {
      const spec = specs.get(id);
      if (spec === undefined) throw new Error(`there is no schema ${id}`);
      return byName(names.class(spec));
    },
    support: await sandbox.load('kaitai/stream.ts'),
    remove: () => sandbox.remove(),
  };
}

export function readBytes(path: string): Uint8Array {
  return Uint8Array.from(readFileSync(path));
}
