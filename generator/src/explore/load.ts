/** A schema compiled in memory to classes that read files, with everything that the schema says of them. */
import { posix } from 'node:path';
import { compileFunction } from 'node:vm';
import { ts } from 'ts-morph';
import { analyse, compile, type Importer } from '../compile.js';
import { isBig } from '../emit/context/types.js';
import { Names, moduleName } from '../emit/context/names.js';
import type { ClassSpec, EnumSpec, ParamSpec } from '../spec/model.js';
import type { Inference } from '../types/infer.js';
import { topType, type Program } from '../types/program.js';
import type { AnyStruct, StreamClass, StructClass } from './runtime.js';

type Module = Readonly<Record<string, unknown>>;

export class LoadedSchema {
  readonly program: Program;
  readonly #inference: Inference;
  readonly root: ClassSpec;
  readonly #names: Names;
  readonly #modules: Modules;
  readonly #specs: ReadonlyMap<string, ClassSpec>;

  /** @throws {SchemaError} with every problem of the schema */
  constructor(file: string, importer: Importer) {
    const { inference } = analyse({ files: [file], importer });
    const { program } = inference;
    const [top] = program.files;
    if (top === undefined) throw new TypeError('there is no schema');
    this.program = program;
    this.#inference = inference;
    this.root = top.root;
    this.#names = new Names(program);
    this.#specs = new Map(program.classes.map((spec) => [this.#names.class(spec), spec]));
    const { files } = compile({ files: [file], importer, positions: true, readOnly: true });
    this.#modules = new Modules(new Map(files.map(({ path, content }) => [path, content])));
  }

  /** The class of a type. */
  classOf(spec: ClassSpec): StructClass {
    return this.#modules.exported(`${moduleName(topType(spec))}.ts`, this.#names.class(spec), isStructClass);
  }

  get Stream(): StreamClass {
    return this.#modules.exported('kaitai/stream.ts', 'KaitaiStream', isStreamClass);
  }

  isStruct(value: unknown): value is AnyStruct {
    return typeof value === 'object' && value !== null && this.#specs.has(value.constructor.name);
  }

  /** What the schema says of a structure. */
  specOf(struct: AnyStruct): ClassSpec {
    return this.#specs.get(struct.constructor.name) ?? this.root;
  }

  /** Path of a structure from the one that was read. */
  pathOf(struct: AnyStruct): string {
    return this.#modules.exported('kaitai/struct.ts', 'pathOf', isPathFunction)(struct);
  }

  property(owner: ClassSpec, id: string): string {
    return this.#names.member(owner, id);
  }

  /** Whether a parameter of the top type is a bigint. */
  takesBigInt(param: ParamSpec): boolean {
    const inference = this.#inference;
    return isBig({ inference }, inference.paramType(param, this.root).type);
  }

  /** The schema's name of an enum's value. */
  enumLabel(spec: EnumSpec, value: unknown): string | undefined {
    if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
    return spec.values.find((each) => each.value === BigInt(value))?.id;
  }
}

/** TypeScript modules of an output, run as CommonJS. */
class Modules {
  readonly #sources: ReadonlyMap<string, string>;
  readonly #loaded = new Map<string, Module>();

  constructor(sources: ReadonlyMap<string, string>) {
    this.#sources = sources;
  }

  /** What a module exports; `is` says what it must be. */
  exported<T>(path: string, name: string, is: (value: unknown) => value is T): T {
    const value = this.#load(path)[name];
    if (!is(value)) throw new TypeError(`${path} exports no ${name}`);
    return value;
  }

  #load(path: string): Module {
    const known = this.#loaded.get(path);
    if (known !== undefined) return known;
    const source = this.#sources.get(path);
    if (source === undefined) return path === 'kaitai-struct' ? OFFICIAL : this.#external();
    const exported: Module = {};
    this.#loaded.set(path, exported);
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    });
    const run = compileFunction(outputText, ['exports', 'require'], { filename: path });
    Reflect.apply(run, undefined, [exported, (specifier: string) => this.#load(resolved(path, specifier))]);
    return exported;
  }

  /** Classes of the user's own, custom processes and opaque types, are not known here: what needs them is an error. */
  #external(): Module {
    const Base = this.exported('kaitai/struct.ts', 'KaitaiStruct', isStructClass);
    return new Proxy(
      {},
      {
        get(_module, name) {
          if (name === '__esModule') return true;
          const refuse = (): never => {
            throw new Error(`${String(name)} is a class of your own, which this command does not have`);
          };
          return class extends Base {
            decode = refuse;
            override _read = refuse;
          };
        },
      },
    );
  }
}

function resolved(from: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts') : specifier;
}

/** `kaitai-struct` is needed by classes of the user's own alone, and there are none here. */
const OFFICIAL: Module = { KaitaiStream: function KaitaiStream(): void {} };

// Generated code is known by name alone.
const isStructClass = (value: unknown): value is StructClass => typeof value === 'function';
const isStreamClass = (value: unknown): value is StreamClass => typeof value === 'function';
const isPathFunction = (value: unknown): value is (struct: AnyStruct) => string => typeof value === 'function';
