/** Errors of the operating system as codes of this library. */
import { constants } from 'node:os';
import { type VhdxCode, VhdxError } from '../../errors/errors.js';

/**
 * What a file is used for when the operating system refuses: it is opened to be read, or read; opened to be changed; is
 * changed; gives storage back; or is made.
 */
export type FileUse = 'read' | 'open-to-change' | 'change' | 'discard' | 'make';

/** What a code of the operating system means: in words, and by use as one of ours. */
type Meaning = { readonly words: string } & Readonly<Partial<Record<FileUse, VhdxCode>>>;

const ABSENT: Meaning = {
  words: 'there is no such file',
  read: 'VHDX_SOURCE_NOT_FOUND',
  'open-to-change': 'VHDX_SOURCE_NOT_FOUND',
  change: 'VHDX_SOURCE_NOT_FOUND',
};
/** A new file is not there yet; what is missing is its folder. */
const NO_FOLDER: Meaning = { words: 'there is no such folder', make: 'VHDX_TARGET_UNSUITABLE' };
const DIRECTORY: Meaning = {
  words: 'it is a directory, not an image file',
  read: 'VHDX_SOURCE_IS_DIRECTORY',
  'open-to-change': 'VHDX_SOURCE_IS_DIRECTORY',
  change: 'VHDX_SOURCE_IS_DIRECTORY',
};
const NEW_DIRECTORY: Meaning = { words: 'it is a directory', make: 'VHDX_TARGET_UNSUITABLE' };
const NO_FILE: Meaning = {
  words: 'it is not a regular file or block device',
  read: 'VHDX_SOURCE_NOT_A_FILE',
  'open-to-change': 'VHDX_SOURCE_NOT_A_FILE',
  change: 'VHDX_SOURCE_NOT_A_FILE',
};
const FORBIDDEN: Meaning = {
  words: 'permission denied',
  read: 'VHDX_SOURCE_NOT_PERMITTED',
  'open-to-change': 'VHDX_TARGET_NOT_PERMITTED',
  change: 'VHDX_TARGET_NOT_PERMITTED',
  make: 'VHDX_TARGET_NOT_PERMITTED',
};
const READ_ONLY: Meaning = { ...FORBIDDEN, words: 'the file system is read-only' };
const IN_USE: Meaning = {
  words: 'it is in use',
  'open-to-change': 'VHDX_TARGET_IN_USE',
  make: 'VHDX_TARGET_IN_USE',
};

function full(words: string): Meaning {
  const code = 'VHDX_TARGET_FULL';
  return { words, 'open-to-change': code, change: code, discard: code, make: code };
}

const NO_HOLES: Meaning = { words: 'the file system has no such function', discard: 'VHDX_TARGET_NO_HOLES' };

/** The one table of what the operating system may say; anything else is an I/O error, in the system's own words. */
const MEANINGS: Readonly<Record<string, readonly Meaning[]>> = {
  ENOENT: [ABSENT, NO_FOLDER],
  ENOTDIR: [ABSENT, NO_FOLDER],
  // The last is what libuv makes of ERROR_INVALID_FUNCTION of Windows.
  EISDIR: [DIRECTORY, NEW_DIRECTORY, NO_HOLES],
  ENXIO: [NO_FILE],
  EACCES: [FORBIDDEN],
  EPERM: [FORBIDDEN],
  EROFS: [READ_ONLY],
  EAGAIN: [IN_USE],
  EBUSY: [IN_USE],
  ETXTBSY: [IN_USE],
  ENOSPC: [full('no space is left on the device')],
  EDQUOT: [full('the disk quota is used up')],
  EFBIG: [full('the file would become larger than it may be')],
  EOPNOTSUPP: [NO_HOLES],
  ENOTSUP: [NO_HOLES],
  ENOSYS: [NO_HOLES],
  EINVAL: [NO_HOLES],
};

/** The operating system's name of a fault (`ENOENT`); empty if it has none. */
export function systemCode(cause: unknown): string {
  if (!(cause instanceof Error && 'code' in cause && typeof cause.code === 'string')) return '';
  // libuv has no name for every fault, EDQUOT among them: it says `Unknown system error -122`.
  const known = /^E[A-Z0-9]+$/.test(cause.code);
  const number = 'errno' in cause && typeof cause.errno === 'number' ? Math.abs(cause.errno) : 0;
  if (known || number === 0) return cause.code;
  return Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? cause.code;
}

/**
 * What the operating system says as an error of ours, which is passed on if it is one already. `doing`: what could not be
 * done, with the name of the file: `open disk.vhdx`.
 */
export function systemError(cause: unknown, use: FileUse, doing: string): VhdxError {
  if (cause instanceof VhdxError) return cause;
  const meaning = MEANINGS[systemCode(cause)]?.find((each) => each[use] !== undefined);
  const code = meaning?.[use] ?? (use === 'read' ? 'VHDX_SOURCE_IO' : 'VHDX_TARGET_IO');
  const words = meaning?.words ?? (cause instanceof Error ? cause.message : String(cause));
  return new VhdxError(code, { message: `Cannot ${doing}: ${words}.`, cause });
}
