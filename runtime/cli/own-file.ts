/** Whose a file is. */
import type { BigIntStats, Stats } from 'node:fs';

/** Whether this user or the system's owner has written a file; always for the latter, and where files have no owners. */
export function isOwn({ uid }: Pick<Stats | BigIntStats, 'uid'>): boolean {
  const user = process.getuid?.();
  return user === undefined || user === 0 || Number(uid) === user || Number(uid) === 0;
}
