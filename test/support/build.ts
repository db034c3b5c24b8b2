import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const bundler = fileURLToPath(new URL('../../node_modules/rolldown/bin/cli.mjs', import.meta.url));

/** What `npm run build` does, without npm. */
const STEPS: readonly (readonly string[])[] = [
  [compiler, '-b'],
  [bundler, '-c', '--log-level', 'warn'],
];

/** Builds `dist` before the tests, some of which run the command as it is published. Takes a second if it is up to date. */
export default function build(): void {
  for (const step of STEPS) {
    const { status, stdout, stderr } = spawnSync(process.execPath, step, { cwd: root, encoding: 'utf8' });
    if (status === 0) continue;
    const failure = `The build failed, so the command cannot be tested as it is now:\n${stdout}${stderr}`;
    if (process.env['CI'] !== undefined) throw new Error(failure);
    console.error(failure);
    return;
  }
}
