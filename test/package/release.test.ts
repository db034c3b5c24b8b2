/** What `npm pack` publishes of the manifest, and the release script. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../support/packed.js';
import { type Ended, WorkingCopy } from '../support/working-copy.js';

const REPOSITORY = 'https://example.org/disks/vhdx';
/** A build from nothing takes its time where many tests run. */
const PATIENCE_MS = 300_000;
const KEPT = '.package.json.repository';

interface Manifest {
  readonly version: string;
  readonly scripts?: object;
  readonly devDependencies?: object;
  readonly workspaces?: object;
  readonly repository?: { readonly url: string; readonly directory?: string };
  readonly homepage?: string;
  readonly bugs?: { readonly url: string };
}

let copy: WorkingCopy;
let original: string;
let version: string;
beforeAll(() => {
  copy = new WorkingCopy();
  original = copy.read('package.json');
  ({ version } = JSON.parse(original) as Manifest);
});
afterAll(() => copy.remove());

const release = (...args: readonly string[]): Ended => copy.start('npm', ['run', '-s', 'release', '--', ...args]);

describe('npm pack', () => {
  const packed = (name: string, folder: string): Manifest => {
    const target = join(copy.folder, '.git/packed', name);
    mkdirSync(target, { recursive: true });
    const { status, output } = copy.start('npm', ['pack', `./${folder}`, '--pack-destination', target], {
      VHDX_REPOSITORY: REPOSITORY,
    });
    expect(output).toContain(`${name}-${version}.tgz`);
    expect(status).toBe(0);
    run('tar', ['-xzf', join(target, `${name}-${version}.tgz`), '-C', target, '--strip-components=1'], target);
    expect(run(process.execPath, ['tools/package-contents.js', target], copy.folder)).toBe('');
    return JSON.parse(copy.read(join('.git/packed', name, 'package.json'))) as Manifest;
  };

  test(
    'a repository without dist → builds it; the manifest has nothing for development, and where the repository is',
    () => {
      const { repository, homepage, bugs, scripts, devDependencies, workspaces } = packed('vhdx', '');
      expect([scripts, devDependencies, workspaces]).toEqual([undefined, undefined, undefined]);
      expect(repository).toEqual({ type: 'git', url: `git+${REPOSITORY}.git` });
      expect([homepage, bugs]).toEqual([`${REPOSITORY}#readme`, { url: `${REPOSITORY}/issues` }]);
      // What an earlier build has left of a module that is gone.
      writeFileSync(join(copy.folder, 'generator/dist/gone.js'), '');
      const generator = packed('ksy-ts', 'generator');
      expect(existsSync(join(copy.folder, '.git/packed/ksy-ts/dist/index.js'))).toBe(true);
      expect(existsSync(join(copy.folder, '.git/packed/ksy-ts/dist/gone.js'))).toBe(false);
      expect(generator.repository?.directory).toBe('generator');
      expect(generator.scripts).toBeUndefined();
    },
    PATIENCE_MS,
  );

  test('afterwards → the manifests are those of the repository', () => {
    expect(copy.read('package.json')).toBe(original);
    expect(copy.changes()).toBe('');
  });

  test('an earlier run that was interrupted → nothing is lost', () => {
    const manifest = (action: string): void => {
      run(process.execPath, ['tools/manifest.js', action], copy.folder);
    };
    manifest('publish');
    expect(copy.read('package.json')).not.toBe(original);
    manifest('publish');
    manifest('restore');
    manifest('restore');
    expect(copy.read('package.json')).toBe(original);
    expect(existsSync(join(copy.folder, KEPT))).toBe(false);
  });
});

describe('npm run release', () => {
  test('without --dry-run, outside of the workflow → refused', () => {
    const { status, output } = release();
    expect(output).toContain('.github/workflows/release.yml');
    expect(status).toBe(1);
  });

  test('no repository, changes, a changelog without the version → each is named, and nothing is done', () => {
    copy.change('README.md', (text) => `${text}\n`);
    copy.change('CHANGELOG.md', (text) => text.replaceAll(`## ${version} `, '## 0.0.0 '));
    const { status, output } = release('--dry-run');
    expect(output).toContain('package.json has no "repository"');
    expect(output).toContain('M README.md');
    expect(output).toContain(`CHANGELOG.md has no section "## ${version} (YYYY-MM-DD)"`);
    expect(output).not.toContain('published');
    expect(status).toBe(1);
    run('git', ['checkout', '--quiet', '.'], copy.folder);
  });

  test('packages of two versions, an address that is none → named', () => {
    copy.change('generator/package.json', (text) => text.replace(`"version": "${version}"`, '"version": "9.9.9"'));
    const { output } = release('--dry-run', '--repository', 'git@example.org:vhdx');
    expect(output).toContain(`ksy-ts has version 9.9.9, vhdx has ${version}`);
    expect(output).toContain('the repository must be an https: address');
    run('git', ['checkout', '--quiet', '.'], copy.folder);
  });

  test(
    'a repository that is ready → both tarballs, with the command that would publish them; the tree stays clean',
    () => {
      copy.change('CHANGELOG.md', () => `# Changelog\n\n## Unreleased\n\n## ${version} (2026-11-27)\n\n- All of it.\n`);
      copy.commit();
      const { status, output } = release('--dry-run', '--without-checks', '--repository', `${REPOSITORY}.git`);
      expect(output).toContain('Would be published');
      for (const name of ['vhdx', 'ksy-ts']) {
        expect(output).toContain(`npm publish ${name}-${version}.tgz --provenance --access public`);
      }
      expect(output).toContain(`repository git+${REPOSITORY}.git`);
      expect(output).toContain('Lint, types and tests were left out.');
      expect(status).toBe(0);
      expect(copy.changes()).toBe('');
    },
    PATIENCE_MS,
  );

  test(
    'a file in the tarball that is not for users → not fit to publish',
    () => {
      copyFileSync(join(copy.folder, 'vitest.config.ts'), join(copy.folder, 'schemas/vitest.config.ts'));
      copy.commit();
      const { status, output } = release('--dry-run', '--without-checks', '--repository', REPOSITORY);
      expect(output).toContain('schemas/vitest.config.ts is not for users');
      expect(status).toBe(1);
      expect(copy.changes()).toBe('');
    },
    PATIENCE_MS,
  );

  test('a version that is tagged already, at another commit → refused', () => {
    run('git', ['tag', `v${version}`, 'HEAD~1'], copy.folder);
    expect(release('--dry-run').output).toContain(`the tag v${version} is another commit`);
  });
});
