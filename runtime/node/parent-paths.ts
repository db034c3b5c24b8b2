/** The paths that a new child remembers of its parent. */
import { dirname, posix, resolve, win32 } from 'node:path';
import { VhdxError } from '../errors/errors.js';
import { realPath } from '../io/node/path-bytes.js';
import { isWellFormed } from '../base/utf16.js';
import type { NewParent } from '../create/options.js';

/** The ways to a parent that a child remembers, as far as there are such. [MS-VHDX] 2.6.2.6.3 */
export type ParentPaths = Pick<NewParent, 'relativePath' | 'volumePath' | 'absoluteWin32Path'>;

/** What stands for the root where there are no drives: our resolver takes it for one, and a path has to begin with it. */
const ROOT_DRIVE = String.raw`\\?\C:`;

/** `way` as it is seen from the folder itself. */
function fromHere(way: string): string {
  return way === '..' || way.startsWith('..\\') ? way : `.\\${way}`;
}

/**
 * The paths on Windows: none of the two may be relative. There is no relative path from one drive to another.
 * `volumes`: names of volumes by the roots that they are mounted at (`C:\`).
 */
export function windowsPaths(folder: string, parent: string, volumes: ReadonlyMap<string, string>): ParentPaths {
  const way = win32.relative(folder, parent);
  const { root } = win32.parse(parent);
  const volume = volumes.get(root);
  return {
    relativePath: win32.isAbsolute(way) ? undefined : fromHere(way),
    volumePath: volume === undefined ? undefined : volume + parent.slice(root.length),
    absoluteWin32Path: win32.toNamespacedPath(parent),
  };
}

/**
 * The paths on any other system, written as those of Windows; drive C: stands for the root.
 *
 * @throws VhdxError VHDX_CREATE_PARENT_PATH_INVALID if a name has a backslash, or is no UTF-8
 */
export function posixPaths(folder: string, parent: string): ParentPaths {
  const way = posix.relative(folder, parent);
  if (way.includes('\\')) {
    throw new VhdxError('VHDX_CREATE_PARENT_PATH_INVALID', {
      message: `The way from ${folder} to ${parent} has a backslash in it, which separates folders in a Windows path.`,
    });
  }
  if (!isWellFormed(way)) {
    throw new VhdxError('VHDX_CREATE_PARENT_PATH_INVALID', {
      message: `The way from ${folder} to ${parent} has bytes that are no UTF-8, which a parent locator cannot hold.`,
    });
  }
  const absolute =
    parent.includes('\\') || !isWellFormed(parent) ? undefined : ROOT_DRIVE + parent.replaceAll('/', '\\');
  return { relativePath: fromHere(way.replaceAll('/', '\\')), absoluteWin32Path: absolute };
}

/** What `mountvol C:\ /L` prints: the name of the volume that is mounted there. */
export function volumeIn(text: string): string | undefined {
  return /\\\\\?\\Volume\{[0-9a-f-]+\}\\/i.exec(text)?.[0];
}

/** The volume of a drive; nothing where Windows does not say, as for a network drive. */
async function volumesOf(root: string): Promise<ReadonlyMap<string, string>> {
  // Loaded here: half of Node's network comes with it.
  const [{ execFile }, { promisify }] = await Promise.all([import('node:child_process'), import('node:util')]);
  const volume = await promisify(execFile)('mountvol', [root, '/L']).then(
    ({ stdout }) => volumeIn(stdout),
    () => undefined,
  );
  return new Map(volume === undefined ? [] : [[root, volume]]);
}

/**
 * The ways from the image that is to be made at `child` to `parent`, which exists. Links are followed, so that they lead
 * there from wherever the child is looked at.
 *
 * @throws VhdxError VHDX_CREATE_PARENT_PATH_INVALID
 */
export async function parentPaths(child: string, parent: string): Promise<ParentPaths> {
  const path = await realPath(parent);
  // A child that is replaced may be reached by a link; a folder that is not there is told when the child is made.
  const target = await realPath(child).catch(() => resolve(child));
  const folder = await realPath(dirname(target)).catch(() => dirname(target));
  if (process.platform !== 'win32') return posixPaths(folder, path);
  return windowsPaths(folder, path, await volumesOf(win32.parse(path).root));
}
