/** Definitions of the commands that shells complete with; what they do is loaded when they run. */
import { Argument, Option, type Command } from 'commander';
import { withHelp } from './help.js';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** Arguments and help of `completion`, which prints a script for `program`. */
export function defineCompletion(command: Command, program: string): Command {
  return withHelp(
    command
      .description('Print a script that has a shell complete commands, options, their values, and files.')
      .addArgument(new Argument('SHELL', 'the shell').choices(SHELLS)),
    {
      notes: [
        `The script asks the ${program} that is found in PATH at each completion, so it stays right when that is updated. bash needs version 4 or newer for files to be told by their names. A line of these in the start file of the shell is enough; fish loads the file by itself.`,
      ],
      examples: [
        [`source <(${program} completion bash)`, 'in ~/.bashrc'],
        [`source <(${program} completion zsh)`, 'in ~/.zshrc, after compinit'],
        [`${program} completion fish > ~/.config/fish/completions/${program}.fish`, 'once'],
        [`${program} completion powershell | Out-String | Invoke-Expression`, 'in $PROFILE'],
      ],
      exitCodes: [
        ['0', 'done'],
        ['1', 'could not: usage or output'],
      ],
    },
  );
}

/** Arguments of `__complete`, which the scripts ask: the answer is for them alone. */
export function defineComplete(command: Command): Command {
  return command
    .addOption(new Option('--current <word>', 'the word that is being typed').default(''))
    .argument('[WORDS...]', 'the words before it');
}
