/** Looks for parents among the files of the host, within allowed folders. */
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { ParentCandidate } from '../disk/chain.js';
import { VhdxError } from '../errors/errors.js';
import { excerpt } from '../base/excerpt.js';
import { NodeFileSource } from '../io/node/file-source.js';
import { realPath } from '../io/node/path-bytes.js';
import type { ByteSource } from '../io/byte-source.js';
import { parseWindowsPath } from '../base/windows-path.js';

/** Folders in which parents may be opened. */
export interface NodeParentOptions {
  /** The parent of the first image; its own parents are looked for as usual. */
  readonly parent?: string | undefined;
  /** Folders, besides that of the image itself, that parents may be in. */
  readonly roots?: readonly string[] | undefined;
  /** Takes each path that was not followed, with the reason; for a report. */
  readonly onSkip?: ((candidate: ParentCandidate, reason: string) => void) | undefined;
}

/**
 * Finds parents in the file system, and only where that was allowed: a locator is anybody's input. A relative path is
 * followed inside of the image's own folder; every path also below the folders of `roots`, a drive or volume standing
 * for the root. What a link leads out of these is not opened.
 */
export function nodeParentResolver(
  options: NodeParentOptions = {},
): (candidate: ParentCandidate) => Promise<NodeFileSource | undefined> {
  let given = options.parent;
  return async (candidate) => {
    if (given !== undefined) {
      const path = given;
      given = undefined;
      return NodeFileSource.open(path);
    }
    const skip = (reason: string): undefined => {
      options.onSkip?.(candidate, reason);
      candidate.note?.(reason);
      return undefined;
    };
    const { kind, parts } = parseWindowsPath(candidate.path);
    if (parts.length === 0) return skip('it names no file');
    if (kind === 'device') return skip('it names a device or a share that cannot be told from one');
    const folder = await folderOf(candidate.child);
    const roots = await Promise.all((options.roots ?? []).map(realFolder));
    const allowed = folder === undefined ? roots : [folder, ...roots];
    const bases = kind === 'relative' ? allowed : roots;
    if (bases.length === 0) return skip('absolute paths are followed only below folders that were allowed');
    for (const base of new Set(bases)) {
      const source = await openInside(join(base, ...parts), allowed, skip);
      if (source !== undefined) return source;
    }
    return undefined;
  };
}

async function folderOf({ path }: ByteSource): Promise<string | undefined> {
  return path === undefined ? undefined : dirname(await realPath(path));
}

async function realFolder(path: string): Promise<string> {
  return realPath(resolve(path)).catch(() => resolve(path));
}

/** Opens `path` if it is there and, links followed, inside of one of the folders. */
async function openInside(
  path: string,
  folders: readonly string[],
  skip: (reason: string) => undefined,
): Promise<NodeFileSource | undefined> {
  let real: string;
  try {
    real = await realPath(path);
  } catch {
    return isInside(resolve(path), folders) ? skip(`${excerpt(path)} is not there`) : skip(outside(path));
  }
  if (!isInside(real, folders)) return skip(outside(real));
  try {
    return await NodeFileSource.open(real);
  } catch (error) {
    if (error instanceof VhdxError) return skip(error.message);
    throw error;
  }
}

const outside = (path: string): string => `${excerpt(path)} is outside of the folders that parents may be in`;

function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const way = relative(folder, path);
    return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
  });
}
