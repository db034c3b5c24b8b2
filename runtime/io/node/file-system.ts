/** What kind of file system a file is on. */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemPath } from './path-bytes.js';

/** `f_type` of tmpfs and ramfs, as statfs(2) lists them. */
const IN_MEMORY = new Set([0x0102_1994, 0x8584_58f6]);

/**
 * Whether a file at `path` would be in memory: then writing takes the processor's time alone. False where that is not
 * known, as it is on Linux only.
 */
export function isInMemory(path: string): boolean {
  try {
    return IN_MEMORY.has(statfsSync(systemPath(dirname(path))).type);
  } catch {
    return false;
  }
}
