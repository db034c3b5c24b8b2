/** Definition of `vhdx completion`: arguments, options, help. */
import { Argument, type Command, Option } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { withHelp } from '../help.js';
import type { Shell } from '../completion/scripts.js';

const SHELLS: readonly Shell[] = ['bash', 'zsh', 'fish', 'powershell'];

export function completionCommand({ command, output, done }: CommandContext): Command {
  const completion = command('completion')
    .description('Print a script that has a shell complete commands, options, their values, and files.')
    .addArgument(new Argument('SHELL', 'the shell').choices(SHELLS));
  return withHelp(completion, {
    notes: [
      'The script asks the vhdx that is found in PATH at each completion, so it stays right when that is updated. bash needs version 4 or newer for files to be told by their names. A line of these in the start file of the shell is enough; fish loads the file by itself.',
    ],
    examples: [
      ['source <(vhdx completion bash)', 'in ~/.bashrc'],
      ['source <(vhdx completion zsh)', 'in ~/.zshrc, after compinit'],
      ['vhdx completion fish > ~/.config/fish/completions/vhdx.fish', 'once'],
      ['vhdx completion powershell | Out-String | Invoke-Expression', 'in $PROFILE'],
    ],
    exitCodes: [
      ['0', 'done'],
      ['1', 'could not: usage or output'],
    ],
  }).action(async (shell: Shell) => {
    const { SCRIPTS } = await import('../completion/scripts.js');
    output.write(SCRIPTS[shell]);
    done(0);
  });
}

/** What the scripts ask: the answer is for them alone. */
export function completeCommand({ command, output, done }: CommandContext): Command {
  const complete = command('__complete')
    .addOption(new Option('--current <word>', 'the word that is being typed').default(''))
    .argument('[WORDS...]', 'the words before it')
    .action(async (words: readonly string[], { current }: { readonly current: string }) => {
      const { completionsText, completionsOf } = await import('../completion/complete.js');
      if (complete.parent === null) throw new Error('the command has no program');
      output.write(completionsText(await completionsOf(complete.parent, words, current)));
      done(0);
    });
  return complete;
}
