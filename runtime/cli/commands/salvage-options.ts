/** The options of commands that can read damaged images. */
import type { Command } from 'commander';
import { grouped } from '../command-spec.js';
import type { Term } from '../help.js';

/** How a damaged image is to be read. */
export interface SalvageOptions {
  /** Read what can be read. */
  readonly salvage?: true;
  /** A new file for the map of what was lost. */
  readonly salvageMap?: string;
}

export function withSalvageOptions(command: Command): Command {
  return grouped(command, 'Damaged images:', (each) =>
    each
      .option('--salvage', 'read a damaged image as far as it goes: what is lost becomes zeros and is listed')
      .option(
        '--salvage-map <file>',
        "with --salvage: a map for ddrescue's tools, or JSON if the name ends with .json",
      ),
  );
}

export const SALVAGE_NOTE =
  'With --salvage blocks that are cut off, overlap each other or a structure, or lie in bad sectors, and what a missing parent holds, become zeros. Headers and region tables need not have right checksums, and a log that cannot be replayed is left out. All of that is listed on standard error.';

export const SALVAGE_EXIT_CODES: readonly Term[] = [
  ['0', 'done; with --salvage: and nothing was lost'],
  ['1', 'could not: usage, input or output'],
  ['2', 'corrupt; with --salvage: and beyond salvage'],
  ['3', 'with --salvage: done, but something was lost or had to be guessed'],
  ['63', 'not a VHDX'],
];
