/** Tells whether a file has changed, by its size and times. */
import type { BigIntStats } from 'node:fs';

const MS = 1_000_000n;
const SECOND = 1000n * MS;

/** A clock tick: times are those of the last one. 10 ms on exFAT and where Linux has 100 ticks a second, 15.6 on Windows. */
const TICK = 20n * MS;

/** FAT counts in steps of two seconds, other old file systems in whole seconds. */
const COARSE = 2n * SECOND;

/** Nanoseconds within which a second change may leave `time` as it is. */
function granularityOf(time: bigint): bigint {
  return time % SECOND === 0n ? COARSE : TICK;
}

/**
 * A name of the file's state: size, times of the last change of contents and of attributes, inode. `undefined` for what
 * is no regular file, and if one of the times is not safely in the past: a later change could then go unseen, as
 * described in git's "racy-git".
 *
 * @param now milliseconds since 1970, taken before `stats`
 */
export function revisionOf(
  stats: Pick<BigIntStats, 'size' | 'mtimeNs' | 'ctimeNs' | 'ino' | 'isFile'>,
  now: number,
): string | undefined {
  const { size, mtimeNs, ctimeNs, ino } = stats;
  if (!stats.isFile()) return undefined;
  const isSettled = [mtimeNs, ctimeNs].every((time) => time + granularityOf(time) < BigInt(Math.floor(now)) * MS);
  return isSettled ? `${size} ${mtimeNs} ${ctimeNs} ${ino}` : undefined;
}
