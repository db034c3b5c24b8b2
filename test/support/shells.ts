/** Shells that complete command lines of a program by the script that it prints. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'vitest';

export function isMissing(shell: string): boolean {
  return spawnSync(shell, ['--version']).error !== undefined;
}

/** Sorted, each once, without the quotes and the final slashes that a shell adds. */
function plain(found: readonly string[]): string[] {
  const names = found.filter((line) => line !== '').map((line) => line.replaceAll('\\', '').replace(/\/$/, ''));
  return [...new Set(names)].toSorted();
}

export class Shells {
  readonly #name: string;
  readonly #function: string;
  readonly #folder: string;
  readonly #programs: string;
  /** Where the shells run. */
  readonly files: string;

  /** The program in `file` is called `name`; `folder` is empty. */
  constructor(name: string, file: string, folder: string) {
    this.#name = name;
    this.#function = `_${name.replaceAll('-', '_')}`;
    this.#folder = folder;
    this.files = join(folder, 'files');
    this.#programs = join(folder, 'bin');
    mkdirSync(this.files);
    mkdirSync(this.#programs);
    writeFileSync(join(this.#programs, name), `#!/bin/sh\nexec '${process.execPath}' '${file}' "$@"\n`, {
      mode: 0o755,
    });
  }

  /** What a shell prints, the program being in its PATH. */
  run(shell: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
    const { status, stdout, stderr } = spawnSync(shell, args, {
      cwd: this.files,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...env,
        PATH: `${this.#programs}${delimiter}${process.env['PATH'] ?? ''}`,
        HOME: this.#folder,
      },
      timeout: 30_000,
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout;
  }

  /** What readline would be given, or the files that it looks for itself. */
  bash(line: string): string[] {
    // As readline parts a line; a space within quotes is none.
    const words = line.match(/'[^']*'|=|[^\s=]+/g) ?? [];
    const all = line.endsWith(' ') ? [...words, ''] : words;
    const script = `
      compopt() { case "$*" in *'-o dirnames'*) folders=1 ;; esac; }
      source <(${this.#name} completion bash)
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
      ${this.#function}
      printf '%s\\n' "\${COMPREPLY[@]}"
      if [[ $folders ]]; then compgen -d -- "\${COMP_WORDS[COMP_CWORD]}"; fi`;
    return plain(this.run('bash', ['--norc', '-c', script, 'bash', ...all]).split('\n'));
  }

  /** Types a line on a terminal of zsh, and TAB; what was offered, and what the line is then. */
  zsh(line: string): { readonly offered: string[]; readonly line: string } {
    const notes = join(this.#folder, 'zsh-notes');
    writeFileSync(notes, '');
    const script = `
      zmodload zsh/zpty
      zpty child zsh -f -i
      zpty -w child "PS1=; autoload -Uz compinit; compinit -u -D; source <(${this.#name} completion zsh)"
      zpty -w child 'compadd() { local -a found; builtin compadd -O found "$@"; print -rl -- $found >> ${notes}; builtin compadd "$@" }'
      zpty -w child 'finish() { print -r -- "= $BUFFER" >> ${notes}; kill -9 $$ }; zle -N finish; bindkey "^T" finish; print RE''ADY'
      zpty -r child text '*READY*'
      zpty -wn child "$1"$'\\t\\x14'
      while zpty -r child text; do :; done`;
    this.run('zsh', ['-f', '-c', `${script}\ntrue`, 'zsh', line]);
    const found = readFileSync(notes, 'utf8').split('\n');
    const end = found.find((each) => each.startsWith('= ')) ?? '';
    return { offered: plain(found.filter((each) => !each.startsWith('= '))), line: end.slice(2) };
  }

  fish(line: string): string[] {
    const script = `${this.#name} completion fish | source; complete -C $argv[1]`;
    const out = this.run('fish', ['--no-config', '-c', script, line]);
    return plain(out.split('\n').map((each) => each.split('\t')[0] ?? ''));
  }

  powershell(line: string): string[] {
    const script = `
      ${this.#name} completion powershell | Out-String | Invoke-Expression
      $line = $env:LINE
      (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches | ForEach-Object { $_.CompletionText }`;
    const out = this.run('pwsh', ['-NoProfile', '-Command', script], { LINE: line });
    return plain(out.split(/\r?\n/));
  }
}
