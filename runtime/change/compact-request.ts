/** What a compaction is asked for. */
import { requireBoolean, requireFunction } from '../base/arguments.js';
import type { VhdxDisk } from '../disk/disk.js';
import type { FreeRanges } from './free-ranges.js';

/** How a file is to be made smaller. */
export interface CompactRequest {
  /** Whether blocks that are all zero give up their storage; they do if it is left out. */
  readonly zeros?: boolean | undefined;
  /**
   * Whether blocks are moved into free space, so that the file can be cut; they are if it is left out. Otherwise only what
   * is free at the end of the file is cut off.
   */
  readonly move?: boolean | undefined;
  /** Whether payload blocks are brought into the order of the disk. */
  readonly sort?: boolean | undefined;
  /** Says which parts of the disk nobody needs; those read as zeros afterwards, and DataWriteGuid changes (2.2.2). */
  readonly freeRanges?: FreeRanges | undefined;
  /** The parent of a differencing disk: for `againstParent`, and for `freeRanges` to read what is left to it. */
  readonly parent?: VhdxDisk | undefined;
  /** Whether blocks that equal what lies there in `parent` give up their storage. */
  readonly againstParent?: boolean | undefined;
  /**
   * Whether what stays free inside of the file is given back to the host, as holes; it is not if it is left out. Hyper-V
   * and WSL refuse a file that Windows has marked as sparse for that.
   */
  readonly punchHoles?: boolean | undefined;
}

/** @throws TypeError */
export function requireRequest(request: CompactRequest): void {
  if (typeof request !== 'object' || request === null) throw new TypeError('the request must be an object');
  const { zeros, move, sort, againstParent, punchHoles: punches } = request;
  for (const [title, value] of Object.entries({ zeros, move, sort, againstParent, punchHoles: punches }))
    requireBoolean(value, title);
  requireFunction(request.freeRanges, 'freeRanges');
}
