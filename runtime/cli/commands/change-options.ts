/** Options, notes and exit codes of all commands that change an image at rest. */
import type { Command } from 'commander';
import type { Term } from '../help.js';

/** The options of every command that changes an image by a plan. */
export function withChangeOptions(command: Command): Command {
  return command
    .option('--dry-run', 'print the plan, and write nothing')
    .option('--json', 'print the plan as JSON; without --dry-run, when it has been carried out');
}

/** The option of every command that gives the contents of an image a new identity. */
export function withForce(command: Command): Command {
  return command.option('--force', 'change the image although others have it for their parent');
}

/** What every command that takes away the parent of children has to say. */
export const CHILDREN_NOTE =
  'Such a change is refused if images in the same folder have this one for their parent, unless --force is given.';

/** What every command that changes an image has to say. */
export const CHANGE_NOTE =
  'Nothing may have the image open meanwhile. It can be interrupted at any moment: the image stays sound, and the same command completes the change. A pending log is replayed first.';

export const CHANGE_EXIT_CODES: readonly Term[] = [
  ['0', 'done, or nothing to do'],
  [
    '1',
    'could not: usage, input or output, image in use, refused; unless output failed in the middle nothing has been written',
  ],
  ['2', 'corrupt; nothing has been written'],
  ['63', 'not a VHDX'],
];
