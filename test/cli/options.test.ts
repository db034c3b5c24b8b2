/** The options that every command has: --quiet, --no-progress, --color, --version. */
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeAll, describe, expect, test } from 'vitest';
import { openOutput, wantsColor } from '../../runtime/cli/output.js';
import { damagedHeaders, FIXTURE, pendingLog, temporaryDirectory } from './images.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const ESCAPE = '\u001b';

beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'a.vhdx'));
  copyFileSync(FIXTURE, join(cwd, 'same.vhdx'));
  writeFileSync(join(cwd, 'damaged.vhdx'), damagedHeaders(0));
  for (const name of ['pending.vhdx', 'repaired.vhdx', 'planned.vhdx']) writeFileSync(join(cwd, name), pendingLog());
});

function run(line: string, env: Readonly<Record<string, string>> = {}): ReturnType<typeof vhdx> {
  return vhdx(line.split(' '), { cwd, env });
}

describe('--quiet', () => {
  test.each([
    ['check a.vhdx', 0],
    ['check --format text a.vhdx a.vhdx', 0],
    ['compare a.vhdx same.vhdx', 0],
    ['compare a.vhdx pending.vhdx', 1],
    ['create new.vhdx 1G', 0],
    ['convert a.vhdx a.raw', 0],
    ['replay pending.vhdx', 0],
    ['check --repair repaired.vhdx', 0],
  ])('%s → nothing but exit code %i', async (line, exitCode) => {
    expect(await run(`${line} --quiet`)).toEqual({ exitCode, signal: null, stdout: '', stderr: '' });
  });

  test('check of a damaged image → why, on standard error', async () => {
    const { exitCode, stdout, stderr } = await run('-q check damaged.vhdx a.vhdx');
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/^vhdx: damaged\.vhdx: needs attention: [^\n]+\n$/);
  });

  test('errors → as ever', async () => {
    expect(await run('info -q missing.vhdx')).toEqual(await run('info missing.vhdx'));
  });

  test.each([
    'info a.vhdx',
    'info --json a.vhdx',
    'check --format json a.vhdx',
    'check --format junit --no-times a.vhdx',
    'map a.vhdx',
    'tree a.vhdx headers',
    'read a.vhdx --length 16',
    'replay --dry-run planned.vhdx',
    'check --repair --dry-run planned.vhdx',
    'completion bash',
    'check --help',
  ])('%s → the result that was asked for', async (line) => {
    const [quiet, loud] = [await run(`${line} --quiet`), await run(line)];
    expect(quiet.stdout).toBe(loud.stdout);
    expect(quiet.stdout).not.toBe('');
  });

  test('warnings → left out', () => {
    const stderr = new PassThrough();
    const output = openOutput({ stdout: new PassThrough(), stderr, env: {} });
    output.configure({ quiet: true });
    output.warn('left out');
    output.error('said');
    expect(String(stderr.read())).toBe('vhdx: said\n');
  });
});

describe('progress', () => {
  const terminal = Object.assign(new PassThrough(), { isTTY: true });

  test.each([
    [terminal, {}, true],
    [terminal, { progress: false }, false],
    [terminal, { quiet: true }, false],
    [terminal, { progress: true, quiet: true }, false],
    [new PassThrough(), { progress: true }, false],
  ])('standard error %# with %j → %s', (stderr, options, shown) => {
    const output = openOutput({ stdout: new PassThrough(), stderr, env: {} });
    output.configure(options);
    expect(output.showsProgress).toBe(shown);
  });

  test.each(['--no-progress convert a.vhdx b.raw', 'convert a.vhdx c.raw --no-progress'])(
    '%s → converted',
    async (line) => {
      expect(await run(line)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(existsSync(join(cwd, line.includes('b.raw') ? 'b.raw' : 'c.raw'))).toBe(true);
    },
  );
});

describe('--color', () => {
  test.each([
    ['--color always check damaged.vhdx', {}, true],
    ['check --color=always damaged.vhdx', { NO_COLOR: '1' }, true],
    ['check damaged.vhdx --color never', { FORCE_COLOR: '1' }, false],
    ['--no-color check damaged.vhdx', { FORCE_COLOR: '1' }, false],
    ['check --color auto damaged.vhdx', { FORCE_COLOR: '1' }, true],
    ['check --color auto damaged.vhdx', {}, false],
    ['check damaged.vhdx', { CLICOLOR_FORCE: '1' }, true],
    ['info --color always a.vhdx', {}, true],
    ['info --color always --json a.vhdx', {}, false],
    ['tree --color always a.vhdx headers', {}, true],
  ])('vhdx %s, %j → colored: %s', async (line, env, colored) => {
    const { stdout, stderr } = await run(line, env);
    expect(stdout.includes(ESCAPE)).toBe(colored);
    expect(stderr).not.toContain(ESCAPE);
  });

  test('another word → one line that says which there are', async () => {
    const { exitCode, stderr } = await run('info --color sometimes a.vhdx');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^vhdx: option '--color <when>' argument 'sometimes' is invalid\. Allowed choices are auto, /,
    );
  });

  // The first that decides, in the order of the help.
  test.each([
    [{ FORCE_COLOR: '0', CLICOLOR_FORCE: '1' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, true],
    [{ NO_COLOR: '1', CLICOLOR_FORCE: '1' }, true, false],
    [{ CLICOLOR_FORCE: '1', CLICOLOR: '0' }, false, true],
    [{ CLICOLOR_FORCE: '0' }, false, false],
    [{ CLICOLOR_FORCE: '' }, false, false],
    [{ CLICOLOR: '0' }, true, false],
    [{ CLICOLOR: '1' }, true, true],
    [{ CLICOLOR: '1' }, false, false],
  ] as const)('%j, a terminal: %s → colored: %s', (env, isTerminal, colored) => {
    expect(wantsColor(env, isTerminal)).toBe(colored);
  });
});

test('--version → the version alone on the first line, then what it runs on', async () => {
  const { stdout, exitCode } = await run('--version');
  expect(exitCode).toBe(0);
  const [first = '', node = '', ...others] = stdout.trimEnd().split('\n');
  expect(first).toMatch(/^\d+\.\d+\.\d+\S*$/);
  expect(node).toContain(`Node.js ${process.versions.node}, ${process.platform} `);
  expect(others).toEqual([
    expect.stringMatching(/^@node-rs\/crc32 (?:\d+\.\d+\.\d+|not installed) /),
    expect.stringMatching(/^fs-native-extensions (?:\d+\.\d+\.\d+|not installed) /),
  ]);
});
