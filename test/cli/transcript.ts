import { expect } from 'vitest';
import { vhdx, type RunOptions } from './vhdx.js';

/** What depends on the host's file system is replaced by a word in brackets. */
function withoutHost(text: string): string {
  return text
    .replaceAll(/"actual-size": \d+/g, '"actual-size": <actual-size>')
    .replaceAll(/, [\d.]+ \w+ on the host/g, ', <actual-size> on the host');
}

/** Runs a command line and returns it with everything that it printed, as one would see it. */
export async function transcript(command: string, options: RunOptions): Promise<string> {
  const [, ...args] = command.split(' ');
  const { exitCode, stdout, stderr } = await vhdx(args, options);
  const errors = stderr === '' ? '' : `[standard error]\n${stderr}`;
  return `$ ${command}\n${withoutHost(stdout)}${errors}[exit code ${exitCode}]\n`;
}

/** Compares a session with the golden file of this name in test/cli/transcripts; `vitest -u` writes it anew. */
export async function expectTranscript(name: string, commands: readonly string[], options: RunOptions): Promise<void> {
  const parts = await Promise.all(commands.map((command) => transcript(command, options)));
  await expect(parts.join('\n')).toMatchFileSnapshot(`transcripts/${name}.txt`);
}
