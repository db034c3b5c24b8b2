import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findLocations, locationOf, locationUri } from '../../runtime/cli/reports/locations.js';
import { damagedHeaders, FIXTURE, temporaryDirectory } from './images.js';
import { vhdx } from './vhdx.js';

const top = temporaryDirectory();
const folder = join(top, 'repository', 'disks');

beforeAll(() => {
  mkdirSync(join(folder, 'deep'), { recursive: true });
  mkdirSync(join(top, 'repository', '.git'));
  symlinkSync('repository', join(top, 'link'));
  writeFileSync(join(folder, 'a.vhdx'), damagedHeaders(0));
  copyFileSync(FIXTURE, join(top, 'outside.vhdx'));
});

describe('findLocations', () => {
  test.each([
    ['GITHUB_WORKSPACE', { GITHUB_WORKSPACE: '/github/workspace' }, resolve('/github/workspace')],
    ['none in the environment', {}, join(top, 'repository')],
    ['an empty one in the environment', { GITHUB_WORKSPACE: '' }, join(top, 'repository')],
  ])('%s → the workspace', (_what, env, workspace) => {
    expect(findLocations(join(folder, 'deep'), env)).toEqual({ folder: join(folder, 'deep'), workspace });
  });

  test('no repository → the folder itself', () => {
    expect(findLocations('/', {})).toEqual({ folder: '/', workspace: '/' });
  });
});

describe('locationOf, locationUri', () => {
  const locations = { folder: '/project/images', workspace: '/project' };

  test.each([
    ['a b#.vhdx', 'images/a b#.vhdx', 'images/a%20b%23.vhdx'],
    ['./a.vhdx', 'images/a.vhdx', 'images/a.vhdx'],
    ['../b/a:b.vhdx', 'b/a:b.vhdx', 'b/a%3Ab.vhdx'],
    ['/project/images/ä.vhdx', 'images/ä.vhdx', 'images/%C3%A4.vhdx'],
    ['/other/a.vhdx', '/other/a.vhdx', 'file:///other/a.vhdx'],
    ['../../up.vhdx', '/up.vhdx', 'file:///up.vhdx'],
    // Bytes that are no UTF-8, and a half of a surrogate pair.
    ['a\udcff.vhdx', 'images/a\udcff.vhdx', 'images/a%FF.vhdx'],
    ['a\ud800.vhdx', 'images/a\ud800.vhdx', 'images/a%EF%BF%BD.vhdx'],
  ])('%j → %j, %s', (path, location, uri) => {
    expect([locationOf(path, locations), locationUri(path, locations)]).toEqual([location, uri]);
  });

  test('a workspace that is a link → paths within', () => {
    expect(locationOf('a.vhdx', { folder, workspace: join(top, 'link') })).toBe('disks/a.vhdx');
  });
});

describe('vhdx check in a folder of the workspace', () => {
  const env = { GITHUB_WORKSPACE: join(top, 'repository') };

  test.each([['a.vhdx'], [join(folder, 'a.vhdx')], ['deep/../a.vhdx']])(
    '%s → annotations, SARIF and JUnit name it from the top',
    async (image) => {
      for (const given of [env, { GITHUB_WORKSPACE: '' }]) {
        const options = { cwd: folder, env: given };
        const github = await vhdx(['check', '--format', 'github', image], options);
        expect(github.stdout).toMatch(/^::error title=\w+,file=disks\/a\.vhdx::/);
        const sarif = await vhdx(['check', '--format', 'sarif', image], options);
        expect(new Set(Array.from(sarif.stdout.matchAll(/"uri": "(.*)"/g), ([, uri]) => uri))).toEqual(
          new Set(['disks/a.vhdx']),
        );
        const junit = await vhdx(['check', '--format', 'junit', image], options);
        expect(junit.stdout).toContain(' file="disks/a.vhdx">');
      }
    },
  );

  test('an image outside, one that is missing → absolute; from the top', async () => {
    const args = ['check', '--format', 'github', '../../outside.vhdx', 'missing.vhdx'];
    const { stdout } = await vhdx(args, { cwd: folder, env });
    expect(stdout).toContain(`,file=${join(top, 'outside.vhdx')}::`);
    expect(stdout).toContain('::error title=VHDX_SOURCE_NOT_FOUND,file=disks/missing.vhdx::');
  });
});
