/** Doing something again whenever what it depends on changes. */
import { statSync, watch as watchFolder, type FSWatcher } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { printable, reasonOf } from '../diagnostics.js';
import { EXTENSION, foldersBelow, isFolder } from './schemas.js';

export interface Dependencies {
  readonly status: number;
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Editors write in several steps. */
const SETTLED_MS = 100;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs now and after every change of the files and folders that the last run names, until the process ends. A signal ends
 * it between runs, not within one.
 */
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
      if (!watchers.has(folder)) begin(folder);
    }
  };
  const begin = (folder: string): void => {
    let watcher: FSWatcher;
    try {
      watcher = watchFolder(folder, (_, name) => changed(folder, name));
    } catch (error) {
      // One that is gone already shows in the folder around it.
      if (isFolder(folder)) console.error(`ksy-ts: ${printable(`${folder} is not watched: ${reasonOf(error)}`)}`);
      return;
    }
    // A folder that goes away: what is left of it shows in the next run.
    watcher.on('error', () => {
      watcher.close();
      watchers.delete(folder);
      changed(folder, null);
    });
    watchers.set(folder, watcher);
  };
  const end = (signal: NodeJS.Signals): void => {
    for (const each of SIGNALS) process.off(each, end);
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  again();
}

/** When a file was last written, in milliseconds since 1970; -1 where there is none. A folder changes by what is written to it. */
function timeOf(file: string): number {
  const found = statSync(file, { throwIfNoEntry: false });
  return found?.isFile() === true ? found.mtimeMs : -1;
}

/** A folder and those below it, as far as they are there still. */
function allBelow(folder: string): string[] {
  const found: string[] = [];
  try {
    for (const each of foldersBelow(resolve(folder))) found.push(each);
  } catch {
    // Removed in the meantime: that shows in the folder around it.
  }
  return found;
}

/** A folder that is not there yet shows in the one around it. */
function nearestFolder(folder: string): string {
  return isFolder(folder) || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

function isNewFolder(folder: string, name: string): boolean {
  return statSync(join(folder, name), { throwIfNoEntry: false })?.isDirectory() === true;
}
