/** `ksy-ts validate SCHEMA FILE…` */
import { Option, type Command } from 'commander';
import { withHelp } from '../command/index.js';
import { validate, type FileReport } from '../explore/findings.js';
import { FORMATS, report, verdictOf, type Format } from '../explore/reports.js';
import { SEVERITIES, type Severity } from '../reports/index.js';
import { readBytes } from './files.js';
import { print } from './print.js';
import { loadInputs, reportTrouble, schemaCommand, type Inputs, type SchemaOptions } from './inputs.js';
import { filesAt } from './schemas.js';
import { reasonOf } from '../diagnostics.js';

interface ValidateOptions extends SchemaOptions {
  readonly format: Format;
  readonly failOn: Severity;
}

/** All valid; not run, or a file could not be opened; a file is not valid. */
const EXIT = { valid: 0, trouble: 1, invalid: 2 } as const;

export function validateCommand(): Command {
  const command = schemaCommand('validate')
    .description('Checks files of any format against their schema.')
    .argument('<schema>', 'the schema (.ksy)')
    .argument('<files...>', 'the files, patterns of files (**/*.png), or - for standard input')
    .addOption(new Option('--format <format>', 'form of the report').choices(FORMATS).default('text'))
    .addOption(
      new Option('--fail-on <severity>', 'the least severity that makes a file invalid')
        .choices(SEVERITIES)
        .default('error'),
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.valid : EXIT.trouble))
    .action(async (schema: string, files: string[], options: ValidateOptions) => {
      process.exitCode = await run(schema, files, options);
    });
  return withHelp(command, {
    examples: [
      ['ksy-ts validate png.ksy *.png', 'a line a finding'],
      ['ksy-ts validate --format sarif png.ksy *.png > png.sarif', 'for code scanning'],
    ],
    exitCodes: [
      ['0', 'all files are valid'],
      ['1', 'could not: usage, the schema, or a file'],
      ['2', 'a file is not valid'],
    ],
  });
}

async function run(schemaFile: string, files: readonly string[], options: ValidateOptions): Promise<number> {
  try {
    const inputs = await loadInputs(schemaFile, options);
    const reports = [...new Set(files.flatMap(filesAt))].map((file) => reportOn(file, inputs));
    const { failOn } = options;
    print(report(options.format, reports, { format: inputs.schema.root.id, failOn }));
    const verdicts = reports.map((each) => verdictOf(each, failOn));
    if (verdicts.includes('unreadable')) return EXIT.trouble;
    return verdicts.includes('invalid') ? EXIT.invalid : EXIT.valid;
  } catch (error) {
    reportTrouble(error);
    return EXIT.trouble;
  }
}

/** A file that cannot be opened does not keep the others from being checked. */
function reportOn(file: string, { schema, params, limits }: Inputs): FileReport {
  let bytes: Uint8Array;
  try {
    bytes = readBytes(file);
  } catch (error) {
    return { file, trouble: reasonOf(error), findings: [], more: 0 };
  }
  return validate(schema, file, bytes, { params, limits });
}
