import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { VhdxError } from '../../../../runtime/errors/errors.js';
import { type FileUse, systemCode, systemError } from '../../../../runtime/io/node/system-errors.js';

function fault(code: string, errno: number): Error {
  return Object.assign(new Error(code), { code, errno });
}

test('a fault that Node names → its name', () => {
  expect(systemCode(fault('ENOSPC', -28))).toBe('ENOSPC');
});

test.skipIf(process.platform === 'win32')(
  'a fault that Node has only a number for → the name that the system has',
  () => {
    const number = constants.errno.EDQUOT;
    expect(systemCode(fault(`Unknown system error -${number}`, -number))).toBe('EDQUOT');
  },
);

test('a fault of Node itself, or of no system → as it is, or nothing', () => {
  expect(systemCode(Object.assign(new Error('closed'), { code: 'ERR_INVALID_STATE' }))).toBe('ERR_INVALID_STATE');
  expect(systemCode(fault('Unknown system error -99999', -99_999))).toBe('Unknown system error -99999');
  expect(systemCode(new Error('anything'))).toBe('');
  expect(systemCode(undefined)).toBe('');
});

describe('what the system refuses', () => {
  const said = (code: string, use: FileUse): string => {
    const { code: ours, message } = systemError(fault(code, -1), use, 'open disk.vhdx');
    return `${ours}: ${message}`;
  };

  test.each<[FileUse, string, string]>([
    ['read', 'ENOENT', 'VHDX_SOURCE_NOT_FOUND: Cannot open disk.vhdx: there is no such file.'],
    ['read', 'EACCES', 'VHDX_SOURCE_NOT_PERMITTED: Cannot open disk.vhdx: permission denied.'],
    ['read', 'EBUSY', 'VHDX_SOURCE_IO: Cannot open disk.vhdx: EBUSY.'],
    ['read', 'ENOSPC', 'VHDX_SOURCE_IO: Cannot open disk.vhdx: ENOSPC.'],
    [
      'open-to-change',
      'EISDIR',
      'VHDX_SOURCE_IS_DIRECTORY: Cannot open disk.vhdx: it is a directory, not an image file.',
    ],
    ['open-to-change', 'EACCES', 'VHDX_TARGET_NOT_PERMITTED: Cannot open disk.vhdx: permission denied.'],
    ['open-to-change', 'ETXTBSY', 'VHDX_TARGET_IN_USE: Cannot open disk.vhdx: it is in use.'],
    // Once the file is open, that is no word on who has it.
    ['change', 'EAGAIN', 'VHDX_TARGET_IO: Cannot open disk.vhdx: EAGAIN.'],
    ['change', 'EDQUOT', 'VHDX_TARGET_FULL: Cannot open disk.vhdx: the disk quota is used up.'],
    ['make', 'ENOTDIR', 'VHDX_TARGET_UNSUITABLE: Cannot open disk.vhdx: there is no such folder.'],
    ['make', 'EISDIR', 'VHDX_TARGET_UNSUITABLE: Cannot open disk.vhdx: it is a directory.'],
    ['make', 'EROFS', 'VHDX_TARGET_NOT_PERMITTED: Cannot open disk.vhdx: the file system is read-only.'],
    ['make', 'EIO', 'VHDX_TARGET_IO: Cannot open disk.vhdx: EIO.'],
  ])('%s, %s → %s', (use, code, expected) => {
    expect(said(code, use)).toBe(expected);
  });

  test('an error of ours → as it is', () => {
    const error = new VhdxError('VHDX_TARGET_EXISTS', { message: 'It exists.' });
    expect(systemError(error, 'make', 'write a file')).toBe(error);
  });
});
