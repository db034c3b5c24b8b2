import { vhdx, type RunOptions } from './vhdx.js';

/** What depends on the host's file system is replaced by a word in brackets. */
function withoutHost(text: string): string {
  return text
    .replaceAll(/"actual-size": \d+/g, '"actual-size": <actual-size>')
    .replaceAll(/, [\d.]+ \w+ on the host/g, ', <actual-size> on the host');
}

/** Runs a command line and returns it with everything that it printed, as one would see it. */
async function transcript(command: string, options: RunOptions): Promise<string> {
  const [, ...args] = command.split(' ');
  const { exitCode, stdout, stderr } = await vhdx(args, options);
  const errors = stderr === '' ? '' : `[standard error]\n${stderr}`;
  return `$ ${command}\n${withoutHost(stdout)}${errors}[exit code ${exitCode}]\n`;
}

/** The transcript of several command lines. */
export async function session(commands: readonly string[], options: RunOptions): Promise<string> {
  const parts = await Promise.all(commands.map((command) => transcript(command, options)));
  return parts.join('\n');
}

/** The golden file of this name; `vitest -u` writes it anew. */
export function golden(name: string): string {
  return `transcripts/${name}.txt`;
}
