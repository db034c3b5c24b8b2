/** The files of the repository as they are now, in a repository of their own. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './packed.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const IDENTITY = ['-c', 'user.name=vhdx', '-c', 'user.email=vhdx@example.org', '-c', 'commit.gpgsign=false'];

export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

export class WorkingCopy {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'vhdx-copy-'));

  /** What is ignored is not there, but for the installed packages; all else is committed. */
  constructor() {
    const files = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'], ROOT);
    const removed = new Set(run('git', ['ls-files', '-z', '--deleted'], ROOT).split('\0'));
    for (const file of files.split('\0')) {
      if (file === '' || removed.has(file)) continue;
      mkdirSync(dirname(join(this.folder, file)), { recursive: true });
      copyFileSync(join(ROOT, file), join(this.folder, file));
    }
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'), 'junction');
    writeFileSync(join(this.folder, '.gitignore'), 'node_modules\n', { flag: 'a' });
    run('git', ['init', '--quiet'], this.folder);
    this.commit();
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  change(path: string, change: (text: string) => string): void {
    writeFileSync(join(this.folder, path), change(this.read(path)));
  }

  commit(): void {
    run('git', ['add', '--all'], this.folder);
    run('git', [...IDENTITY, 'commit', '--quiet', '--message', 'as it is'], this.folder);
  }

  /** What is changed, as `git status` lists it; empty if nothing is. */
  changes(): string {
    return run('git', ['status', '--porcelain'], this.folder);
  }

  /** Runs a program with no variable that the workflow of a release, or npm, would set. */
  start(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
    const kept = Object.entries(process.env).filter(([name]) => !/^(?:npm_|GITHUB_|ACTIONS_|VHDX_)/i.test(name));
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.folder,
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      env: { ...Object.fromEntries(kept), ...env },
    });
    return { status, output: `${stdout}${stderr}` };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
