import { describe, expect, test } from 'vitest';
import { parseWindowsPath } from '../../../runtime/base/windows-path.js';

describe('parseWindowsPath', () => {
  test.each([
    [String.raw`parent.vhdx`, 'relative', '', ['parent.vhdx']],
    [String.raw`.\parent.vhdx`, 'relative', '', ['parent.vhdx']],
    [String.raw`..\..\a\parent.vhdx`, 'relative', '', ['..', '..', 'a', 'parent.vhdx']],
    ['a/b/parent.vhdx', 'relative', '', ['a', 'b', 'parent.vhdx']],
    [String.raw`\\?\c:\disks\parent.vhdx`, 'drive', '\\\\?\\c:\\', ['disks', 'parent.vhdx']],
    [String.raw`C:\disks\parent.vhdx`, 'drive', 'C:\\', ['disks', 'parent.vhdx']],
    [String.raw`C:parent.vhdx`, 'drive', 'C:', ['parent.vhdx']],
    [
      String.raw`\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}\a\b.vhdx`,
      'volume',
      String.raw`\\?\Volume{26A21BDA-A627-11D7-9931-806E6F6E6963}` + '\\',
      ['a', 'b.vhdx'],
    ],
    [String.raw`\\?\UNC\server\share\b.vhdx`, 'unc', String.raw`\\?\UNC\server\share` + '\\', ['b.vhdx']],
    [String.raw`\\server\share\b.vhdx`, 'unc', String.raw`\\server\share` + '\\', ['b.vhdx']],
    ['//server/share/b.vhdx', 'unc', String.raw`\\server\share` + '\\', ['b.vhdx']],
    [String.raw`\\.\PhysicalDrive0`, 'device', String.raw`\\.` + '\\', ['PhysicalDrive0']],
    [
      String.raw`\\?\GLOBALROOT\Device\Harddisk0`,
      'device',
      String.raw`\\?` + '\\',
      ['GLOBALROOT', 'Device', 'Harddisk0'],
    ],
    [String.raw`\\?\MyServer\MyShare\b.vhdx`, 'device', String.raw`\\?` + '\\', ['MyServer', 'MyShare', 'b.vhdx']],
    [String.raw`\etc\passwd`, 'rooted', '\\', ['etc', 'passwd']],
    ['/etc/passwd', 'rooted', '\\', ['etc', 'passwd']],
    ['', 'relative', '', []],
    [String.raw`.\.`, 'relative', '', []],
    ['c:', 'drive', 'c:', []],
  ] as const)('%j → %s', (path, kind, prefix, parts) => {
    expect(parseWindowsPath(path)).toEqual({ kind, prefix, parts });
  });
});
