/** Definition of `vhdx resize`. */
import { Argument, type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../command-spec.js';
import { PARENTS_NOTE, withHelp } from '../help.js';
import { parseSize, SIZES_HELP } from '../size.js';
import { CHANGE_EXIT_CODES, CHANGE_NOTE, CHILDREN_NOTE, withChangeOptions, withForce } from './change-options.js';
import { withParentOptions } from './disk-options.js';
import type { ResizeCommandOptions, SizeArgument } from './resize.js';

/** In place of the hyphen of `-1G`, which would be taken for an option. */
const MINUS = '\u2212';

/** A size as `10G`, `+5G` or `-1G`. @throws InvalidArgumentError */
export function parseSizeChange(text: string): SizeArgument {
  const sign = text.slice(0, 1);
  if (sign === '+') return { by: parseSize(text.slice(1)) };
  if (sign !== MINUS && sign !== '-') return { size: parseSize(text) };
  const by = parseSize(text.slice(1));
  if (by === 0) throw new InvalidArgumentError('Give a size that is not 0.');
  return { by: -by };
}

const NOTES = [
  'What lies behind the old end is zeros when a disk becomes larger. A disk is not made smaller if that would cut off data or a partition, unless --discard-data is given; the error says the smallest size that is safe. File systems and partitions inside the disk are not resized: grow them afterwards, shrink them before.',
  'The contents get a new identity ([MS-VHDX] 2.2.2): children of the image have to be reconnected with vhdx rebase --ignore-id-mismatch. A size like +5G counts from the size at that moment, so after an interruption give the size itself.',
];

export function resizeCommand({ command, output, done }: CommandContext): Command {
  const resize = command('resize')
    .description('Make the virtual disk of an image larger or smaller.')
    .argument('IMAGE', 'image file')
    .addArgument(
      new Argument('[SIZE]', `new size, or +SIZE or -SIZE for a difference: ${SIZES_HELP}`).argParser(parseSizeChange),
    )
    .option('--to-minimum', 'the smallest size that cuts off neither data nor partitions')
    .option('--discard-data', 'cut off what lies behind the new end')
    .option('--fix-gpt', 'move the backup of a GPT to the end of the disk');
  const parse = resize.parseOptions.bind(resize);
  resize.parseOptions = (words) => parse(words.map((word) => (/^-\d/.test(word) ? MINUS + word.slice(1) : word)));
  return withHelp(withParentOptions(withForce(withChangeOptions(resize))), {
    notes: [...NOTES, CHILDREN_NOTE, CHANGE_NOTE, PARENTS_NOTE],
    examples: [
      ['vhdx resize disk.vhdx 100G --fix-gpt', 'grow'],
      ['vhdx resize disk.vhdx -10G --dry-run', 'could it be 10 GiB smaller?'],
      ['vhdx resize disk.vhdx --to-minimum', 'as small as is safe'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  }).action(async (image: string, size: SizeArgument | undefined, options: ResizeCommandOptions) => {
    const { toMinimum, fixGpt } = options;
    if (size === undefined && toMinimum === undefined && fixGpt === undefined) resize.error('say which size');
    if (size !== undefined && toMinimum !== undefined) resize.error('give either SIZE or --to-minimum');
    const { runResize } = await import('./resize.js');
    done(await runResize(image, size, options, output));
  });
}
