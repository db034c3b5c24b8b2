/**
 * Names of unfinished files. `.vhdx-<target>-<host>-<process>-<random>.part` says what the file was to become and who
 * makes it, so that one that was left behind can be told from one that is being made.
 */
import { lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { crc32c } from '../../base/crc32c.js';
import { systemPath } from './path-bytes.js';

/** An unfinished file of an earlier run for the same target. */
export interface Leftover {
  /** Path of the file. */
  readonly path: string;
  /** Whether it was removed, because its process is known to have ended. Processes of other hosts are never known. */
  readonly removed: boolean;
}

const NAME = /^\.vhdx-([0-9a-f]{8})-([0-9a-f]{8})-(\d+)-[0-9a-z]+\.part$/;

function digest(text: string): string {
  return crc32c(new TextEncoder().encode(text)).toString(16).padStart(8, '0');
}

/** Where process numbers mean what they mean here: containers have their own, whatever their host is called. */
function hostTag(): string {
  try {
    return digest(`${hostname()} ${readlinkSync('/proc/self/ns/pid')}`);
  } catch {
    return digest(hostname());
  }
}

/** Files that this thread is making. */
const own = new Set<string>();

/**
 * A new name in the folder of `target` for a file that is to replace it when it is complete. Not derived from its name,
 * which may have no room for more letters.
 */
export function claimDraftName(target: string): string {
  const random = Math.random().toString(36).slice(2);
  const name = `.vhdx-${digest(basename(target))}-${hostTag()}-${process.pid}-${random}.part`;
  const path = join(dirname(target), name);
  own.add(path);
  return path;
}

/** To be called when nothing is left under a name that has been claimed. */
export function releaseDraftName(path: string): void {
  own.delete(path);
}

/** Whether the process that makes the file has ended. */
function isAbandoned(path: string, pid: number, changed: number): boolean {
  // A process of the same number came before this one, as in a container that is started again.
  if (pid === process.pid) return !own.has(path) && changed < Date.now() - process.uptime() * 1000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'ESRCH';
  }
}

/**
 * Removes the unfinished files for `target`, under names of `claimDraftName`, whose process has ended; says which, and
 * which may have been left too.
 */
export function removeLeftovers(target: string, onLeftover: (leftover: Leftover) => void = () => undefined): void {
  const folder = dirname(target);
  const [tag, host] = [digest(basename(target)), hostTag()];
  for (const name of namesIn(folder)) {
    const [, madeFor, madeOn, pid] = NAME.exec(name) ?? [];
    if (madeFor !== tag) continue;
    const path = join(folder, name);
    const stats = lstatSync(systemPath(path), { throwIfNoEntry: false });
    if (stats?.isFile() !== true) continue;
    if (madeOn !== host) {
      onLeftover({ path, removed: false });
      continue;
    }
    if (!isAbandoned(path, Number(pid), stats.mtimeMs)) continue;
    onLeftover({ path, removed: remove(path) });
  }
}

/** A folder in which files can be made, but whose names cannot be read, has nothing to tell. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(systemPath(folder), 'utf8');
  } catch {
    return [];
  }
}

function remove(path: string): boolean {
  try {
    rmSync(systemPath(path), { force: true });
    return true;
  } catch {
    return false;
  }
}
