/**
 * One schema as a module that stands for its file: `import { Png } from "./png.ksy"`. It imports other schemas as files,
 * too, and the support modules of this package, which all schemas of a program share.
 */
import { posix } from 'node:path';
import { analyse } from '../analyse.js';
import { requireWriters, type CompileOptions } from '../compile.js';
import type { Diagnostic } from '../diagnostics.js';
import { Printer } from '../emit/code/print.js';
import type { CodePlace } from '../emit/code/places.js';
import { moduleSpecifier } from '../emit/code/text.js';
import type { Linking } from '../emit/context/linking.js';
import { Names } from '../emit/context/names.js';
import { emitFile } from '../emit/file.js';
import type { ClassSpec, SchemaFile } from '../spec/model.js';
import { supportModule } from '../support-modules.js';

/** The entry of this package that has the support modules; each of them is below it. */
export const RUNTIME = 'ksy-ts/runtime';

export interface ModuleOptions extends Pick<
  CompileOptions,
  'importer' | 'positions' | 'readOnly' | 'reflection' | 'write'
> {
  /** Path of the schema, as the importer reads it. */
  readonly file: string;
  /** The extension of the user's own module at a path beside the schema, with its dot; `.js` unless given. */
  readonly extensionOf?: (path: string) => string;
}

export interface SchemaModule {
  /** TypeScript. */
  readonly text: string;
  /** Where in the schema it comes from. */
  readonly places: readonly CodePlace[];
  /** Of this schema; those that it imports have theirs. */
  readonly warnings: readonly Diagnostic[];
  /** Paths of all schemas that it depends on, itself included. */
  readonly files: readonly string[];
}

/** @throws {SchemaError} with every problem of the schema and those it imports */
export function compileModule(options: ModuleOptions): SchemaModule {
  const { file, importer, positions = false, readOnly = false, extensionOf } = options;
  const { inference, warnings } = analyse({ files: [file], importer });
  const { program } = inference;
  if (options.write === 'require') requireWriters(program);
  const [schema] = program.files;
  if (schema === undefined) throw new TypeError(`${file} has no type`);
  const { text, places } = emitFile(
    schema,
    { inference, names: new Names(program, true), options: { positions, readOnly }, printer: new Printer() },
    {
      linking: new ModuleLinking(schema, program.files, extensionOf),
      parts: options.reflection === true ? ['classes', 'schemas'] : ['classes'],
      withPlaces: true,
    },
  );
  return {
    text,
    places,
    warnings: warnings.filter(({ at }) => at.file === schema.file),
    files: program.files.map((each) => each.file),
  };
}

/** Modules that each have the path of their schema. */
class ModuleLinking implements Linking {
  readonly #schema: SchemaFile;
  readonly #names: ReadonlyMap<ClassSpec, () => Names>;
  readonly #extensionOf: (path: string) => string;

  constructor(schema: SchemaFile, files: readonly SchemaFile[], extensionOf: (path: string) => string = () => '.js') {
    this.#schema = schema;
    this.#names = new Map(files.map((file) => [file.root, once(() => new Names({ files: [file] }, true))]));
    this.#extensionOf = extensionOf;
  }

  support(name: string): string {
    return supportModule(name, RUNTIME);
  }

  schema(top: ClassSpec): string | undefined {
    if (top === this.#schema.root) return undefined;
    const path = posix.relative(posix.dirname(this.#schema.file), top.file);
    return path.startsWith('../') ? path : `./${path}`;
  }

  external(path: string): string {
    return moduleSpecifier(path).replace(/\.js$/, this.#extensionOf(path));
  }

  /** A module does not know what else is in a program: its names are its own. */
  namesOf(top: ClassSpec): Names {
    const names = this.#names.get(top);
    if (names === undefined) throw new TypeError(`${top.file} is no file of the program`);
    return names();
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
