import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../runtime/index.js';
import { checkedRules, codes, IMAGE_CODES } from '../../runtime/rules.js';
import { checkGithub, githubSummary, workflowCommand } from '../../runtime/cli/reports/github.js';
import { checkSarif } from '../../runtime/cli/reports/sarif.js';
import type { Outcome } from '../../runtime/cli/reports/outcome.js';
import { reportSchema, sarifSchema } from '../support/json-schema.js';
import { junitFaults } from '../support/junit-schema.js';
import { batEntry, damagedHeaders, FIXTURE, pendingLog, temporaryDirectory, withBatEntries } from './images.js';
import { golden, session } from './transcript.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'clean.vhdx'));
  writeFileSync(join(cwd, 'attention.vhdx'), damagedHeaders(0));
  writeFileSync(join(cwd, 'many.vhdx'), withBatEntries(Array.from({ length: 39 }, () => batEntry(4, 0))));
  writeFileSync(join(cwd, 'foreign.vhdx'), 'not a disk');
  mkdirSync(join(cwd, 'images', 'b', 'empty'), { recursive: true });
  copyFileSync(FIXTURE, join(cwd, 'images', 'z.vhdx'));
  copyFileSync(FIXTURE, join(cwd, 'images', 'b', 'C.AVHDX'));
  writeFileSync(join(cwd, 'images', 'b', 'a.vhdpmem'), pendingLog());
  writeFileSync(join(cwd, 'images', 'notes.txt'), 'nothing to check');
  symlinkSync('..', join(cwd, 'images', 'up.vhdx'));
});

const ALL = ['clean.vhdx', 'attention.vhdx', 'many.vhdx', 'foreign.vhdx', 'missing.vhdx'];

describe('folders', () => {
  test('a folder → the images below it in the order of their names; other files and links to folders are left out', async () => {
    const run = await vhdx(['check', '--format', 'json', 'images'], { cwd });
    const reports = JSON.parse(run.stdout) as { filename: string }[];
    expect(reports.map(({ filename }) => filename)).toEqual([
      'images/b/C.AVHDX',
      'images/b/a.vhdpmem',
      'images/z.vhdx',
    ]);
    expect(run.exitCode).toBe(3);
  });

  test('a folder with one image → an array all the same', async () => {
    mkdirSync(join(cwd, 'one'));
    copyFileSync(FIXTURE, join(cwd, 'one', 'disk.vhdx'));
    const run = await vhdx(['check', '--format', 'json', 'one'], { cwd });
    expect(JSON.parse(run.stdout)).toHaveLength(1);
  });

  test('an image that is named, and in a folder that is named → checked once', async () => {
    const run = await vhdx(['check', 'images/z.vhdx', 'images'], { cwd });
    expect(lines(run.stdout).at(-1)).toMatch(/^3 images: /);
  });

  test('a folder without an image → an error that says so', async () => {
    const run = await vhdx(['check', 'images/b/empty', 'clean.vhdx'], { cwd });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toBe(
      'vhdx: cannot check images/b/empty: it is a directory without *.vhdx, *.avhdx or *.vhdpmem files (VHDX_SOURCE_IS_DIRECTORY)\n',
    );
    expect(run.stdout).toContain('2 images: 1 clean, 1 unreadable');
  });
});

describe('json', () => {
  const problems = reportSchema();

  test.each([
    [['clean.vhdx']],
    [['many.vhdx']],
    [['foreign.vhdx']],
    [['missing.vhdx']],
    [ALL],
    [['--chain', 'clean.vhdx']],
  ])('%s → as the published schema says', async (words) => {
    const run = await vhdx(['check', '--format', 'json', ...words], { cwd });
    expect(problems(JSON.parse(run.stdout))).toEqual([]);
  });

  test('a report with another member → not as the schema says', () => {
    expect(problems({ filename: 'a', format: 'vhdx', verdict: 'clean' })).not.toEqual([]);
  });
});

