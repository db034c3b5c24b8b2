import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command. */
export const PROGRAM: string = fileURLToPath(new URL('../../dist/runtime/command/main.cjs', import.meta.url));

/** How a run of the command ended. */
export interface Run {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Working directory, so that images have short names. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user. */
  readonly uid?: number;
  /** Options for Node itself. */
  readonly nodeOptions?: readonly string[];
  /** Close the reading end of the command's standard output at once. */
  readonly closeStdout?: boolean;
}

/** What decides on colours or on other output is taken out, so that tests do not depend on who runs them. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _force, NO_COLOR: _no, VHDX_DEBUG: _debug, NODE_OPTIONS: _options, ...rest } = process.env;
  return rest;
}

/** A run that takes longer than this hangs. */
const HANG_MS = 30_000;

/** Runs `vhdx` with `args` as a process of its own, with nothing on its standard input. */
export function vhdx(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { cwd, env, uid, nodeOptions = [], closeStdout = false } = options;
  const child = spawn(process.execPath, [...nodeOptions, PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnvironment(), ...env },
    timeout: HANG_MS,
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  if (closeStdout) child.stdout.destroy();
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      resolve({ exitCode, signal, stdout, stderr });
    });
  });
}

/** The lines of a text that ends with a newline, or has none. */
export function lines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
