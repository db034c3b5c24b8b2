/** What the shells themselves make of the scripts that `vhdx completion` prints. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../images.js';
import { PROGRAM, vhdx } from '../vhdx.js';

const folder = temporaryDirectory();
const files = join(folder, 'files');
const programs = join(folder, 'bin');
mkdirSync(join(files, 'my disks'), { recursive: true });
for (const name of ['a b.vhdx', 'c.AVHDX', 'notes.txt', 'x.raw']) writeFileSync(join(files, name), '');
mkdirSync(programs);
symlinkSync(PROGRAM, join(programs, 'vhdx'));

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

/** Runs a shell in the folder of files, with `vhdx` in its PATH. */
function run(shell: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(shell, args, {
    cwd: files,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}`, HOME: folder },
    timeout: 30_000,
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
}

function isMissing(shell: string): boolean {
  return spawnSync(shell, ['--version']).error !== undefined;
}

/** Sorted, each once, without the quotes and the final slashes that a shell adds. */
function plain(found: readonly string[]): string[] {
  const names = found.filter((line) => line !== '').map((line) => line.replaceAll('\\', '').replace(/\/$/, ''));
  return [...new Set(names)].toSorted();
}

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
  /** What readline would be given, or the files that it looks for itself. */
  function offered(line: string): string[] {
    // As readline parts a line; a space within quotes is none.
    const words = line.match(/'[^']*'|=|[^\s=]+/g) ?? [];
    const all = line.endsWith(' ') ? [...words, ''] : words;
    const script = `
      compopt() { case "$*" in *'-o dirnames'*) folders=1 ;; esac; }
      source <(vhdx completion bash)
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      _vhdx
      printf '%s\\n' "\${COMPREPLY[@]}"
      if [[ $folders ]]; then compgen -d -- "\${COMP_WORDS[COMP_CWORD]}"; fi`;
    return plain(run('bash', ['--norc', '-c', script, 'bash', ...all]).split('\n'));
  }

  test.each(CASES)('%s → %j', (line, expected) => {
    expect(offered(line)).toEqual(expected);
    expect(existsSync(join(files, 'evaluated'))).toBe(false);
  });

  test('syntax → none that bash -n minds; the completion is registered', async () => {
    const { stdout } = await vhdx(['completion', 'bash']);
    expect(spawnSync('bash', ['-n'], { input: stdout, encoding: 'utf8' }).stderr).toBe('');
    expect(run('bash', ['--norc', '-c', 'source <(vhdx completion bash); complete -p vhdx'])).toBe(
      'complete -o default -F _vhdx vhdx\n',
    );
  });
});

describe.skipIf(isMissing('zsh'))('zsh', () => {
  /** Types a line on a terminal of zsh, and TAB; what was offered, and what the line is then. */
  function type(line: string): { readonly offered: string[]; readonly line: string } {
    const notes = join(folder, 'zsh-notes');
    writeFileSync(notes, '');
    const script = `
      zmodload zsh/zpty
      zpty child zsh -f -i
      zpty -w child "PS1=; autoload -Uz compinit; compinit -u -D; source <(vhdx completion zsh)"
      zpty -w child 'compadd() { local -a found; builtin compadd -O found "$@"; print -rl -- $found >> ${notes}; builtin compadd "$@" }'
      zpty -w child 'finish() { print -r -- "= $BUFFER" >> ${notes}; kill -9 $$ }; zle -N finish; bindkey "^T" finish; print RE''ADY'
      zpty -r child text '*READY*'
      zpty -wn child "$1"$'\\t\\x14'
      while zpty -r child text; do :; done`;
    run('zsh', ['-f', '-c', `${script}\ntrue`, 'zsh', line]);
    const found = readFileSync(notes, 'utf8').split('\n');
    const end = found.find((each) => each.startsWith('= ')) ?? '';
    return { offered: plain(found.filter((each) => !each.startsWith('= '))), line: end.slice(2) };
  }

  test.each(CASES)('%s → %j', (line, expected) => {
    const { offered } = type(line);
    expect(offered.map((each) => each.replace(/^--format=/, ''))).toEqual(expected);
    expect(existsSync(join(files, 'evaluated'))).toBe(false);
  });

  test.each([
    ['vhdx che', 'vhdx check '],
    ['vhdx check --format=js', 'vhdx check --format=json '],
    ['vhdx map --svg=no', 'vhdx map --svg=notes.txt '],
    ['vhdx check my', String.raw`vhdx check my\ disks/`],
  ])('%s → %s', (line, completed) => {
    expect(type(line).line).toBe(completed);
  });
});

describe.skipIf(isMissing('fish'))('fish', () => {
  function offered(line: string): string[] {
    const out = run('fish', ['--no-config', '-c', 'vhdx completion fish | source; complete -C $argv[1]', line]);
    return plain(out.split('\n').map((each) => each.split('\t')[0] ?? ''));
  }

  test.each(CASES)('%s → %j', (line, expected) => {
    expect(offered(line).map((each) => each.replace(/^--format=/, ''))).toEqual(expected);
    expect(existsSync(join(files, 'evaluated'))).toBe(false);
  });

  test('a command → with what it does', () => {
    const out = run('fish', ['--no-config', '-c', 'vhdx completion fish | source; complete -C "vhdx repl"']);
    expect(out).toBe('replay\tWrite what is pending in the log of an image to where it belongs.\n');
  });
});

describe.skipIf(isMissing('pwsh'))('PowerShell', () => {
  test.each(CASES.filter(([, expected]) => expected !== IMAGES && expected.length > 0))('%s → %j', (line, expected) => {
    const script = `
      vhdx completion powershell | Out-String | Invoke-Expression
      $line = $env:LINE
      (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches | ForEach-Object { $_.CompletionText }`;
    process.env['LINE'] = line;
    const found = plain(run('pwsh', ['-NoProfile', '-Command', script]).split(/\r?\n/));
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
