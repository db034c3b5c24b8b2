import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { damagedHeaders, FIXTURE, temporaryDirectory } from '../cli/images.js';
import { PROGRAM } from '../cli/vhdx.js';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly [{ readonly env: Readonly<Record<string, string>>; readonly run: string }];
  };
}

const action = parse(readFileSync(fileURLToPath(new URL('../../action.yml', import.meta.url)), 'utf8')) as Action;
const [step] = action.runs.steps;
const cwd = temporaryDirectory();

beforeAll(() => {
  // The package is not installed from a registry here: npx is the build of this tree.
  mkdirSync(join(cwd, 'bin'));
  writeFileSync(join(cwd, 'bin', 'npx'), `#!/bin/sh\nshift 2\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`);
  chmodSync(join(cwd, 'bin', 'npx'), 0o755);
  mkdirSync(join(cwd, 'images'));
  copyFileSync(FIXTURE, join(cwd, 'images', 'a.vhdx'));
  writeFileSync(join(cwd, 'images', 'b.vhdx'), damagedHeaders(0));
});

/** Runs the step of the action with these inputs, as the runner does. */
function run(inputs: Readonly<Record<string, string>>): {
  code: number | null;
  stdout: string;
  outputs: string;
  summary: string;
} {
  const files = { GITHUB_OUTPUT: join(cwd, 'outputs'), GITHUB_STEP_SUMMARY: join(cwd, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const env = Object.fromEntries(
    Object.entries(step.env).map(([name, value]) => {
      const input = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(value)?.[1] ?? '';
      return [name, inputs[input] ?? action.inputs[input]?.default ?? ''];
    }),
  );
  const path = `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`;
  const words = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run];
  const { status, stdout } = spawnSync('bash', words, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env, ...files, PATH: path },
  });
  return {
    code: status,
    stdout,
    outputs: readFileSync(files.GITHUB_OUTPUT, 'utf8'),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

describe('action.yml', () => {
  test('inputs → only the path has to be given, each reaches the step as a variable', () => {
    expect(action.runs.using).toBe('composite');
    const required = Object.entries(action.inputs).filter(([, input]) => input.required === true);
    expect(required.map(([name]) => name)).toEqual(['path']);
    const used = Object.values(step.env).map((value) => /inputs\.([a-z-]+)/.exec(value)?.[1]);
    expect(new Set(used)).toEqual(new Set(Object.keys(action.inputs)));
    expect(step.run).not.toContain('${{');
  });

  test('a folder with a damaged image → annotations, a summary, exit code 3', () => {
    const { code, stdout, outputs, summary } = run({ path: 'images' });
    expect(code).toBe(3);
    expect(stdout).toMatch(/^::error title=VHDX_HEADER_CHECKSUM_MISMATCH,file=images\/b\.vhdx::/);
    expect(outputs).toBe('exit-code=3\n');
    expect(summary).toContain('## vhdx check');
  });

  test('several paths and profiles, junit → a report file', () => {
    const inputs = {
      path: 'images/a.vhdx\nimages/b.vhdx\n',
      profile: 'hyperv\nazure',
      format: 'junit',
      'fail-on': 'error',
      report: 'out.xml',
    };
    const { code, outputs } = run(inputs);
    expect(code).toBe(0);
    expect(outputs).toBe('report=out.xml\nexit-code=0\n');
    expect(readFileSync(join(cwd, 'out.xml'), 'utf8')).toContain('AZ1 VHDX_AZURE_NOT_A_FIXED_VHD');
  });

  test('a path that looks like an option or a command → a path', () => {
    expect(run({ path: '--help\n$(touch hacked)' }).code).toBe(1);
    expect(run({ path: 'hacked' }).code).toBe(1);
  });
});
