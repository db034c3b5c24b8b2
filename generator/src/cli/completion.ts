/** `ksy-ts completion`, and what its scripts ask. */
import { Command } from 'commander';
import { defineComplete, defineCompletion, type Shell } from '../command/index.js';
import type { Completed, Vocabulary } from '../command/completion.js';
import { printable } from '../diagnostics.js';
import { print } from './print.js';

const COMPLETED: Completed = { program: 'ksy-ts', extensions: ['ksy'] };

/** What completes command lines beside the definitions of the commands. */
export const VOCABULARY: Vocabulary = {
  files: {
    file: 'files',
    files: 'files',
    folder: 'folders',
    old: 'own',
    schema: 'own',
    schemas: 'own',
  },
  async valuesOf(name, current, [schema, file], options) {
    if (schema === undefined || name !== 'path' || file === undefined) return undefined;
    // The compiler of TypeScript takes its time to load.
    const { pathsIn } = await import('./paths.js');
    return pathsIn(schema, file, current, options);
  },
};

export function completionCommand(): Command {
  return defineCompletion(new Command('completion'), COMPLETED.program)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 1))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('../command/completion.js');
      print(completionScript(shell, COMPLETED));
    });
}

export function completeCommand(): Command {
  const complete = defineComplete(new Command('__complete')).action(
    async (words: readonly string[], { current }: { readonly current: string }) => {
      const { completionLines, completionsOf } = await import('../command/completion.js');
      if (complete.parent === null) throw new TypeError('the command has no program');
      const completions = await completionsOf(complete.parent, words, current, VOCABULARY);
      print(completionLines(completions, printableLine).join(''));
    },
  );
  return complete;
}

/** A line whose values are other people's. */
function printableLine(words: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: words }, ...values.map(printable));
}
