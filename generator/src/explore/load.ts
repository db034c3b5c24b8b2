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
    return this.#modules.exported<StructClass>(`${moduleName(topType(spec))}.ts`, this.#names.class(spec));
  }

  get Stream(): StreamClass {
    return this.#modules.exported<StreamClass>('kaitai/stream.ts', 'KaitaiStream');
  }

  /** What the schema says of a value; undefined where it is no structure of this schema. */
  specOf(value: unknown): ClassSpec | undefined {
    return typeof value === 'object' && value !== null ? this.#specs.get(value.constructor.name) : undefined;
  }

  /** Path of a structure from the one that was read. */
  pathOf(struct: AnyStruct): string {
    return this.#modules.exported<(struct: AnyStruct) => string>('kaitai/struct.ts', 'pathOf')(struct);
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

  /** A class or function of a module; `T` says which. */
  exported<T>(path: string, name: string): T {
    const value = this.#load(path)[name];
    if (!isFunction<T>(value)) throw new TypeError(`${path} exports no ${name}`);
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
    const run = compileFunction(outputText, ['exports', 'require'], { filename: path }) as (
      exports: Module,
      require: (specifier: string) => Module,
    ) => void;
    run(exported, (specifier) => this.#load(resolved(path, specifier)));
    return exported;
  }

  /** Classes of the user's own, custom processes and opaque types, are not known here: what needs them is an error. */
  #external(): Module {
    const Base = this.exported<StructClass>('kaitai/struct.ts', 'KaitaiStruct');
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

const isFunction = <T>(value: unknown): value is T => typeof value === 'function';
