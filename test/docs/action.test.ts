import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { damagedHeaders, FIXTURE, temporaryDirectory } from '../cli/images.js';
import { PROGRAM } from '../cli/vhdx.js';
import { actionSchema } from '../support/json-schema.js';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly [{ readonly env: Readonly<Record<string, string>>; readonly run: string }];
  };
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;
const [step] = action.runs.steps;
const cwd = temporaryDirectory();
/** A checkout of the action that has not been built. */
const checkout = join(cwd, 'checkout');

beforeAll(() => {
  mkdirSync(join(cwd, 'images'));
  copyFileSync(FIXTURE, join(cwd, 'images', 'a.vhdx'));
  writeFileSync(join(cwd, 'images', 'b.vhdx'), damagedHeaders(0));
  // An npm that builds what the test needs, and says how it was asked; an npx that nobody may ask.
  mkdirSync(join(cwd, 'bin'));
  const program = `mkdir -p dist/runtime/command && echo 'require("${PROGRAM}")' > dist/runtime/command/main.cjs`;
  writeFileSync(join(cwd, 'bin', 'npm'), `#!/bin/sh\necho "npm $* in $PWD"\n[ ! -e broken ] && ${program}\n`);
  writeFileSync(join(cwd, 'bin', 'npx'), '#!/bin/sh\necho npx was asked >&2\nexit 99\n');
  for (const name of ['npm', 'npx']) chmodSync(join(cwd, 'bin', name), 0o755);
});

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: string;
  readonly summary: string;
}

