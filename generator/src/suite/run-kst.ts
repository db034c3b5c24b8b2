/** Runs `.kst` specifications against freshly generated and type-checked TypeScript. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyse, type Analysis } from '../compile.js';
import { compareText } from '../diagnostics.js';
import { SUPPORT_FOLDER } from '../support-modules.js';
import { Names, moduleName } from '../emit/context/names.js';
import type { ClassSpec } from '../spec/model.js';
import { CUSTOM_PROCESSES } from './custom-processes.js';
import { errorKinds } from './error-kinds.js';
import { Evaluator, describe, sameValue, type ClassOf, type Value } from './evaluate.js';
import { readSpecification, type Assertion, type ExpectedError, type Specification } from './expectations.js';
import { generate, schemasBelow } from './run-formats.js';
import { Sandbox, looseTypes, readText } from './sandbox.js';

export interface SuiteReport {
  readonly passed: number;
  /** By specification. */
  readonly failures: ReadonlyMap<string, readonly string[]>;
  /** Errors of the type check and of schemas that no specification uses. */
  readonly problems: readonly string[];
}

/** Specifications in `spec/`, schemas in `formats/` and `ks_path/`, data in `src/`. */
export async function runSuite(folder: string): Promise<SuiteReport> {
  const formats = join(folder, 'formats');
  const importPaths = [formats, join(folder, 'ks_path')];
  const schemas = schemasBelow(formats);
  const generation = generate(schemas, importPaths);
  const sandbox = new Sandbox();
  try {
    const own = CUSTOM_PROCESSES.filter(({ path }) => !generation.files.some((file) => file.path === path));
    sandbox.write([...generation.files, ...own]);
    const { errors } = sandbox.typeCheck();
    const problems = [...generation.failures, ...errors, ...generation.files.flatMap(looseTypes)];
    const files = schemas.filter((schema) => !generation.refused.has(schema));
    const analysis = analyse({ files, importer: { read: readText, importPaths } });
    const runner = await SuiteRunner.create(sandbox, analysis, join(folder, 'src'));
    return { ...runner.run(readSpecifications(join(folder, 'spec'))), problems };
  } finally {
    sandbox.remove();
  }
}

type Specifications = ReadonlyMap<string, Specification | Error>;

/** By file name. */
function readSpecifications(folder: string): Specifications {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.kst')) : [];
  return new Map(
    names.toSorted(compareText).map((name): [string, Specification | Error] => {
      try {
        return [name, readSpecification(name, readFileSync(join(folder, name), 'utf8'))];
      } catch (error) {
        return [name, error instanceof Error ? error : new Error(String(error))];
      }
    }),
  );
}

/** Ways to read a file, which must give the same: at once where the layout is fixed, and field by field. */
const WAYS = ['at once', 'field by field'] as const;
type Way = (typeof WAYS)[number];

interface Modules {
  readonly classOf: ClassOf;
  readonly support: object;
}

class SuiteRunner {
  readonly #analysis: Analysis;
  readonly #names: Names;
  readonly #modules: Modules;
  readonly #data: string;

  private constructor(analysis: Analysis, names: Names, modules: Modules, data: string) {
    this.#analysis = analysis;
    this.#names = names;
    this.#modules = modules;
    this.#data = data;
  }

  static async create(sandbox: Sandbox, analysis: Analysis, data: string): Promise<SuiteRunner> {
    const names = new Names(analysis.inference.program);
    const classes = new Map<string, unknown>();
    const loading = analysis.inference.program.files.map(({ root }) => sandbox.load(`${moduleName(root)}.ts`));
    for (const result of await Promise.allSettled(loading)) {
      // A module that cannot be loaded has type errors, and its specifications miss their class.
      if (result.status === 'fulfilled')
        for (const [name, value] of Object.entries(objectOf(result.value))) classes.set(name, value);
    }
    const support: Record<string, unknown> = {};
    for (const module of ['stream', 'errors'])
      Object.assign(support, await sandbox.load(`${SUPPORT_FOLDER}/${module}.ts`));
    return new SuiteRunner(analysis, names, { classOf: (name) => classes.get(name), support }, data);
  }

