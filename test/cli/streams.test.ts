import { copyFileSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Host, openOutput, wantsColor } from '../../runtime/cli/output.js';
import { damagedHeaders, FIXTURE, temporaryDirectory } from './images.js';
import { PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const ESCAPE = '\u001b';

beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'a.vhdx'));
  writeFileSync(join(cwd, 'damaged.vhdx'), damagedHeaders(0));
});

describe('colours', () => {
  test.each([
    ['no terminal', {}, false],
    ['no terminal, NO_COLOR', { NO_COLOR: '1' }, false],
    ['no terminal, FORCE_COLOR', { FORCE_COLOR: '1' }, true],
    ['no terminal, FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
    ['no terminal, FORCE_COLOR and NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('%s → %o: %s', async (_title, env, colored) => {
    const { stdout, stderr } = await vhdx(['check', 'damaged.vhdx'], { cwd, env });
    expect(stdout.includes(ESCAPE)).toBe(colored);
    expect(stderr).not.toContain(ESCAPE);
    expect(stderr).toMatch(/^vhdx: damaged.vhdx: needs attention/);
  });

  test.each([
    ['a terminal', {}, true],
    ['a terminal, NO_COLOR', { NO_COLOR: '1' }, false],
    ['a terminal, NO_COLOR empty', { NO_COLOR: '' }, true],
    ['a terminal, FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
    ['a dumb terminal', { TERM: 'dumb' }, false],
  ])('%s → %o: %s', (_title, env, colored) => {
    expect(wantsColor(env, true)).toBe(colored);
  });

  test('JSON with FORCE_COLOR → no colours', async () => {
    const { stdout } = await vhdx(['check', '--format', 'json', 'damaged.vhdx'], { cwd, env: { FORCE_COLOR: '1' } });
    expect(stdout).not.toContain(ESCAPE);
    expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  });
});

describe('standard output', () => {
  test.each([
    [['info', 'a.vhdx'], 0],
    [['info', '--json', 'a.vhdx'], 0],
    [['check', 'a.vhdx', 'a.vhdx'], 0],
    [['--help'], 0],
  ])('closed by its reader, %j → a quiet end', async (args, exitCode) => {
    expect(await vhdx(args, { cwd, closeStdout: true })).toEqual({ exitCode, signal: null, stdout: '', stderr: '' });
  });

  test('closed by its reader, a damaged image → the exit code still says so', async () => {
    const run = await vhdx(['check', 'damaged.vhdx'], { cwd, closeStdout: true });
    expect(run.exitCode).toBe(3);
  });

  test.skipIf(!existsSync('/dev/full')).each([['info'], ['check'], ['--version']])(
    'on a full device, %s → exit code 1, one line',
    (command) => {
      const args = command === '--version' ? [command] : [command, FIXTURE];
      const stdio: ['ignore', number, 'pipe'] = ['ignore', openSync('/dev/full', 'w'), 'pipe'];
      const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { stdio, encoding: 'utf8' });
      expect(status).toBe(1);
      expect(stderr).toMatch(/^vhdx: cannot write the results: ENOSPC[^\n]*\n$/);
    },
  );
});

describe('openOutput', () => {
  test('an error that is no broken pipe, twice → said once', () => {
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    const host: Host = { stdout, stderr, env: {} };
    const output = openOutput(host);
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    stdout.emit('error', full);
    stdout.emit('error', full);
    expect(String(stderr.read())).toBe('vhdx: cannot write the results: no space\n');
    expect([output.isClosed(), output.exitCode(0), host.exitCode]).toEqual([true, 1, 1]);
  });
});
