/**
 * Options of qemu-img that users type by habit. Those with the same meaning here are accepted, although no help lists them;
 * for the others the error names the option to use instead.
 */
import { type Command, Option } from 'commander';

/** Adds an option that no help lists; `take` receives its value before the command runs. */
function habit(command: Command, flags: string, choices: readonly string[], take: (value: string) => void): Command {
  const option = new Option(flags).hideHelp();
  if (choices.length > 0) option.choices(choices);
  return command.addOption(option).on(`option:${option.name()}`, take);
}

/** `-f vhdx`: the format of the image, where there is no choice. */
export function withImageFormat(command: Command): Command {
  return habit(command, '-f <format>', ['vhdx'], () => undefined);
}

/** `--output=json` for `--json`, an option of this command. */
export function withOutputFormat(command: Command): Command {
  return habit(command, '--output <format>', ['human', 'json'], (format) => {
    if (format === 'json') command.setOptionValue('json', true);
  });
}

/** `-r all`: what can be repaired is. */
export function withRepairAll(command: Command): Command {
  return habit(command, '-r <what>', ['all'], () => command.setOptionValue('repair', true));
}

/** `-p`: progress is shown on a terminal anyway. */
export function withProgress(command: Command): Command {
  return habit(command, '-p', [], () => undefined);
}

const NO_COUNTERPART = 'it has no counterpart here, leave it out';

const HINTS: Readonly<Record<string, string>> = {
  '-b': '--parent names the parent of a differencing disk',
  '-c': 'a VHDX has no compression, leave it out',
  '-F': 'formats are recognised by their contents, leave it out',
  '-f': 'formats are recognised by their contents, leave it out',
  '-m': NO_COUNTERPART,
  '-n': '--force replaces an existing file',
  '-o': '--type, --block-size and --log-size say what the disk is like',
  '-p': NO_COUNTERPART,
  '-r': 'vhdx check --repair repairs what can be repaired',
  '-S': NO_COUNTERPART,
  '-T': NO_COUNTERPART,
  '-t': '--sync has everything on stable storage at the end',
  '-U': 'reading needs no lock, leave it out',
  '-W': NO_COUNTERPART,
  '--backing-chain': 'vhdx check --chain and vhdx map --chain follow the parents',
  '--image-opts': 'give the name of a file',
  '--output': '--json prints JSON where there is any',
};

/** What to do instead of the option that commander does not know, in parentheses; empty if that is not known. */
export function hintFor(message: string): string {
  const option = /unknown option '([^'=]+)/.exec(message)?.[1] ?? '';
  const hint = Object.hasOwn(HINTS, option) ? HINTS[option] : undefined;
  return hint === undefined ? '' : ` (${hint})`;
}