/** Runs the step of the action with these inputs, as the runner does. */
function run(inputs: Readonly<Record<string, string>>, actionPath = root): Result {
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
  const host = { GITHUB_ACTION_PATH: actionPath, GITHUB_WORKSPACE: cwd, PATH: path };
  const { status, stdout, stderr } = spawnSync('bash', words, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env, ...files, ...host },
  });
  return {
    code: status,
    stdout,
    stderr,
    outputs: readFileSync(files.GITHUB_OUTPUT, 'utf8'),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

describe('action.yml', () => {
  test('inputs → none has to be given, as images can be named in two ways; each reaches the step as a variable', () => {
    expect(action.runs.using).toBe('composite');
    for (const input of Object.values(action.inputs)) expect(input.default).toBeTypeOf('string');
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

  test('patterns, a list, exclusions, a baseline, a share, a cache → as the command has them', () => {
    const all = run({ path: 'images/*.vhdx', format: 'json', report: 'all.json' });
    expect(all.code).toBe(3);
    expect(JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8'))).toHaveLength(2);
    expect(run({ path: 'images/*.vhdx', exclude: 'b.*\nc.*' }).code).toBe(0);
    writeFileSync(join(cwd, 'list'), 'images/a.vhdx\n');
    expect(run({ 'from-file': 'list', jobs: '2' }).code).toBe(0);
    writeFileSync(join(cwd, 'known.json'), JSON.stringify({ version: 1, images: {} }));
    expect(run({ path: 'images', baseline: 'known.json' }).code).toBe(3);
    const shares = ['1/2', '2/2'].map((shard) => run({ path: 'images', shard }).code);
    expect(new Set(shares)).toEqual(new Set([0, 3]));
    run({ path: 'images', cache: 'cache' });
    expect(run({ path: 'images', cache: 'cache' }).stdout).toContain('1 unchanged since an earlier check');
    expect(run({}).stderr).toContain('name an image');
  });

  test('further reports → written beside the first, and nothing else is', () => {
    const before = readdirSync(cwd);
    const { code, stdout, outputs } = run({ path: 'images', reports: 'sarif=a.sarif\nhtml=a=b.html\n' });
    expect([code, outputs]).toEqual([3, 'exit-code=3\n']);
    expect(stdout).toContain('::error title=VHDX_HEADER_CHECKSUM_MISMATCH');
    expect(JSON.parse(readFileSync(join(cwd, 'a.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(readdirSync(cwd).filter((name) => !before.includes(name))).toEqual(['a.sarif', 'a=b.html']);
  });

  test.each(['sarif', '=x', 'sarif=', 'sarif=outputs', 'sarif=a\rb', 'sarif=./images/../summary'])(
    'a further report %j → the step fails, and nothing is written',
    (reports) => {
      const { code, stderr, outputs, summary } = run({ path: 'images', reports });
      expect({ code, outputs, summary }).toEqual({ code: 1, outputs: 'exit-code=1\n', summary: '' });
      expect(stderr).toMatch(/^vhdx: .*the input reports /);
    },
  );

  test('a format with a file → refused: it would be written by another name', () => {
    expect(run({ path: 'images', format: 'json=outputs' }).outputs).toBe('exit-code=1\n');
  });

  test('dependencies → none but what the lock file of the commit has', () => {
    const text = readFileSync(join(root, 'action.yml'), 'utf8');
    expect(text).not.toMatch(/^\s*-?\s*uses:/m);
    expect([...text.matchAll(/\bnpm \S+/g)].map(([words]) => words)).toEqual(['npm ci']);
    expect(text).not.toMatch(/\b(?:curl|wget|npx|pip)\b/);
  });

  test('the metadata → valid by the schema of GitHub', () => {
    expect(actionSchema()(parse(readFileSync(join(root, 'action.yml'), 'utf8')))).toEqual([]);
  });

  test('a path that looks like an option or a command → a path', () => {
    expect(run({ path: '--help\n$(touch hacked)' }).code).toBe(1);
    expect(existsSync(join(cwd, 'hacked'))).toBe(false);
  });

  test('a report in a folder that is not there → the step fails, and says so', () => {
    const { code, stderr, outputs } = run({ path: 'images', format: 'json', report: 'nowhere/##[error]x.json' });
    expect({ code, outputs }).toEqual({ code: 1, outputs: 'exit-code=1\n' });
    expect(stderr).toBe('vhdx: the file that the input report names cannot be written\n');
  });

  test('a report that is a file of the runner, by whatever path → the step fails, and nothing is written there', () => {
    symlinkSync('outputs', join(cwd, 'to-outputs'));
    for (const report of ['outputs', './images/../outputs', 'to-outputs', 'summary']) {
      const { code, stderr, outputs, summary } = run({ path: 'images', format: 'json', report });
      expect({ code, outputs, summary }).toEqual({ code: 1, outputs: 'exit-code=1\n', summary: '' });
      expect(stderr).toBe('vhdx: the input report names a file of the runner\n');
    }
  });

  test.each(['TRUE', 'yes', '1', '::error::x'])('chain %j → the step fails rather than check less', (chain) => {
    const { code, stderr, outputs } = run({ path: 'images', chain });
    expect({ code, outputs }).toEqual({ code: 1, outputs: 'exit-code=1\n' });
    expect(stderr).toBe('vhdx: the input chain has to be true or false\n');
  });

  const HOSTILE = [
    'x\nexit-code=0',
    'x\nreport<<E\nx\nE',
    'x\rexit-code=0',
    '\n::error::x',
    '##[set-output name=exit-code;]0',
    '::set-output name=exit-code::0',
    '"; touch hacked; "',
    '`touch hacked`',
    '$(touch hacked)',
    '--help',
    '-',
    '',
    'a\u001b[31m',
  ];
  test.each(Object.keys(action.inputs).flatMap((input) => HOSTILE.map((value): [string, string] => [input, value])))(
    'the input %s is %j → nothing is run, and no output or command is added',
    (input, value) => {
      const before = new Set(readdirSync(cwd));
      const format = input === 'report' ? 'json' : 'github';
      const { code, stdout, stderr, outputs } = run({ path: 'images/b.vhdx', format, [input]: value });
      expect(outputs).toMatch(new RegExp(`^(?:report=.*\\n)?exit-code=${code}\\n$`));
      expect(outputs).not.toContain('\r');
      const printed = `${stdout}\n${stderr}`;
      expect(printed).not.toMatch(/##\w*\[/);
      for (const control of ['\r', '\u001b']) expect(printed).not.toContain(control);
      const commands = printed.split('\n').filter((line) => line.trim().startsWith('::'));
      expect(commands.filter((line) => !/^::(?:error|warning) title=VHDX_\w+,file=/.test(line))).toEqual([]);
      expect(readdirSync(cwd)).not.toContain('hacked');
      for (const name of readdirSync(cwd)) if (!before.has(name)) rmSync(join(cwd, name));
    },
  );
});

describe('the program of the action', () => {
  test('a checkout that has not been built → built with its own lock file, then run; npx is not asked', () => {
    mkdirSync(checkout, { recursive: true });
    const first = run({ path: 'images/a.vhdx' }, checkout);
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(/^::warning /);
    expect(first.stderr).toBe(`npm ci --include=dev --no-audit --no-fund in ${checkout}\n`);
    // A second use in the same job finds it there.
    expect(run({ path: 'images/a.vhdx' }, checkout).stderr).toBe('');
  });

  test('a build that fails → the step fails', () => {
    const broken = join(cwd, 'broken-checkout');
    mkdirSync(broken);
    writeFileSync(join(broken, 'broken'), '');
    const { code, stderr, outputs } = run({ path: 'images/a.vhdx' }, broken);
    expect({ code, outputs }).toEqual({ code: 1, outputs: 'exit-code=1\n' });
    expect(stderr).toMatch(/\nvhdx: could not be built\n$/);
  });
});

describe('what users are told to run', () => {
  const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(?:md|ya?ml|html)$/.test(name) && !/(?:^|\/)(?:node_modules|dist|\.git)\//.test(name),
  );

  test('pages → found', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'action.yml', 'generator/README.md']));
  });

  // Names that have not been registered: whoever does so decides what these lines run.
  test.each(pages)('%s → takes neither vhdx nor ksy-ts from a registry', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const fetched = text
      .split('\n')
      .filter((line) => /\bnpx\b(?! --no -- )(?=.*\b(?:vhdx|ksy-ts)\b)|vhdx@(?:latest|\d)/.test(line))
      .filter((line) => !line.trim().startsWith('#'));
    const installed = text
      .split('\n')
      .filter((line) => /\bnpm (?:i|install|add|exec)\b[^#]*[ '"](?:vhdx|ksy-ts)\b(?!-)/.test(line));
    expect([...fetched, ...installed]).toEqual([]);
  });
});
