/** Schemas as they are in a revision of a git repository. */
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { readText } from './files.js';
import type { Importer } from '../spec/imports.js';

/** The files of one commit. Paths are those of the working tree: relative to the current folder, or absolute. */
export class Revision {
  readonly #root: string;
  /** Object names by path within the repository. */
  readonly #blobs: ReadonlyMap<string, string>;

  /** @throws {Error} where the current folder is in no repository, or there is no such revision */
  constructor(revision: string) {
    this.#root = realpathSync(git(['rev-parse', '--show-toplevel']).trimEnd());
    const commit = git(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
      revision,
    ).trim();
    this.#blobs = new Map(
      git(['ls-tree', '-r', '-z', '--full-tree', commit])
        .split('\0')
        .flatMap((line): [string, string][] => {
          // Mode, type, object, path; symbolic links (120000) and submodules have no text of their own.
          const [, mode = '', object = '', path = ''] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(line) ?? [];
          return mode.startsWith('100') ? [[path, object]] : [];
        }),
    );
  }

  /** A file's text in the commit; of a file outside of the repository, as it is now. */
  read(path: string): string | undefined {
    const within = this.#within(path);
    if (within.startsWith('../') || isAbsolute(within)) return readText(path);
    const object = this.#blobs.get(within);
    return object === undefined ? undefined : git(['cat-file', 'blob', object]);
  }

  importer(importPaths: readonly string[]): Importer {
    return { read: (path) => this.read(path), importPaths };
  }

  isFile(path: string): boolean {
    return this.#blobs.has(this.#within(path));
  }

  /** Paths below `folder`, as the current folder has them. */
  filesBelow(folder: string): string[] {
    const within = this.#within(folder);
    const start = within === '' ? '' : `${within}/`;
    return [...this.#blobs.keys()]
      .filter((path) => path.startsWith(start))
      .map((path) => join(folder, path.slice(start.length)));
  }

  #within(path: string): string {
    return relative(this.#root, realPath(resolve(path)))
      .split(sep)
      .join('/');
  }
}

/** Without symbolic links as far as the path is there: what was deleted since has a path as well. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
  }
}

function git(args: readonly string[], revision?: string): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    if (revision !== undefined) throw new Error(`git has no revision '${revision}'`, { cause: error });
    const words = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(words === '' ? `git ${args[0] ?? ''} failed: is git installed?` : `git: ${words}`, {
      cause: error,
    });
  }
}
