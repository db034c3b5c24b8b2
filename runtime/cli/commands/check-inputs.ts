/** Finds the images among the files and folders that `vhdx check` is given. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { VhdxError } from '../../index.js';
import { pathFromBytes, systemPath } from '../../node.js';

/** File names that images have; a differencing disk of Hyper-V is an .avhdx, one of persistent memory a .vhdpmem. */
const IMAGE_NAME = /\.(?:vhdx|avhdx|vhdpmem)$/i;

/** An image to check, or a folder that has none or cannot be read. */
export interface CheckInput {
  readonly image: string;
  readonly error?: VhdxError;
  /** Whether it was found in a folder as a link to a file outside of it: the user has not named that. */
  readonly isOutside?: true;
}

/** What the command was told to check. */
export interface CheckInputs {
  /** In the order of the names; what was named twice is there once. */
  readonly inputs: readonly CheckInput[];
  /** The folders among the names. */
  readonly folders: readonly string[];
  /** Whether the report is one on many images, also if there is only one in the folder. */
  readonly isList: boolean;
}

function byCodeUnit(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(systemPath(path))).isDirectory();
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

/** The images below a folder, in the order of their names. Links to folders are not followed, so there is no cycle. */
async function imagesBelow(folder: string): Promise<CheckInput[]> {
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(systemPath(folder), { withFileTypes: true, encoding: 'buffer' });
  } catch (cause) {
    return [unreadableFolder(folder, cause)];
  }
  const named = entries
    .map((entry) => ({ entry, name: pathFromBytes(entry.name) }))
    .toSorted((one, other) => byCodeUnit(one.name, other.name));
  const found: CheckInput[] = [];
  for (const { entry, name } of named) {
    const path = join(folder, name);
    if (entry.isDirectory()) found.push(...(await imagesBelow(path)));
    else if (!IMAGE_NAME.test(name)) continue;
    else if (entry.isFile() || (entry.isSymbolicLink() && !(await isFolder(path)))) found.push({ image: path });
  }
  return found;
}

/** The images that `names` stand for: files as they are, and of a folder all images below it. */
export async function findInputs(names: readonly string[]): Promise<CheckInputs> {
  const inputs = new Map<string, CheckInput>();
  const add = (input: CheckInput): void => {
    if (!inputs.has(input.image)) inputs.set(input.image, input);
  };
  const folders: string[] = [];
  let isList = names.length > 1;
  for (const name of names) {
    if (!(await isFolder(name))) {
      add({ image: name });
      continue;
    }
    folders.push(name);
    const found = await imagesBelow(name);
    for (const input of found) {
      const { image, error } = input;
      const isNamed = error !== undefined || names.includes(image);
      add(isNamed || !(await leadsOutside(image, name)) ? input : { image, isOutside: true });
    }
    if (found.some(({ error }) => error === undefined)) isList = true;
    else if (found.length === 0) {
      const message = `Cannot check ${name}: it is a directory without *.vhdx, *.avhdx or *.vhdpmem files.`;
      add({ image: name, error: new VhdxError('VHDX_SOURCE_IS_DIRECTORY', { message }) });
    }
  }
  return { inputs: [...inputs.values()], folders, isList };
}