describe('junit', () => {
  test('a clean image, one that is none, one that is not there → a suite for each', async () => {
    const run = await session(['vhdx check --format junit --no-times clean.vhdx foreign.vhdx missing.vhdx'], { cwd });
    await expect(run).toMatchFileSnapshot(golden('check-junit'));
  });

  test.each([
    ['error', 0],
    ['refuse-write', 1],
    ['warning', 2],
  ])('--fail-on %s → %i failures of an image with a damaged header', async (failOn, failures) => {
    const run = await vhdx(['check', '--format', 'junit', '--all-rules', '--fail-on', failOn, 'attention.vhdx'], {
      cwd,
    });
    expect(run.stdout).toMatch(
      new RegExp(`<testsuite name="attention.vhdx" tests="1\\d\\d" failures="${failures}" errors="0"`),
    );
    expect([...run.stdout.matchAll(/<failure /g)]).toHaveLength(failures);
  });

  test('without --all-rules → a case for the check, and one for each rule that was broken', async () => {
    const { stdout } = await vhdx(['check', '--format', 'junit', 'attention.vhdx'], { cwd });
    const names = Array.from(
      stdout.matchAll(/<testcase classname="attention.vhdx" name="([^" ]+)/g),
      ([, name]) => name,
    );
    const { stdout: json } = await vhdx(['check', '--json', 'attention.vhdx'], { cwd });
    const { findings } = JSON.parse(json) as { readonly findings: readonly { readonly rule: string }[] };
    expect(new Set(names)).toEqual(new Set(['check', ...findings.map(({ rule }) => rule)]));
  });

  test('time → seconds, and none with --no-times', async () => {
    const { stdout } = await vhdx(['check', '--format', 'junit', 'attention.vhdx'], { cwd });
    expect(stdout).toMatch(/<testsuite [^>]* time="\d+\.\d{3}"/);
    const { stdout: same } = await vhdx(['check', '--format', 'junit', '--no-times', 'attention.vhdx'], { cwd });
    expect(same).not.toContain('time=');
  });

  test('counts → those of the elements, as the consumers of JUnit compare them', async () => {
    const { stdout } = await vhdx(['check', '--format', 'junit', '--all-rules', ...ALL], { cwd });
    const count = (name: string): number => [...stdout.matchAll(new RegExp(`<${name}[ >/]`, 'g'))].length;
    const [, tests, failures, errors] =
      /<testsuites name="vhdx check" tests="(\d+)" failures="(\d+)" errors="(\d+)">/.exec(stdout) ?? [];
    expect([tests, failures, errors].map(Number)).toEqual(['testcase', 'failure', 'error'].map(count));
    const skipped = Array.from(stdout.matchAll(/<testsuite [^>]*skipped="(\d+)"/g), ([, number]) => Number(number));
    expect(skipped.reduce((sum, number) => sum + number, 0)).toBe(count('skipped'));
  });

  test('every element and attribute → in the schema of Jenkins, in the place that it has there', async () => {
    const { stdout } = await vhdx(['check', '--format', 'junit', '--profile', 'azure', ...ALL, 'images'], { cwd });
    expect(stdout).toContain('<properties><property name="view" value="replayed"/></properties>');
    expect(await junitFaults(stdout)).toEqual([]);
    expect(await junitFaults('<testsuites><testcase file="x"/></testsuites>')).not.toEqual([]);
  });

  test('cases → no two with the same class and name, of which GitLab would show one', async () => {
    const { stdout } = await vhdx(['check', '--format', 'junit', '--all-rules', ...ALL], { cwd });
    const keys = Array.from(stdout.matchAll(/<testcase (classname="[^"]*" name="[^"]*")/g), ([, key]) => key);
    expect(keys.length).toBeGreaterThan(300);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('every code of an image → in a test case', () => {
    const rules = checkedRules({ profiles: ['hyperv', 'azure', 'wsl'], chain: true });
    expect(rules.flatMap((rule) => rule.codes).toSorted()).toEqual(IMAGE_CODES.toSorted());
    expect(rules.map(({ rule }) => rule).slice(0, 6)).toEqual(['A1', 'A2', 'A3', 'A4', 'A6', 'A7']);
  });
});

