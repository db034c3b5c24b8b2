/** Doing something again whenever what it depends on changes. */
import { statSync, watch as watchFolder, type FSWatcher } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EXTENSION, foldersBelow, isFolder } from './schemas.js';

export interface Dependencies {
  readonly status: number;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Editors write in several steps. */
const SETTLED_MS = 100;

/** Runs now and after every change of the files and folders that the last run names, until the process ends. */
export function watch(run: () => Dependencies): void {
  const watchers = new Map<string, FSWatcher>();
  let names = new Set<string>();
  let pending: NodeJS.Timeout | undefined;
  let times = new Map<string, number>();

  const again = (): void => {
    const before = times;
    const start = Date.now();
    const { status, files, folders } = run();
    times = new Map(files.map((file) => [file, timeOf(file)]));
    names = new Set(files.map((file) => basename(file)));
    follow(new Set([...files.map((file) => nearestFolder(dirname(resolve(file)))), ...folders.flatMap(allBelow)]));
    // Written while it was being read, when nobody was watching yet.
    if (files.some((file) => timeOf(file) >= start && timeOf(file) !== before.get(file))) schedule();
    console.error(`ksy-ts: ${status === 0 ? 'up to date' : 'nothing was written'}; waiting for changes`);
  };
  const schedule = (): void => {
    clearTimeout(pending);
    pending = setTimeout(again, SETTLED_MS);
  };
  const changed = (folder: string, name: string | null): void => {
    if (name !== null && !name.endsWith(EXTENSION) && !names.has(name) && !isNewFolder(folder, name)) return;
    schedule();
  };
  const follow = (wanted: ReadonlySet<string>): void => {
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) {
      if (watchers.has(folder)) continue;
      const watcher = watchFolder(folder, (_, name) => changed(folder, name));
      // A folder that goes away: what is left of it shows in the next run.
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(folder);
        changed(folder, null);
      });
      watchers.set(folder, watcher);
    }
  };
  again();
}

/** When a file was last written, in milliseconds since 1970; -1 where there is none. */
const timeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;

const allBelow = (folder: string): string[] => [...foldersBelow(resolve(folder))];

/** A folder that is not there yet shows in the one around it. */
function nearestFolder(folder: string): string {
  return isFolder(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

function isNewFolder(folder: string, name: string): boolean {
  return statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true;
}
