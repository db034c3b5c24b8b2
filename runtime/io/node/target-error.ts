import { type VhdxCode, VhdxError } from '../../errors/errors.js';
import { systemCode } from './system-code.js';

/** What the operating system may say of a new file, as a code and in words; anything else is VHDX_TARGET_IO. */
const FAULTS: Readonly<Record<string, readonly [VhdxCode, string]>> = {
  ENOENT: ['VHDX_TARGET_UNSUITABLE', 'there is no such folder'],
  ENOTDIR: ['VHDX_TARGET_UNSUITABLE', 'there is no such folder'],
  EISDIR: ['VHDX_TARGET_UNSUITABLE', 'it is a directory'],
  EACCES: ['VHDX_TARGET_NOT_PERMITTED', 'permission denied'],
  EPERM: ['VHDX_TARGET_NOT_PERMITTED', 'permission denied'],
  EROFS: ['VHDX_TARGET_NOT_PERMITTED', 'the file system is read-only'],
  EAGAIN: ['VHDX_TARGET_IN_USE', 'it is in use'],
  ETXTBSY: ['VHDX_TARGET_IN_USE', 'it is in use'],
  EBUSY: ['VHDX_TARGET_IN_USE', 'it is in use'],
  ENOSPC: ['VHDX_TARGET_FULL', 'no space is left on the device'],
  EDQUOT: ['VHDX_TARGET_FULL', 'the disk quota is used up'],
  EFBIG: ['VHDX_TARGET_FULL', 'the file would become larger than it may be'],
};

/** A fault of the file that is being made at `path`. */
export function newFileError(cause: unknown, path: string): VhdxError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const [code, words] = FAULTS[systemCode(cause)] ?? ['VHDX_TARGET_IO', detail];
  return new VhdxError(code, { message: `Cannot write ${path}: ${words}.`, cause });
}
