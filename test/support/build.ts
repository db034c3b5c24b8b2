import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const compiler = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** Builds `dist` before the tests, some of which run the command as it is published. Takes a second if it is up to date. */
export default function build(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [compiler, '-b'], { cwd: root, encoding: 'utf8' });
  if (status === 0) return;
  const failure = `The build failed, so the command cannot be tested as it is now:\n${stdout}${stderr}`;
  if (process.env['CI'] !== undefined) throw new Error(failure);
  console.error(failure);
}
