/** Whether a merge has been completed: what children supply is in their parent. */
import { bytesEqual, isZero } from '../base/bytes.js';
import { LIMITS } from '../base/limits.js';
import type { SignalOptions } from '../base/options.js';
import type { VhdxDisk } from '../disk/disk.js';
import { readAvailable, readExactly } from '../io/byte-source.js';
import { type SuppliedRun, suppliedRuns } from './merge-supply.js';

/** Whether a part of the parent reads as what is supplied of it. */
async function holdsRun(
  parent: VhdxDisk,
  { start, end, origin }: SuppliedRun,
  options: SignalOptions,
): Promise<boolean> {
  for (let at = start; at < end; at += LIMITS.readChunkBytes) {
    options.signal?.throwIfAborted();
    const length = Math.min(LIMITS.readChunkBytes, end - at);
    const there = await readExactly(parent, at, length, options);
    if (origin === undefined) {
      if (!isZero(there)) return false;
      continue;
    }
    // The last block of a file may be incomplete: what it lacks is zeros.
    const supplied = await readAvailable(origin.view, origin.fileOffset + at - start, length, options);
    if (!bytesEqual(supplied, there.subarray(0, supplied.length)) || !isZero(there.subarray(supplied.length))) {
      return false;
    }
  }
  return true;
}

/**
 * Whether `parent` holds all that `levels` supply, the child first: a merge of them would change nothing that a user
 * sees. Reads both, up to the first difference.
 */
export async function holdsAll(
  parent: VhdxDisk,
  levels: readonly VhdxDisk[],
  options: SignalOptions,
): Promise<boolean> {
  const size = levels[0]?.size ?? 0;
  if (size > parent.size) return false;
  for await (const run of suppliedRuns(levels, 0, size, options)) {
    if (!(await holdsRun(parent, run, options))) return false;
  }
  return true;
}
