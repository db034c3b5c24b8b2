/** The settings of a project: `ksy-ts.config.json`, or the key `ksy-ts` of its package.json. */
import { dirname, join, relative, resolve } from 'node:path';
import { DOC_FORMATS, type DocFormat } from '../doc/pages.js';
import { IMPORT_EXTENSIONS, type ImportExtension } from '../import-extension.js';
import { readText } from './files.js';
import { reasonOf } from '../diagnostics.js';

/** As the command has them; what is not given is left to its defaults. */
export interface Settings {
  /** Files, folders, patterns. */
  readonly schemas: readonly string[];
  readonly outdir?: string;
  readonly importPath?: readonly string[];
  readonly index?: boolean;
  readonly positions?: boolean;
  readonly readOnly?: boolean;
  readonly reflection?: boolean;
  readonly interop?: boolean;
  readonly write?: boolean;
  readonly declarations?: boolean;
  readonly importExtension?: ImportExtension;
  readonly doc?: DocSettings;
}

/** Of `ksy-ts doc`. */
export interface DocSettings {
  readonly outdir?: string;
  readonly format?: DocFormat;
}

export interface Config {
  readonly file: string;
  /** With paths as the current folder has them. */
  readonly settings: Settings;
}

export const CONFIG_FILE = 'ksy-ts.config.json';
const PACKAGE_FILE = 'package.json';
const PACKAGE_KEY = 'ksy-ts';

const FLAGS = ['index', 'positions', 'readOnly', 'reflection', 'interop', 'write', 'declarations'] as const;
const KEYS: readonly string[] = ['$schema', 'schemas', 'outdir', 'importPaths', ...FLAGS, 'importExtension', 'doc'];

/** Hears of each file that is looked into, before it can turn out to be wrong. */
type Told = (file: string) => void;

/** The settings of `folder`, or else of the nearest folder around it that has some. @throws {Error} if they are wrong */
export function findConfig(folder: string, told: Told = () => undefined): Config | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const own = join(at, CONFIG_FILE);
    const ofPackage = join(at, PACKAGE_FILE);
    const [text, packageText] = [readText(own), readText(ofPackage)];
    if (text !== undefined || at === resolve(folder)) told(own);
    if (packageText !== undefined) told(ofPackage);
    const key = packageText === undefined ? undefined : inPackage(ofPackage, packageText);
    if (text !== undefined && key !== undefined)
      throw new Error(`${shown(own)} and the key '${PACKAGE_KEY}' of ${shown(ofPackage)}: keep one of them`);
    if (text !== undefined) return configOf(own, parse(own, text));
    if (key !== undefined) return configOf(ofPackage, key);
    if (dirname(at) === at) return undefined;
  }
}

/** The settings in `file`. @throws {Error} if there are none, or they are wrong */
export function readConfig(file: string, told: Told = () => undefined): Config {
  told(file);
  const text = readText(file);
  if (text === undefined) throw new Error(`${shown(file)}: no such file`);
  const key = file.endsWith(PACKAGE_FILE) ? inPackage(file, text) : parse(file, text);
  if (key === undefined) throw new Error(`${shown(file)} has no key '${PACKAGE_KEY}'`);
  return configOf(file, key);
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new Error(`${shown(file)}: ${reasonOf(error)}`, { cause: error });
  }
}

function inPackage(file: string, text: string): unknown {
  const manifest = parse(file, text);
  return isMap(manifest) ? manifest[PACKAGE_KEY] : undefined;
}

function configOf(file: string, value: unknown): Config {
  const fail = (message: string): never => {
    throw new Error(`${shown(file)}: ${message}`);
  };
  if (!isMap(value)) return fail('expected an object of settings');
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) return fail(`unknown setting '${unknown}', expected: ${KEYS.join(', ')}`);
  const folder = dirname(file);
  const paths = (key: string): string[] | undefined => {
    const given = value[key];
    if (given === undefined) return undefined;
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    return list.map((path) =>
      typeof path === 'string' && path !== ''
        ? inFolder(folder, path)
        : fail(`'${key}': expected a path or a list of paths`),
    );
  };
  const [outdir, ...more] = paths('outdir') ?? [];
  if (more.length > 0 || Array.isArray(value['outdir'])) return fail(`'outdir': expected a path`);
  const schemas = paths('schemas') ?? [];
  if (schemas.length === 0) return fail(`'schemas': expected a path or a list of paths`);
  const importPath = paths('importPaths');
  const flags = FLAGS.flatMap((key): [string, boolean][] => {
    const flag = value[key];
    if (flag === undefined) return [];
    return typeof flag === 'boolean' ? [[key, flag]] : fail(`'${key}': expected true or false`);
  });
  const isOn = new Map(flags);
  if (isOn.get('declarations') === true && (outdir !== undefined || isOn.get('index') === true))
    return fail(`'declarations' go beside the schemas: without 'outdir' and 'index'`);
  const { importExtension: named } = value;
  const importExtension = IMPORT_EXTENSIONS.find((each) => each === named);
  if (named !== undefined && importExtension === undefined)
    return fail(`'importExtension': expected ${IMPORT_EXTENSIONS.join(', ')}`);
  const doc = value['doc'] === undefined ? undefined : docSettings(value['doc'], folder, fail);
  return {
    file,
    settings: {
      schemas,
      outdir: outdir ?? inFolder(folder, '.'),
      ...(importPath === undefined ? {} : { importPath }),
      ...Object.fromEntries(flags),
      ...(importExtension === undefined ? {} : { importExtension }),
      ...(doc === undefined ? {} : { doc }),
    },
  };
}

function docSettings(value: unknown, folder: string, fail: (message: string) => never): DocSettings {
  if (!isMap(value)) return fail(`'doc': expected an object of settings`);
  const unknown = Object.keys(value).find((key) => key !== 'outdir' && key !== 'format');
  if (unknown !== undefined) return fail(`unknown setting 'doc.${unknown}', expected: outdir, format`);
  const { outdir, format: named } = value;
  if (outdir !== undefined && (typeof outdir !== 'string' || outdir === ''))
    return fail(`'doc.outdir': expected a path`);
  const format = DOC_FORMATS.find((each) => each === named);
  if (named !== undefined && format === undefined) return fail(`'doc.format': expected ${DOC_FORMATS.join(' or ')}`);
  return {
    ...(outdir === undefined ? {} : { outdir: inFolder(folder, outdir) }),
    ...(format === undefined ? {} : { format }),
  };
}

/** A path of the config, as the current folder has it. */
function inFolder(folder: string, path: string): string {
  return (relative('.', resolve(folder, path)) || '.').replaceAll('\\', '/');
}

const shown = (file: string): string => relative('.', file) || file;

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
