/** A schema compiled in memory to classes that read files, with everything that the schema says of them. */
import { posix } from 'node:path';
import { compileFunction } from 'node:vm';
import { ts } from 'ts-morph';
import { analyse, emit, type Importer } from '../compile.js';
import { isBig } from '../emit/context/types.js';
import { Names, moduleName, schemaModuleName } from '../emit/context/names.js';
import type { ClassSpec, ParamSpec } from '../spec/model.js';
import type { Inference } from '../types/infer.js';
import type { Program } from '../types/program.js';
import type { HexView, Reflection, StreamClass, StructClass, TreeModule } from './runtime.js';

type Module = Readonly<Record<string, unknown>>;

export class LoadedSchema {
  readonly program: Program;
  readonly #inference: Inference;
  readonly root: ClassSpec;
  readonly #names: Names;
  readonly #modules: Modules;

  /** @throws {SchemaError} with every problem of the schema */
  constructor(file: string, importer: Importer) {
    const analysis = analyse({ files: [file], importer });
    const { inference } = analysis;
    const { program } = inference;
    const [top] = program.files;
    if (top === undefined) throw new TypeError('there is no schema');
    this.program = program;
    this.#inference = inference;
    this.root = top.root;
    this.#names = new Names(program);
    const { files } = emit(analysis, { positions: true, readOnly: true, reflection: true });
    this.#modules = new Modules(new Map(files.map(({ path, content }) => [path, content])));
  }

  /** The class of the top type. */
  get Root(): StructClass {
    return this.#modules.exported(`${moduleName(this.root)}.ts`, this.#names.class(this.root), isStructClass);
  }

  /** What the schema says of it. */
  get reflection(): Reflection {
    return this.#modules.exported(`${schemaModuleName(this.root)}.ts`, this.#names.schema(this.root), isReflection);
  }

  get Stream(): StreamClass {
    return this.#modules.exported('kaitai/stream.ts', 'KaitaiStream', isStreamClass);
  }

  /** The support modules that show structures as a tree, and bytes as text. */
  get tree(): TreeModule {
    return this.#modules.all('kaitai/tree.ts', isTreeModule);
  }

  get hexView(): HexView {
    return this.#modules.all('kaitai/hex-view.ts', isHexView);
  }

  /** Whether a parameter of the top type is a bigint. */
  takesBigInt(param: ParamSpec): boolean {
    const inference = this.#inference;
    return isBig({ inference }, inference.paramType(param, this.root).type);
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

  all<T extends object>(path: string, is: (module: object) => module is T): T {
    const module = this.#load(path);
    if (!is(module)) throw new TypeError(`${path} lacks exports`);
    return module;
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
const isReflection = (value: unknown): value is Reflection => typeof value === 'object';
const isTreeModule = (module: object): module is TreeModule => 'schemaTree' in module;
const isHexView = (module: object): module is HexView => 'fieldRow' in module;
