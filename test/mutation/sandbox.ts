/** A copy of the project in which sources may be spoiled, and its tests run. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Outcome = 'passed' | 'failed' | 'timeout';

export class Sandbox {
  readonly folder: string;
  #running: ChildProcess | undefined;

  /** Copies what git tracks or does not ignore; packages are those of `root`. */
  constructor(root: string) {
    this.folder = mkdtempSync(join(tmpdir(), 'vhdx-mutation-'));
    const listed = spawnSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
    if (listed.status !== 0) throw new Error(`git ls-files: ${listed.stderr}`);
    for (const name of new Set(listed.stdout.split('\n'))) {
      if (name === '') continue;
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      cpSync(join(root, name), join(this.folder, name), { force: true });
    }
    // Some tests run what was built; it sees no mutant.
    for (const name of ['node_modules', 'dist', 'generator/dist'])
      symlinkSync(join(root, name), join(this.folder, name));
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Does `work` while `file` has another text. */
  async with<T>(file: string, text: string, work: () => Promise<T>): Promise<T> {
    const before = this.read(file);
    writeFileSync(join(this.folder, file), text);
    try {
      return await work();
    } finally {
      writeFileSync(join(this.folder, file), before);
    }
  }

  /** Runs tests until one fails, for so long at most. */
  run(tests: readonly string[], limitMs: number): Promise<Outcome> {
    const vitest = join(this.folder, 'node_modules/vitest/vitest.mjs');
    const options = ['--config', 'test/mutation/vitest.config.ts', '--bail=1', '--reporter=dot'];
    const child = spawn(process.execPath, [vitest, 'run', ...options, ...tests], {
      cwd: this.folder,
      stdio: 'ignore',
      // A group of its own, so that its workers end with it.
      detached: true,
    });
    this.#running = child;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#kill();
        resolve('timeout');
      }, limitMs);
      child.on('error', reject);
      child.on('exit', (code) => {
        clearTimeout(timer);
        this.#running = undefined;
        resolve(code === 0 ? 'passed' : 'failed');
      });
    });
  }

  #kill(): void {
    const pid = this.#running?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  remove(): void {
    this.#kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