describe('sarif', () => {
  test.each([[['clean.vhdx']], [ALL], [['missing.vhdx']], [['--profile', 'azure', 'many.vhdx']]])(
    '%s → valid',
    async (words) => {
      const run = await vhdx(['check', '--format', 'sarif', ...words], { cwd });
      expect(sarifSchema()(JSON.parse(run.stdout))).toEqual([]);
    },
  );

  test('a finding → rule, level, place, and a line for code scanning', async () => {
    const run = await vhdx(['check', '--format', 'sarif', 'attention.vhdx'], { cwd });
    const [{ results, tool }] = (JSON.parse(run.stdout) as Sarif).runs;
    const [first] = results;
    expect(first).toMatchObject({
      ruleId: 'VHDX_HEADER_CHECKSUM_MISMATCH',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'attention.vhdx' },
            region: { startLine: 1, byteOffset: 0x10004, byteLength: 4 },
          },
          logicalLocations: [{ fullyQualifiedName: 'headers[0].checksum' }],
        },
      ],
    });
    expect(tool.driver.rules[first?.ruleIndex ?? -1]).toMatchObject({
      id: 'VHDX_HEADER_CHECKSUM_MISMATCH',
      name: 'HeaderChecksumMismatch',
      help: { text: expect.stringContaining(codes.VHDX_HEADER_CHECKSUM_MISMATCH.remedy) as unknown },
    });
    expect(results.map(({ level }) => level)).toEqual(['error', 'warning', 'warning', 'note']);
  });

  test('an image that was not opened → the run was not successful', () => {
    const locations = { folder: '/', workspace: '/' };
    const outcome: Outcome = { image: 'a', report: undefined, error: new Error('no') };
    const context = {
      failOn: 'error',
      profiles: [],
      chain: false,
      isList: false,
      locations,
      hasSummary: false,
      allRules: false,
      version: '1',
    } as const;
    const [run] = (JSON.parse(String(checkSarif([outcome], context))) as Sarif).runs;
    expect(run.invocations[0]?.executionSuccessful).toBe(false);
  });
});

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly unknown[] } };
      readonly invocations: readonly { readonly executionSuccessful: boolean }[];
      readonly results: readonly { readonly ruleIndex: number; readonly level: string }[];
    },
  ];
}

describe('github', () => {
  test('annotations → ten at most, errors first; all findings in the summary of the step', async () => {
    const summary = join(cwd, 'summary.md');
    writeFileSync(summary, 'before\n');
    const run = await vhdx(['check', '--format', 'github', ...ALL], { cwd, env: { GITHUB_STEP_SUMMARY: summary } });
    const commands = lines(run.stdout).filter((line) => line.startsWith('::'));
    expect(commands).toHaveLength(10);
    expect(commands[0]).toMatch(/^::error title=VHDX_HEADER_CHECKSUM_MISMATCH,file=attention\.vhdx::/);
    expect(run.stdout).toMatch(/\n\d+ more: they are in the summary of this step\n/);
    const text = readFileSync(summary, 'utf8');
    expect(text).toMatch(/^before\n## vhdx check\n/);
    expect(text).toContain('| error | I5 VHDX\\_BAT\\_STATE\\_RESERVED |');
  });

  test('clean, nowhere to write a summary → the transcript', async () => {
    const run = await session(['vhdx check --format github clean.vhdx missing.vhdx'], { cwd });
    await expect(run).toMatchFileSnapshot(golden('check-github'));
  });

  test('a summary that cannot be written → said, exit code 1, and the annotations all the same', async () => {
    const env = { GITHUB_STEP_SUMMARY: join(cwd, 'nowhere', 'summary.md') };
    const { stdout, stderr, exitCode } = await vhdx(['check', '--format', 'github', 'clean.vhdx'], { cwd, env });
    expect(stderr).toMatch(/^vhdx: cannot write the summary: ENOENT[^\n]*\n$/);
    expect(stdout).toContain('::warning title=');
    expect(exitCode).toBe(1);
  });

  test('line ends, colons, commas and percents → escaped', () => {
    expect(String(workflowCommand('error', 'a,b:c', 'x%\n::stop', 'one\r\ntwo%'))).toBe(
      '::error title=a%2Cb%3Ac,file=x%25\\u{a}%3A\\u{3a}stop::one\\u{d}\\u{a}two%25\n',
    );
  });

  test('more than fits → cut between two lines, and said', () => {
    const found: Finding = {
      rule: 'B2',
      code: 'VHDX_HEADER_CHECKSUM_MISMATCH',
      severity: 'error',
      section: '2.2.2',
      fileOffset: 0,
      length: 4,
      path: 'x',
      message: 'ä|<b>'.repeat(100),
    };
    const report = { verdict: 'corrupt', findings: Array.from({ length: 3000 }, () => found), counts: {}, groups: [] };
    const outcome = { image: 'a', report } as unknown as Outcome;
    const text = githubSummary([outcome], 1024 * 1024, 'refuse-write');
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024 * 1024);
    expect(text).toMatch(/\|\n\nThe rest does not fit/);
    expect(text).not.toMatch(/<b>/);
    expect(githubSummary([outcome], 10, 'refuse-write')).toBe('');
  });

  test('nowhere to write a summary → how to have one', () => {
    expect(String(checkGithub([], { folder: '/', workspace: '/' }, false))).toBe('0 images: \n');
  });
});
