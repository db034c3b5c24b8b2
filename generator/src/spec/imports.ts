/** The files of a compilation: a schema and everything it imports. Reading them is the caller's, so no I/O is here. */
import type { Diagnostics, Location } from '../diagnostics.js';
import type { ClassSpec, Located, SchemaFile } from './model.js';
import { readSchema } from './read.js';
import { reasonOf } from '../diagnostics.js';

/** Source of schemas. */
export interface Importer {
  /** The text of a file; undefined where there is none. Paths are as in `loadSchemas`. */
  read(path: string): string | undefined;
  /** Directories that are searched, in order, for an absolute import (`/common/foo`). */
  readonly importPaths?: readonly string[];
}

/** A schema whose imports are added as they are found. */
interface LoadedFile extends SchemaFile {
  readonly imports: SchemaFile[];
}

/**
 * Reads `rootFile` and what it imports, each file once. Paths use `/` and are relative to what the importer takes them
 * to be, or absolute. Undefined where the root itself cannot be read; problems go to `diagnostics`.
 */
export function loadSchemas(rootFile: string, importer: Importer, diagnostics: Diagnostics): SchemaFile | undefined {
  return new Loader(importer, diagnostics).load(rootFile);
}

/** As {@link loadSchemas}, for several roots: a file that two of them import is read once and is the same object. */
export function loadAllSchemas(
  rootFiles: readonly string[],
  importer: Importer,
  diagnostics: Diagnostics,
): SchemaFile[] {
  const loader = new Loader(importer, diagnostics);
  return rootFiles.flatMap((file) => loader.load(file) ?? []);
}

/** A file that is there but cannot be read; that much is reported already. */
const UNREADABLE = Symbol('unreadable');

class Loader {
  readonly #importer: Importer;
  readonly #diagnostics: Diagnostics;
  /** By path; undefined for a file that cannot be read or has no type. */
  readonly #files = new Map<string, LoadedFile | undefined>();
  /** By text: a file that imports nothing may lie in several folders, and is one type. */
  readonly #copies = new Map<string, LoadedFile>();
  readonly #idOwners = new Map<string, Located<string>>();

  constructor(importer: Importer, diagnostics: Diagnostics) {
    this.#importer = importer;
    this.#diagnostics = diagnostics;
  }

  load(rootFile: string): SchemaFile | undefined {
    const path = normalizePath(rootFile);
    const at: Location = { file: path, line: 1, col: 1, path: '' };
    const text = this.#read(path, at);
    if (text === undefined) {
      this.#diagnostics.error(at, `unable to read '${path}': no such file`);
      return undefined;
    }
    if (text === UNREADABLE) return undefined;
    // A list of open files instead of recursion: a chain of imports may be of any length.
    const open: LoadedFile[] = [];
    const root = this.#open(path, text, open);
    for (let next = open.pop(); next !== undefined; next = open.pop()) this.#loadImports(next, open);
    return root;
  }

  #open(path: string, text: string, open: LoadedFile[]): LoadedFile | undefined {
    if (this.#files.has(path)) return this.#files.get(path);
    const copied = this.#copies.get(text);
    if (copied !== undefined) {
      this.#files.set(path, copied);
      return copied;
    }
    const spec = readSchema(path, text, this.#diagnostics);
    const file: LoadedFile | undefined = spec && { file: path, root: spec, imports: [] };
    this.#files.set(path, file);
    if (file === undefined) return undefined;
    this.#claimId(file.root);
    if (importEntries(file.root).length === 0) this.#copies.set(text, file);
    open.push(file);
    return file;
  }

  /** Types of all files share one space of names, and each file becomes one output. */
  #claimId({ id, meta, at, file }: ClassSpec): void {
    const owner = this.#idOwners.get(id);
    if (owner === undefined) {
      this.#idOwners.set(id, { value: file, at });
      return;
    }
    const where = meta.id?.at ?? at;
    this.#diagnostics.error(where, `two schemas have the id '${id}': ${owner.value} and ${file}; rename one of them`);
  }

  #loadImports(file: LoadedFile, open: LoadedFile[]): void {
    for (const entry of importEntries(file.root)) {
      const found = this.#find(entry, file.file);
      if (found === undefined) continue;
      const imported = this.#open(found.path, found.text, open);
      if (imported !== undefined && !file.imports.includes(imported)) file.imports.push(imported);
    }
  }

  #find({ value, at }: Located<string>, from: string): { path: string; text: string } | undefined {
    const name = value.trim();
    if (/(?:^|\/)$/.test(name)) return this.#refuseName(at, name);
    const candidates = name.startsWith('/')
      ? (this.#importer.importPaths ?? []).map((base) => normalizePath(`${base}/${name}.ksy`))
      : [normalizePath(`${directoryOf(from)}/${name}.ksy`)];
    for (const path of candidates) {
      const text = this.#files.has(path) ? '' : this.#read(path, at);
      if (text === UNREADABLE) return undefined;
      if (text !== undefined) return { path, text };
    }
    const searched = (this.#importer.importPaths ?? []).join(', ') || 'none are given';
    const hint = name.endsWith('.ksy') ? `; leave out '.ksy'` : '';
    this.#diagnostics.error(
      at,
      name.startsWith('/')
        ? `unable to find '${name.slice(1)}.ksy' in import search paths (${searched})${hint}`
        : `unable to find '${candidates.join('')}': imports are relative to the importing file${hint}`,
    );
    return undefined;
  }

  #refuseName(at: Location, name: string): undefined {
    this.#diagnostics.error(at, `invalid import '${name}': expected the path of a schema, without '.ksy'`);
    return undefined;
  }

  /** `at` is where the file is asked for. */
  #read(path: string, at: Location): string | typeof UNREADABLE | undefined {
    try {
      return this.#importer.read(path);
    } catch (error) {
      this.#diagnostics.error(at, `unable to read '${path}': ${reasonOf(error)}`);
      return UNREADABLE;
    }
  }
}

/** `meta/imports` of a type and of the types in it. */
function importEntries(spec: ClassSpec): Located<string>[] {
  return [...spec.meta.imports, ...[...spec.types.values()].flatMap(importEntries)];
}

function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '.';
  return path.slice(0, slash) || '/';
}

/** Resolves `.` and `..`; what leads above a relative start is kept. */
export function normalizePath(path: string): string {
  const isAbsolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isAbsolute) parts.push('..');
  }
  return (isAbsolute ? '/' : '') + parts.join('/');
}