  run(specifications: Specifications): Pick<SuiteReport, 'passed' | 'failures'> {
    const failures = new Map<string, readonly string[]>();
    for (const [name, specification] of specifications) {
      const found =
        specification instanceof Error
          ? [specification.message]
          : WAYS.flatMap((way) => this.#runOne(specification, way));
      if (found.length > 0) failures.set(name, found);
    }
    return { passed: specifications.size - failures.size, failures };
  }

  #runOne(specification: Specification, way: Way): string[] {
    const file = this.#analysis.inference.program.files.find(({ root }) => root.id === specification.id);
    if (file === undefined) return [`the schema '${specification.id}' could not be compiled`];
    const note = (text: string): string => (way === 'at once' ? text : `(${way}) ${text}`);
    let root: object;
    try {
      root = this.#parse(file.root, specification.data, way);
    } catch (error) {
      const wrong =
        specification.error === undefined ? describeError(error) : this.#wrongError(error, specification.error);
      if (wrong !== undefined) return [note(`parsing ends with ${wrong}`)];
      return this.#assertAll(specification, file.root, this.#readPartly(file.root, specification.data, way)).map(note);
    }
    if (specification.error !== undefined) return [note(`expected ${specification.error.kind}, but parsing succeeds`)];
    return this.#assertAll(specification, file.root, root).map(note);
  }

  #assertAll({ asserts }: Specification, spec: ClassSpec, root: object): string[] {
    const { inference } = this.#analysis;
    const actual = new Evaluator(inference, this.#names, spec, root, this.#modules.classOf);
    const expected = new Evaluator(inference, this.#names, spec, undefined, this.#modules.classOf);
    return asserts.flatMap((assertion) => this.#assert(assertion, actual, expected));
  }

  #parse(spec: ClassSpec, data: string, way: Way): object {
    const type: unknown = this.#modules.classOf(this.#names.class(spec));
    return objectOf(callOn(type, 'fromBytes', this.#bytes(data), this.#options(way)));
  }

  /** What there is of a structure whose reading fails: the fields before the error, and the one that it is in. */
  #readPartly(spec: ClassSpec, data: string, way: Way): object {
    const stream = construct(Reflect.get(this.#modules.support, 'KaitaiStream'), this.#bytes(data), this.#options(way));
    const root = construct(this.#modules.classOf(this.#names.class(spec)), stream);
    try {
      methodOf(root, '_read').call(root, stream);
    } catch {
      // The error that is expected.
    }
    return root;
  }

  #bytes(data: string): Uint8Array {
    return Uint8Array.from(readFileSync(join(this.#data, data)));
  }

  /** Whoever collects gets every field read for itself; this collector throws as the reader would. */
  #options(way: Way): object | undefined {
    return way === 'at once' ? undefined : { onViolation: (violation: unknown) => this.#throwViolation(violation) };
  }

  #throwViolation(violation: unknown): never {
    const type: unknown = Reflect.get(this.#modules.support, 'ValidationError');
    throw typeof type === 'function' ? Reflect.construct(type, [violation]) : new Error('no ValidationError');
  }

  #assert({ actual, actualText, line, expected }: Assertion, on: Evaluator, constants: Evaluator): string[] {
    const where = `line ${line}: ${actualText}`;
    let found: Value;
    try {
      found = on.value(actual);
    } catch (error) {
      const wrong = 'error' in expected ? this.#wrongError(error, expected.error) : describeError(error);
      return wrong === undefined
        ? []
        : [`${where}: ${'error' in expected ? '' : `expected ${expected.text}, found `}${wrong}`];
    }
    if ('error' in expected) return [`${where}: expected ${expected.error.kind}, found ${describe(found)}`];
    try {
      const wanted = constants.value(expected.expr);
      return sameValue(found, wanted) ? [] : [`${where}: expected ${describe(wanted)}, found ${describe(found)}`];
    } catch (error) {
      return [`${where}: expected ${expected.text}, which is not understood: ${describeError(error)}`];
    }
  }

  /** What is wrong with an error that was expected; undefined where it is the right one. */
  #wrongError(error: unknown, { kind, message }: ExpectedError): string | undefined {
    const kinds = errorKinds(error, this.#modules.support);
    if (!kinds.includes(kind))
      return `${describeError(error)} (${kinds.join(', ') || 'of no kind'}) instead of ${kind}`;
    const text = error instanceof Error ? error.message : '';
    return message === undefined || text.includes(message) ? undefined : `'${text}' instead of '${message}'`;
  }
}

function callOn(target: unknown, name: string, ...args: readonly unknown[]): unknown {
  return methodOf(target, name).apply(target, args);
}

function methodOf(target: unknown, name: string): Function {
  const method: unknown = target instanceof Object ? Reflect.get(target, name) : undefined;
  if (typeof method !== 'function') throw new TypeError(`there is no method ${name}`);
  return method;
}

function construct(type: unknown, ...args: readonly unknown[]): object {
  if (typeof type !== 'function') throw new TypeError('there is no such class');
  return objectOf(Reflect.construct(type, args));
}

function objectOf(value: unknown): object {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
    throw new TypeError(`${String(value)} is no object`);
  return value;
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
