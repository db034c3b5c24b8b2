/** What the shells themselves make of the scripts that `vhdx completion` prints. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isMissing, Shells } from '../../support/shells.js';
import { temporaryDirectory } from '../images.js';
import { PROGRAM, vhdx } from '../vhdx.js';

const shells = new Shells('vhdx', PROGRAM, temporaryDirectory());
const { files } = shells;
mkdirSync(join(files, 'my disks'));
for (const name of ['a b.vhdx', 'c.AVHDX', 'notes.txt', 'x.raw']) writeFileSync(join(files, name), '');

const COMMANDS = [
  'check',
  'compact',
  'compare',
  'completion',
  'convert',
  'create',
  'defragment',
  'explain',
  'help',
  'info',
  'map',
  'merge',
  'read',
  'rebase',
  'replay',
  'report',
  'resize',
  'set',
  'tree',
];
const FORMATS = ['github', 'html', 'json', 'junit', 'markdown', 'ndjson', 'sarif', 'text'];
const IMAGES = ['a b.vhdx', 'c.AVHDX', 'my disks'];

/** A program would be run by the first, and a file made, if what is typed were evaluated. */
const HOSTILE = '$(touch evaluated)';

/** The words of a command line, the last one being typed; what is offered for it. */
const CASES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['vhdx ', COMMANDS],
  ['vhdx --quiet co', ['compact', 'compare', 'completion', 'convert']],
  ['vhdx check --fo', ['--format']],
  ['vhdx check --format ', FORMATS],
  ['vhdx check --format=j', ['json', 'junit']],
  ['vhdx validate --profile hyperv --profile a', ['azure']],
  ['vhdx check ', IMAGES],
  ['vhdx check a', ['a b.vhdx']],
  ['vhdx check --parent-root m', ['my disks']],
  ['vhdx completion z', ['zsh']],
  ['vhdx check --fail-on q', []],
  [`vhdx check '${HOSTILE}' --js`, []],
];

describe.skipIf(isMissing('bash'))('bash', () => {
  test.each(CASES)('%s → %j', (line, expected) => {
    expect(shells.bash(line)).toEqual(expected);
    expect(existsSync(join(files, 'evaluated'))).toBe(false);
  });

  test('syntax → none that bash -n minds; the completion is registered', async () => {
    const { stdout } = await vhdx(['completion', 'bash']);
    expect(spawnSync('bash', ['-n'], { input: stdout, encoding: 'utf8' }).stderr).toBe('');
    expect(shells.run('bash', ['--norc', '-c', 'source <(vhdx completion bash); complete -p vhdx'])).toBe(
      'complete -o default -F _vhdx vhdx\n',
    );
  });
});

describe.skipIf(isMissing('zsh'))('zsh', () => {
  test.each(CASES)('%s → %j', (line, expected) => {
    const { offered } = shells.zsh(line);
    expect(offered.map((each) => each.replace(/^--format=/, ''))).toEqual(expected);
    expect(existsSync(join(files, 'evaluated'))).toBe(false);
  });

  test.each([
    ['vhdx che', 'vhdx check '],
    ['vhdx check --format=js', 'vhdx check --format=json '],
    ['vhdx map --svg=no', 'vhdx map --svg=notes.txt '],
    ['vhdx check my', String.raw`vhdx check my\ disks/`],
  ])('%s → %s', (line, completed) => {
    expect(shells.zsh(line).line).toBe(completed);
  });
});

describe.skipIf(isMissing('fish'))('fish', () => {
  test.each(CASES)('%s → %j', (line, expected) => {
    expect(shells.fish(line).map((each) => each.replace(/^--format=/, ''))).toEqual(expected);
    expect(existsSync(join(files, 'evaluated'))).toBe(false);
  });

  test('a command → with what it does', () => {
    const out = shells.run('fish', ['--no-config', '-c', 'vhdx completion fish | source; complete -C "vhdx repl"']);
    expect(out).toBe('replay\tWrite what is pending in the log of an image to where it belongs.\n');
  });
});

describe.skipIf(isMissing('pwsh'))('PowerShell', () => {
  test.each(CASES.filter(([, expected]) => expected !== IMAGES && expected.length > 0))('%s → %j', (line, expected) => {
    const found = shells.powershell(line);
    expect(found.map((each) => each.replace(/^--format=|^.[\\/]/, ''))).toEqual(expected);
  });
});

test('PowerShell script → each bracket and quote has its other half; what is typed is passed on as arguments', async () => {
  const { stdout } = await vhdx(['completion', 'powershell']);
  const code = stdout.replaceAll(/#.*$/gm, '');
  const open: string[] = [];
  const bare = code.replaceAll(/'(?:[^']|'')*'|"(?:[^"`]|`.)*"/g, '');
  for (const mark of bare.match(/[(){}[\]'"]/g) ?? []) {
    if ('({['.includes(mark)) open.push(mark);
    else expect(`${open.pop() ?? ''}${mark}`).toMatch(/^(?:\(\)|\{\}|\[\])$/);
  }
  expect(open).toEqual([]);
  expect(code).toContain('& $program __complete "--current=$current" -- @words');
  expect(code).not.toMatch(/Invoke-Expression|iex /);
});
