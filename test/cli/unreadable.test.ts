/** An image that could not be checked has an entry in every form of the report. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { reportSchema } from '../support/json-schema.js';
import { damagedHeaders, FIXTURE, temporaryDirectory } from './images.js';
import { PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'clean.vhdx'));
  mkdirSync(join(cwd, 'empty'));
});

const MESSAGE = 'Cannot open missing.vhdx: there is no such file.';
const ENTRY = {
  filename: 'missing.vhdx',
  format: 'vhdx',
  verdict: 'unreadable',
  code: 'VHDX_SOURCE_NOT_FOUND',
  message: MESSAGE,
  'check-errors': 1,
  corruptions: 0,
  leaks: 0,
  findings: [],
};

describe('a file that is not there', () => {
  test('text → one line on standard error, no report', async () => {
    const { stdout, stderr, exitCode } = await vhdx(['check', 'missing.vhdx'], { cwd });
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
    expect(stderr).toBe('vhdx: cannot open missing.vhdx: there is no such file (VHDX_SOURCE_NOT_FOUND)\n');
  });

  test('json, alone → one object', async () => {
    const { stdout } = await vhdx(['check', '--format', 'json', 'missing.vhdx'], { cwd });
    expect(JSON.parse(stdout)).toEqual(ENTRY);
  });

  test('json, among others → in the order of the names', async () => {
    const { stdout } = await vhdx(['check', '--format', 'json', 'empty', 'clean.vhdx', 'missing.vhdx'], { cwd });
    const reports = JSON.parse(stdout) as { filename: string; verdict: string }[];
    expect(reports.map(({ filename, verdict }) => [filename, verdict])).toEqual([
      ['empty', 'unreadable'],
      ['clean.vhdx', 'clean'],
      ['missing.vhdx', 'unreadable'],
    ]);
    expect(reports[2]).toEqual(ENTRY);
    expect(reportSchema()(reports)).toEqual([]);
  });

  test('junit → an error', async () => {
    const { stdout } = await vhdx(['check', '--format', 'junit', 'missing.vhdx'], { cwd });
    expect(stdout).toContain('<testsuites name="vhdx check" tests="1" failures="0" errors="1">');
    expect(stdout).toContain(`<error message="${MESSAGE}" type="VHDX_SOURCE_NOT_FOUND"/>`);
  });

  test('sarif → a run without success, a notification', async () => {
    const { stdout } = await vhdx(['check', '--format', 'sarif', 'missing.vhdx'], { cwd });
    const { runs } = JSON.parse(stdout) as { runs: { invocations: unknown[] }[] };
    expect(runs[0]?.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          { level: 'error', descriptor: { id: 'VHDX_SOURCE_NOT_FOUND' }, message: { text: MESSAGE } },
        ],
      },
    ]);
  });

  test('github → an annotation, and in the count', async () => {
    const { stdout } = await vhdx(['check', '--format', 'github', 'missing.vhdx'], {
      cwd,
      env: { GITHUB_WORKSPACE: cwd },
    });
    expect(stdout).toBe(`::error title=VHDX_SOURCE_NOT_FOUND,file=missing.vhdx::${MESSAGE}\n1 image: 1 unreadable\n`);
  });
});

test('a folder that cannot be read below one that can → an entry of its own', async () => {
  mkdirSync(join(cwd, 'tree', 'closed'), { recursive: true });
  copyFileSync(FIXTURE, join(cwd, 'tree', 'a.vhdx'));
  chmodSync(join(cwd, 'tree', 'closed'), 0);
  const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
  chmodSync(cwd, 0o755);
  const options = nobody === undefined ? { cwd } : { cwd, uid: nobody };
  const { stdout } = await vhdx(['check', '--format', 'json', 'tree'], options);
  chmodSync(join(cwd, 'tree', 'closed'), 0o755);
  const reports = JSON.parse(stdout) as { filename: string; verdict: string }[];
  expect(reports.map(({ filename, verdict }) => [filename, verdict])).toEqual([
    ['tree/a.vhdx', 'clean'],
    ['tree/closed', 'unreadable'],
  ]);
});

test('an image that may not be repaired → its verdict all the same, and why it was not', async () => {
  writeFileSync(join(cwd, 'read-only.vhdx'), damagedHeaders(0), { mode: 0o444 });
  const { stdout, stderr, exitCode } = await vhdx(['check', '--repair', '--format', 'json', 'read-only.vhdx'], { cwd });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('cannot write to read-only.vhdx: it is read-only (VHDX_TARGET_NOT_PERMITTED)');
  const report: unknown = JSON.parse(stdout);
  expect(report).toMatchObject({
    verdict: 'needs-attention',
    repair: { done: false, failure: { code: 'VHDX_TARGET_NOT_PERMITTED' } },
  });
  expect(reportSchema()(report)).toEqual([]);
});

describe.skipIf(process.platform !== 'linux')('a file name that is no UTF-8', () => {
  const folder = join(cwd, 'bytes');
  const name = Buffer.concat([Buffer.from(`${folder}/a`), Buffer.of(0xff), Buffer.from('.vhdx')]);

  beforeAll(() => {
    mkdirSync(folder);
    copyFileSync(FIXTURE, name);
  });

  /** Runs a command line of a shell, whose words may be any bytes; `V` is the command. */
  function shell(line: string): { status: number | null; stdout: string; stderr: string } {
    const env = { ...process.env, V: `${process.execPath} ${PROGRAM}`, LC_ALL: 'C' };
    return spawnSync('bash', ['-c', line], { cwd: folder, encoding: 'utf8', env });
  }

  test('in a folder → found, checked, and shown written out', async () => {
    const { stdout, exitCode } = await vhdx(['check', 'bytes'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^bytes\/a\\xff\.vhdx: clean /);
  });

  test('on the command line → every command takes it', () => {
    for (const line of ['info', 'check', 'map', 'tree', 'replay --dry-run', 'read --length 0', 'check --repair']) {
      const { status, stderr } = shell(`$V ${line} *.vhdx`);
      expect({ line, status, stderr }).toEqual({ line, status: 0, stderr: '' });
    }
  });

  test('as a target → the file has that name, byte for byte', () => {
    expect(shell(String.raw`$V convert *.vhdx $'b\xfe.raw' && $V create $'\xfd.vhdx' 16M`).status).toBe(0);
    const names = readdirSync(folder, 'latin1').filter((each) => /raw|\u00fd/.test(each));
    expect(names.toSorted()).toEqual(['b\u00fe.raw', '\u00fd.vhdx']);
  });

  test('json → the byte as a lone surrogate, as Python reads it', () => {
    const { filename } = JSON.parse(shell(String.raw`$V check --format json $'a\xff.vhdx'`).stdout) as {
      filename: string;
    };
    expect(filename).toBe('a\udcff.vhdx');
  });

  test('not there → the name written out', () => {
    expect(shell(String.raw`$V info $'no\xfe'`).stderr).toContain(
      String.raw`cannot open no\xfe: there is no such file`,
    );
  });

  test('as a parent → refused: a locator cannot hold it', () => {
    expect(shell('$V create child.avhdx --parent a*.vhdx').stderr).toContain('VHDX_CREATE_PARENT_PATH_INVALID');
  });
});
