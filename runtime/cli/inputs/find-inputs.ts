/** Finds the images that `vhdx check` is given as files, folders, URLs, patterns and lists. */
import { type Dirent, statSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { VhdxError } from '../../index.js';
import { pathFromBytes, systemPath } from '../../node.js';
import { isUrl } from '../sources/image-name.js';
import { readNames } from './list-file.js';
import { UsageError } from '../usage-error.js';
import type { Matcher, PathPattern } from './pattern.js';

/** File names that images have; a differencing disk of Hyper-V is an .avhdx, one of persistent memory a .vhdpmem. */
const IMAGE_NAME = /\.(?:vhdx|avhdx|vhdpmem)$/i;

/** What is found in a folder. */
interface FoundInput extends CheckInput {
  /** Whether it is a symbolic link. */
  readonly isLink?: boolean;
}

/** An image to check, or a folder that has none or cannot be read. */
export interface CheckInput {
  readonly image: string;
  readonly error?: VhdxError;
  /** Whether it was found in a folder as a link to a file outside of it: nobody has named that. */
  readonly isOutside?: boolean;
}

/** What the command was told to look at. */
export interface NamedInputs {
  readonly names: readonly string[];
  /** Lists of further names; `-` is standard input. */
  readonly fromFile?: readonly string[] | undefined;
  /** Patterns of what is left out. */
  readonly exclude?: readonly string[] | undefined;
  /** Tells what else is left out. */
  readonly isExcluded?: Matcher | undefined;
}

/** What that comes to. */
export interface CheckInputs {
  /** In the order of the names; what was named twice is there once. */
  readonly inputs: readonly CheckInput[];
  /** The folders among the names. */
  readonly folders: readonly string[];
  /** Whether the report is one on many images, also if there is only one in the folder or the list. */
  readonly isList: boolean;
}

function byCodeUnit(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** At once: one name after the other is looked at, and there may be a hundred thousand of them. */
function isFolder(path: string): boolean {
  try {
    return statSync(systemPath(path), { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // Opening the file will say what is wrong with it.
    return false;
  }
}

function unreadableFolder(folder: string, cause: unknown): CheckInput {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `Cannot read the directory ${folder}: ${reason}.`;
  return { image: folder, error: new VhdxError('VHDX_SOURCE_IO', { message, cause }) };
}

async function realPath(path: string): Promise<string> {
  return pathFromBytes(await realpath(systemPath(path), { encoding: 'buffer' }));
}

/** Whether what a path leads to lies outside of a folder; true also where that cannot be told. */
async function leadsOutside(path: string, folder: string): Promise<boolean> {
  try {
    const way = relative(await realPath(folder), await realPath(path));
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  } catch {
    return true;
  }
}

/** What is left out, and whether anything may be. */
interface Exclusions {
  readonly isExcluded: Matcher;
  readonly hasExclusions: boolean;
}

/** What is taken of a folder. */
interface Wanted {
  /** Whether a file is one of the images. */
  readonly isImage: (path: string) => boolean;
  readonly isExcluded: Matcher;
  /** How many folders are gone into, the first one included. */
  readonly depth: number;
}

/** The images below a folder, in the order of their names. Links to folders are not followed, so there is no cycle. */
async function imagesBelow(folder: string, wanted: Wanted): Promise<FoundInput[]> {
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(systemPath(folder), { withFileTypes: true, encoding: 'buffer' });
  } catch (cause) {
    return [unreadableFolder(folder, cause)];
  }
  const named = entries
    .map((entry) => ({ entry, name: pathFromBytes(entry.name) }))
    .toSorted((one, other) => byCodeUnit(one.name, other.name));
  const found: FoundInput[] = [];
  for (const { entry, name } of named) {
    const path = join(folder, name);
    if (wanted.isExcluded(path)) continue;
    if (entry.isDirectory()) {
      if (wanted.depth > 1) found.push(...(await imagesBelow(path, { ...wanted, depth: wanted.depth - 1 })));
    } else if (!wanted.isImage(path)) continue;
    else if (entry.isFile()) found.push({ image: path });
    else if (entry.isSymbolicLink() && !isFolder(path)) found.push({ image: path, isLink: true });
  }
  return found;
}

/** The files that a pattern means; if there is none, that is said of the pattern. */
async function imagesLike(
  name: string,
  pattern: PathPattern,
  { isExcluded, hasExclusions }: Exclusions,
): Promise<CheckInput[]> {
  const { folder, depth, matches } = pattern;
  if (isFolder(folder)) {
    const found = await imagesBelow(folder, { isImage: matches, isExcluded, depth });
    if (found.length > 0) return found;
  }
  if (hasExclusions) return [];
  const message = `Cannot read ${name}: no file has a name like this.`;
  return [{ image: name, error: new VhdxError('VHDX_SOURCE_NOT_FOUND', { message }) }];
}

async function imagesIn(
  folder: string,
  isNamed: Matcher,
  { isExcluded, hasExclusions }: Exclusions,
): Promise<CheckInput[]> {
  const found = await imagesBelow(folder, { isImage: (path) => IMAGE_NAME.test(path), isExcluded, depth: Infinity });
  if (found.length === 0 && hasExclusions) return [];
  if (found.length === 0) {
    const message = `Cannot check ${folder}: it is a directory without *.vhdx, *.avhdx or *.vhdpmem files.`;
    return [{ image: folder, error: new VhdxError('VHDX_SOURCE_IS_DIRECTORY', { message }) }];
  }
  return Promise.all(
    found.map(async ({ isLink = false, ...input }): Promise<CheckInput> => {
      const { image } = input;
      // Only a link leads anywhere else, as links to folders are not followed.
      if (!isLink || isNamed(image) || !(await leadsOutside(image, folder))) return input;
      return { image, isOutside: true };
    }),
  );
}

/** What tells patterns from names; loaded only if a name could be one. */
async function patternOf(name: string): Promise<PathPattern | undefined> {
  if (!/[*?[{(!]/.test(name)) return undefined;
  const { isPattern, parsePattern } = await import('./pattern.js');
  // A file of that very name is meant before all that the name would match.
  const isThere = await stat(systemPath(name)).then(
    () => true,
    () => false,
  );
  return isThere || !isPattern(name) ? undefined : parsePattern(name);
}

/**
 * The names, with the files that they mean in the place of those that are patterns.
 *
 * @throws UsageError for a pattern that no file is like
 */
export async function filesNamed(names: readonly string[]): Promise<readonly string[]> {
  const nothing = { isExcluded: () => false, hasExclusions: false };
  const found: string[] = [];
  for (const name of names) {
    const pattern = await patternOf(name);
    if (pattern === undefined) found.push(name);
    else {
      const like = await imagesLike(name, pattern, nothing);
      if (like.some(({ error }) => error !== undefined)) throw new UsageError(`there is no file like ${name}`);
      // What has been named already is not meant twice.
      found.push(...like.map(({ image }) => image).filter((image) => !found.includes(image)));
    }
  }
  return found;
}

async function exclusionsOf({ exclude = [], isExcluded }: NamedInputs): Promise<Exclusions> {
  const all = isExcluded === undefined ? [] : [isExcluded];
  if (exclude.length > 0) all.push((await import('./pattern.js')).parseExclusions(exclude));
  return { isExcluded: (path) => all.some((isMeant) => isMeant(path)), hasExclusions: all.length > 0 };
}

/**
 * The images that are meant: files and URLs as they are, of a folder all images below it, of a pattern all files like it.
 *
 * @throws UsageError if a list of names cannot be read
 */
export async function findInputs(named: NamedInputs): Promise<CheckInputs> {
  const { names, fromFile = [] } = named;
  const listed: string[] = [];
  for (const file of fromFile) listed.push(...(await readNames(file)));
  const exclusions = await exclusionsOf(named);
  const inputs = new Map<string, CheckInput>();
  const folders: string[] = [];
  const given = new Set([...names, ...listed]);
  let isList = names.length > 1 || fromFile.length > 0;
  const take = (found: readonly CheckInput[]): void => {
    for (const input of found) if (!inputs.has(input.image)) inputs.set(input.image, input);
    if (found.some(({ error }) => error === undefined)) isList = true;
  };
  for (const [index, name] of [...names, ...listed].entries()) {
    // What is in a list are names, not patterns.
    const pattern = isUrl(name) || index >= names.length ? undefined : await patternOf(name);
    if (pattern !== undefined) take(await imagesLike(name, pattern, exclusions));
    else if (exclusions.isExcluded(name)) continue;
    else if (isUrl(name) || !isFolder(name)) {
      if (!inputs.has(name)) inputs.set(name, { image: name });
    } else {
      folders.push(name);
      take(await imagesIn(name, (path) => given.has(path), exclusions));
    }
  }
  return { inputs: [...inputs.values()], folders, isList };
}
