import { expect, test } from 'vitest';
import { hostFile } from '../../../../runtime/io/node/host-file.js';
import { MIB } from '../../../../runtime/base/units.js';

const UNITS = MIB / 512;

test.each([
  ['a dense file on Windows', 'win32', 64 * UNITS, { allocatedSize: 64 * MIB, sparseAttribute: false }],
  ['a sparse file on Windows', 'win32', 8 * UNITS, { allocatedSize: 8 * MIB, sparseAttribute: true }],
  ['no count on Windows', 'win32', 0, { allocatedSize: undefined, sparseAttribute: false }],
  ['a file with holes on macOS', 'darwin', 8 * UNITS, { allocatedSize: 8 * MIB, sparseAttribute: false }],
  [
    'a file with holes on a file system of Linux',
    'linux',
    8 * UNITS,
    { allocatedSize: 8 * MIB, sparseAttribute: false },
  ],
  ['a file of holes on Linux', 'linux', 0, { allocatedSize: 0, sparseAttribute: false }],
  [
    'some KiB less than it is long',
    'win32',
    64 * UNITS - 8,
    { allocatedSize: 64 * MIB - 4096, sparseAttribute: false },
  ],
] as const)('%s (%s) → the attribute of Windows only there', (_what, platform, blocks, expected) => {
  expect(hostFile({ blocks, size: 64 * MIB }, 0, platform)).toEqual(expected);
});
