import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { VhdxError } from '../index.js';

/** File names that images have; a differencing disk of Hyper-V is an .avhdx, one of persistent memory a .vhdpmem. */
const IMAGE_NAME = /\.(?:vhdx|avhdx|vhdpmem)$/i;

/** What the command was told to check. */
export interface CheckInputs {
  /** Images to check, in order; a file that was named twice is there once. */
  readonly images: readonly string[];
  /** Those of them that were found in a folder as links to files outside of it: nobody has named these. */
  readonly outside: ReadonlySet<string>;
  /** Folders without an image, or that cannot be read. */
  readonly failures: readonly { readonly image: string; readonly error: VhdxError }[];
  /** Whether the report is one on many images, also if there is only one in the folder. */
  readonly isList: boolean;
}

function byCodeUnit(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // Opening the file will say what is wrong with it.
    return false;
  }
}

/** Whether what a path leads to lies outside of a folder; true also where that cannot be told. */
async function leadsOutside(path: string, folder: string): Promise<boolean> {
  try {
    const way = relative(await realpath(folder), await realpath(path));
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  } catch {
    return true;
  }
}

/** The images below a folder, in the order of their names. Links to folders are not followed, so there is no cycle. */
async function imagesBelow(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).toSorted((one, other) =>
    byCodeUnit(one.name, other.name),
  );
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await imagesBelow(path)));
    else if (!IMAGE_NAME.test(entry.name)) continue;
    else if (entry.isFile() || (entry.isSymbolicLink() && !(await isFolder(path)))) found.push(path);
  }
  return found;
}

/** The images that `names` stand for: files as they are, and of a folder all images below it. */
export async function findInputs(names: readonly string[]): Promise<CheckInputs> {
  const images = new Set<string>();
  const outside = new Set<string>();
  const failures: { image: string; error: VhdxError }[] = [];
  let isList = names.length > 1;
  for (const name of names) {
    if (!(await isFolder(name))) {
      images.add(name);
      continue;
    }
    try {
      const found = await imagesBelow(name);
      for (const image of found) {
        images.add(image);
        if (!names.includes(image) && (await leadsOutside(image, name))) outside.add(image);
      }
      if (found.length > 0) isList = true;
      else {
        const message = `Cannot check ${name}: it is a directory without *.vhdx, *.avhdx or *.vhdpmem files.`;
        failures.push({ image: name, error: new VhdxError('VHDX_SOURCE_IS_DIRECTORY', { message }) });
      }
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `Cannot read the directory ${name}: ${reason}.`;
      failures.push({ image: name, error: new VhdxError('VHDX_SOURCE_IO', { message, cause }) });
    }
  }
  return { images: [...images], outside, failures, isList };
}
