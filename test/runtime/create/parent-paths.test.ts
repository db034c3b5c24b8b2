import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parentPaths, posixPaths, volumeIn, windowsPaths } from '../../../runtime/node/parent-paths.js';
import { parseWindowsPath } from '../../../runtime/base/windows-path.js';

const VOLUME = String.raw`\\?\Volume{26a21bda-a627-11d7-9931-806e6f6e6963}` + '\\';

describe('on Windows', () => {
  const volumes = new Map([['d:\\', VOLUME]]);

  // The first is that of [MS-VHDX] 2.6.2.6.3.
  test.each([
    [String.raw`d:\path1\sub2`, String.raw`d:\path2\sub3\parent.vhdx`, String.raw`..\..\path2\sub3\parent.vhdx`],
    [String.raw`d:\path2\sub3`, String.raw`d:\path2\sub3\parent.vhdx`, String.raw`.\parent.vhdx`],
    [String.raw`d:\path2`, String.raw`d:\path2\sub3\parent.vhdx`, String.raw`.\sub3\parent.vhdx`],
    [String.raw`c:\disks`, String.raw`d:\path2\sub3\parent.vhdx`, undefined],
  ])('child in %s, parent %s → relative %s', (folder, parent, relativePath) => {
    expect(windowsPaths(folder, parent, volumes)).toEqual({
      relativePath,
      volumePath: `${VOLUME}path2\\sub3\\parent.vhdx`,
      absoluteWin32Path: String.raw`\\?\d:\path2\sub3\parent.vhdx`,
    });
  });

  test('on a share → with UNC, and of no volume', () => {
    const parent = String.raw`\\server\share\disks\parent.vhdx`;
    expect(windowsPaths(String.raw`\\server\share\children`, parent, new Map())).toEqual({
      relativePath: String.raw`..\disks\parent.vhdx`,
      volumePath: undefined,
      absoluteWin32Path: String.raw`\\?\UNC\server\share\disks\parent.vhdx`,
    });
  });

  test.each([
    [`    ${VOLUME}\r\n`, VOLUME],
    ['The filename, directory name, or volume label syntax is incorrect.\r\n', undefined],
    ['', undefined],
  ])('%j of mountvol → %j', (text, volume) => {
    expect(volumeIn(text)).toBe(volume);
  });
});

describe('elsewhere', () => {
  test.each([
    ['/disks', '/disks/parent.vhdx', String.raw`.\parent.vhdx`],
    ['/disks', '/disks/old/parent.vhdx', String.raw`.\old\parent.vhdx`],
    ['/disks/a/b', '/base/parent.vhdx', String.raw`..\..\..\base\parent.vhdx`],
    ['/', '/parent.vhdx', String.raw`.\parent.vhdx`],
    ['/disks', '/disks/..parent.vhdx', String.raw`.\..parent.vhdx`],
  ])('child in %s, parent %s → relative %s, drive C: for the root', (folder, parent, relativePath) => {
    const paths = posixPaths(folder, parent);
    expect(paths).toEqual({ relativePath, absoluteWin32Path: `\\\\?\\C:${parent.replaceAll('/', '\\')}` });
    // As our own resolver reads them.
    expect(parseWindowsPath(paths.relativePath ?? '').kind).toBe('relative');
    const { kind, parts } = parseWindowsPath(paths.absoluteWin32Path ?? '');
    expect([kind, `/${parts.join('/')}`]).toEqual(['drive', parent]);
  });

  test('a backslash on the way → refused; only above both → no absolute path', () => {
    const refused: unknown = expect.objectContaining({ code: 'VHDX_CREATE_PARENT_PATH_INVALID' });
    expect(() => posixPaths('/disks', '/disks/a\\b.vhdx')).toThrow(refused);
    expect(posixPaths('/a\\b/children', '/a\\b/parent.vhdx')).toEqual({
      relativePath: String.raw`..\parent.vhdx`,
      absoluteWin32Path: undefined,
    });
  });
});

describe.skipIf(process.platform === 'win32')('in the file system', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vhdx-paths-')));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('links to parent and child → the way between the files', async () => {
    mkdirSync(join(folder, 'far/away'), { recursive: true });
    writeFileSync(join(folder, 'base.vhdx'), '');
    writeFileSync(join(folder, 'far/old.avhdx'), '');
    symlinkSync('../base.vhdx', join(folder, 'far/base-link.vhdx'));
    symlinkSync('far/away', join(folder, 'near'));
    symlinkSync('../old.avhdx', join(folder, 'far/away/old-link.avhdx'));
    const relative = async (child: string): Promise<string | undefined> =>
      (await parentPaths(join(folder, child), join(folder, 'far/base-link.vhdx'))).relativePath;
    expect(await relative('child.avhdx')).toBe(String.raw`.\base.vhdx`);
    expect(await relative('near/child.avhdx')).toBe(String.raw`..\..\base.vhdx`);
    // A child that is replaced stays where it is, whatever link leads to it.
    expect(await relative('near/old-link.avhdx')).toBe(String.raw`..\base.vhdx`);
  });
});
