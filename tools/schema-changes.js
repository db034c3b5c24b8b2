/**
 * What has changed in `schemas/` since the last release: `npm run schemas:diff`. A release whose files are read differently
 * must have a version that says so, so that is a failure until the manifest has one.
 */
import { spawnSync } from 'node:child_process';
import process, { stdout } from 'node:process';
import { readManifest, ROOT } from './manifest.js';

const RELEASES = 'v[0-9]*';

function lastRelease() {
  const { status, stdout: tag } = spawnSync('git', ['describe', '--tags', '--abbrev=0', '--match', RELEASES], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return status === 0 ? tag.trim() : undefined;
}

/** Whether users expect a change that breaks something: another major version, or another minor one before the first. */
function isBreaking(from, to) {
  const [before, after] = [from, to].map((version) => version.replace(/^v/, '').split('.').map(Number));
  return before[0] !== after[0] || (before[0] === 0 && before[1] !== after[1]);
}

const release = lastRelease();
if (release === undefined) {
  stdout.write('there is no release yet that the schemas could be compared with\n');
} else {
  const failOn = isBreaking(release, readManifest(ROOT).version) ? [] : ['--fail-on', 'bytes'];
  const args = ['generator/dist/cli.js', 'diff', '--against', `git:${release}`, ...failOn, 'schemas'];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  process.exitCode = status ?? 2;
}
