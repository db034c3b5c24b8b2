/** Whether a merge has been completed: what children supply is in their parent. */
import { bytesEqual, isZero } from '../base/bytes.js';
import { LIMITS } from '../base/limits.js';
import type { SignalOptions } from '../base/options.js';
import type { VhdxDisk } from '../disk/disk.js';
import { readExactly } from '../io/byte-source.js';
import { type SuppliedRun, suppliedRuns } from './merge-supply.js';

/** What a comparison of a part of the parent with what is supplied of it comes to. */
type Likeness = 'other' | 'zeros' | 'data';

async function compareRun(
  parent: VhdxDisk,
  { start, end, origin }: SuppliedRun,
  options: SignalOptions,
): Promise<Likeness> {
  let likeness: Likeness = 'zeros';
  for (let at = start; at < end; at += LIMITS.readChunkBytes) {
    options.signal?.throwIfAborted();
    const length = Math.min(LIMITS.readChunkBytes, end - at);
    const there = await readExactly(parent, at, length, options);
    if (origin === undefined) {
      if (!isZero(there)) return 'other';
      continue;
    }
    const supplied = await readExactly(origin.view, origin.fileOffset + at - start, length, options);
    if (!bytesEqual(supplied, there)) return 'other';
    if (!isZero(supplied)) likeness = 'data';
  }
  return likeness;
}

/**
 * Whether `parent` holds all that `levels` supply, the child first: a merge of them would change nothing that a user
 * sees. That a parent lacks nothing of children that supply nothing, or zeros alone, says nothing of a merge: false.
 * Reads both, up to the first difference.
 */
export async function holdsAll(
  parent: VhdxDisk,
  levels: readonly VhdxDisk[],
  options: SignalOptions,
): Promise<boolean> {
  const size = levels[0]?.size ?? 0;
  if (size > parent.size) return false;
  let hasData = false;
  for await (const run of suppliedRuns(levels, 0, size, options)) {
    const likeness = await compareRun(parent, run, options);
    if (likeness === 'other') return false;
    hasData ||= likeness === 'data';
  }
  return hasData;
}
