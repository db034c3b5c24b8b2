/** Definition of `vhdx completion`, and of what its scripts ask. */
import type { Command } from 'commander';
import { defineComplete, defineCompletion, type Shell } from 'ksy-ts/command';
import type { CommandContext } from '../command-spec.js';
import { joined, shown, shownLines } from '../harmless.js';

export function completionCommand({ command, output, done }: CommandContext): Command {
  return defineCompletion(command('completion'), 'vhdx').action(async (shell: Shell) => {
    const { completionScript } = await import('ksy-ts/completion');
    const { COMPLETED } = await import('../completion/vocabulary.js');
    output.write(shownLines(completionScript(shell, COMPLETED)));
    done(0);
  });
}

/** What the scripts ask: the answer is for them alone. */
export function completeCommand({ command, output, done }: CommandContext): Command {
  const complete = defineComplete(command('__complete')).action(
    async (words: readonly string[], { current }: { readonly current: string }) => {
      const { completionLines, completionsOf } = await import('ksy-ts/completion');
      const { VOCABULARY } = await import('../completion/vocabulary.js');
      if (complete.parent === null) throw new Error('the command has no program');
      const completions = await completionsOf(complete.parent, words, current, VOCABULARY);
      output.write(joined(completionLines(completions, shown)));
      done(0);
    },
  );
  return complete;
}
