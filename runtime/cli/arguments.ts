/** Arguments of the process as paths, with bytes that are not UTF-8. */
import { readFileSync } from 'node:fs';
import { pathFromBytes } from '../node.js';

/** The arguments `args` of this process as paths, with all of their bytes: Linux keeps them. */
export function withStrayBytes(args: readonly string[]): readonly string[] {
  if (process.platform !== 'linux') return args;
  try {
    const line = readFileSync('/proc/self/cmdline');
    const all: string[] = [];
    for (let at = 0; at < line.length;) {
      const end = line.indexOf(0, at);
      all.push(pathFromBytes(line.subarray(at, end === -1 ? line.length : end)));
      at = end === -1 ? line.length : end + 1;
    }
    return all.slice(-args.length);
  } catch {
    // Without /proc they stay as they are.
    return args;
  }
}
