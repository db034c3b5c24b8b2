import { constants } from 'node:os';
import { expect, test } from 'vitest';
import { systemCode } from '../../../../runtime/io/node/system-code.js';

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
