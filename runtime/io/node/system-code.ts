import { constants } from 'node:os';

/** The operating system's name of a fault (`ENOENT`); empty if it has none. */
export function systemCode(cause: unknown): string {
  if (!(cause instanceof Error && 'code' in cause && typeof cause.code === 'string')) return '';
  // libuv has no name for every fault, EDQUOT among them: it says `Unknown system error -122`.
  const known = /^E[A-Z0-9]+$/.test(cause.code);
  const number = 'errno' in cause && typeof cause.errno === 'number' ? Math.abs(cause.errno) : 0;
  if (known || number === 0) return cause.code;
  return Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? cause.code;
}
