/** The options of all commands that read images, for those on servers. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { collect, grouped } from '../command-spec.js';
import { parseSize } from '../size.js';

/** A parser of whole numbers of at least `least`. */
export function integerFrom(least: number): (value: string) => number {
  return (value) => {
    if (/^\d{1,9}$/.test(value) && Number(value) >= least) return Number(value);
    throw new InvalidArgumentError(`It has to be a whole number of at least ${least}.`);
  };
}

/** The options of every command that reads images, for those on servers. */
export function withSourceOptions(command: Command): Command {
  return grouped(command, 'Images at http: and https: URLs:', (each) =>
    each
      .option('--header <line>', "header of the requests, as 'Name: value'; @FILE has one a line; repeatable", collect)
      .option('--netrc <file>', 'take user and password from this file, as curl does')
      .addOption(new Option('--retries <count>', 'tries again after failures that may pass').argParser(integerFrom(0)))
      .addOption(
        new Option('--timeout <seconds>', 'without a byte, until a request has failed').argParser(integerFrom(1)),
      )
      .addOption(new Option('--max-bytes <bytes>', 'fetch no more of one image').argParser(parseSize)),
  );
}
