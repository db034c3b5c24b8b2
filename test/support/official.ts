/** The official compiler's JavaScript for a schema: the second opinion. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { parse } from 'yaml';

type YamlValue = null | boolean | number | bigint | string | YamlValue[] | { [key: string]: YamlValue };

interface OfficialCompiler {
  compile(
    language: string,
    schema: unknown,
    importer: { importYaml(name: string, mode: string): Promise<unknown> },
    debug: boolean,
  ): Promise<Record<string, string>>;
}

/** An object of the official reader: fields are plain properties. */
export type OfficialStruct = Record<string, unknown>;
export type OfficialClass = new (stream: unknown) => OfficialStruct;

const load = createRequire(import.meta.url);
const compiler = load('kaitai-struct-compiler') as OfficialCompiler;
const OfficialStream = load('kaitai-struct/KaitaiStream') as new (bytes: ArrayBuffer | DataView) => unknown;

export interface OfficialOptions {
  /** Changes the text of the schema first. */
  readonly edit?: (text: string) => string;
  /** Where absolute imports are looked for. */
  readonly importPath?: string;
  /** Classes of the user's own, by name. */
  readonly classes?: Readonly<Record<string, unknown>>;
}

/** Compiles `file` and what it imports; resolves to the class of its top type. */
export async function compileOfficial(file: string, options: OfficialOptions = {}): Promise<OfficialClass> {
  const { edit = (text: string): string => text } = options;
  const schema = parseSchema(edit(readFileSync(file, 'utf8')));
  const sources = await compiler.compile('javascript', schema, importerOf(file, options), false);
  const modules = new Map<string, Record<string, unknown>>();
  const requireModule = (name: string): unknown => {
    if (name.startsWith('kaitai-struct')) return OfficialStream;
    const base = name.replace(/^\.\//, '');
    const own = options.classes?.[base];
    if (own !== undefined) return { [base]: own };
    const known = modules.get(base);
    if (known !== undefined) return known;
    const exports: Record<string, unknown> = {};
    modules.set(base, exports);
    // The compiler's output is a UMD module; this is how CommonJS would run it.
    const run = compileFunction(sources[`${base}.js`] ?? '', ['exports', 'require']);
    run(exports, requireModule);
    return exports;
  };
  const first = Object.keys(sources).find((name) => isTop(name, file)) ?? '';
  const name = first.replace(/\.js$/, '');
  return (requireModule(`./${name}`) as Record<string, OfficialClass>)[name] as OfficialClass;
}

/** The official compiler's output in any of its languages. */
export function compileOfficialSources(
  language: string,
  file: string,
  options: Pick<OfficialOptions, 'importPath'> = {},
): Promise<Record<string, string>> {
  return compiler.compile(language, readSchema(file), importerOf(file, options), false);
}

function importerOf(
  file: string,
  { importPath }: OfficialOptions,
): { importYaml(name: string, mode: string): Promise<unknown> } {
  const importYaml = (name: string, mode: string): Promise<unknown> =>
    Promise.resolve(readSchema(`${join(mode === 'abs' ? (importPath ?? '') : dirname(file), name)}.ksy`));
  return { importYaml };
}

export function readOfficial(type: OfficialClass, bytes: Uint8Array): OfficialStruct {
  return new type(new OfficialStream(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
}

function isTop(name: string, file: string): boolean {
  const id = file.replace(/^.*\//, '').replace(/\.ksy$/, '');
  return name.toLowerCase() === `${id.replaceAll('_', '')}.js`;
}

function readSchema(file: string): unknown {
  return parseSchema(readFileSync(file, 'utf8'));
}

function parseSchema(text: string): unknown {
  return plain(parse(text, { intAsBigInt: true }) as YamlValue);
}

/** The compiler takes integers beyond 32 bits as text only. */
function plain(value: YamlValue): unknown {
  if (typeof value === 'bigint') return BigInt.asIntN(32, value) === value ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plain(child)]));
}
