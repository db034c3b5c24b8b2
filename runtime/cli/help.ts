/** What the help of several commands has in common. */
import { type CommandHelp, type Term, withHelp } from 'ksy-ts/command';

export { type Term, withHelp };

/** Of commands that only need the image to be readable. */
export const READING_EXIT_CODES: readonly Term[] = [
  ['0', 'done'],
  ['1', 'could not: usage, input or output'],
  ['2', 'corrupt'],
  ['63', 'not a VHDX'],
];

/** Of the program, and of `check`, which judges images. */
export const VERDICT_EXIT_CODES: Pick<CommandHelp, 'exitCodes' | 'exitCodesNote'> = {
  exitCodes: [
    ['0', 'clean; warnings and infos are printed'],
    ['1', 'could not run: usage, input or output'],
    ['2', 'corrupt'],
    ['3', 'usable, but needs attention before anything writes to it'],
    ['63', 'not a VHDX'],
  ],
  exitCodesNote: 'Several images: the worst, in the order 0, 3, 63, 2, 1.',
};

/** Where the parents of a differencing disk come from. */
export const PARENTS_NOTE =
  'Parents are looked for in the folder of the image alone. An image may name any file: what leads out of that folder is followed only below a folder given with --parent-root, drives and volumes standing for it.';

export const ENVIRONMENT: readonly Term[] = [
  ['FORCE_COLOR', 'color results: not if it is 0 or false, and always with any other value'],
  ['NO_COLOR', 'with any value: color nothing'],
  ['CLICOLOR_FORCE', 'color results, unless it is 0'],
  ['CLICOLOR', 'color nothing if it is 0'],
  ['VHDX_DEBUG', 'with any value: print where in the program an error was made'],
  ['VHDX_HTTP_HEADERS', 'headers of requests for images at URLs, one a line'],
  ['NETRC', 'file with users and passwords for such requests, if --netrc names none'],
  ['GITHUB_STEP_SUMMARY', 'file that check --format github adds its summary to; set by the runner'],
];
