/** Tells of drafts that an earlier, interrupted run has left. */
import { basename } from 'node:path';
import type { Leftover } from '../node.js';
import type { Output } from './output.js';

/** Says what an earlier run for `target` has left. */
export function leftoverTeller(target: string, output: Output): (leftover: Leftover) => void {
  return ({ path, removed }) => {
    const name = basename(path);
    output.warn(
      removed
        ? `${target}: removed ${name}, which a run that was killed had left`
        : `${target}: ${name} may be left from a run that was killed: remove it if no other host is writing ${target}`,
    );
  };
}
