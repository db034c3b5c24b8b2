/** The command line of `ksy-ts`: what it does with schemas, and its commands. */
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { withHelp } from '../command/index.js';
import { IMPORT_EXTENSIONS } from '../import-extension.js';
import { completeCommand, completionCommand } from './completion.js';
import { diffCommand } from './diff.js';
import { docCommand } from './doc.js';
import { dumpCommand } from './dump.js';
import type { GenerateOptions } from './generate.js';
import { append } from './project.js';
import { validateCommand } from './validate.js';

export function buildProgram(): Command {
  const program = new Command('ksy-ts')
    .enablePositionalOptions()
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .description('Kaitai Struct schemas to strictly typed TypeScript readers and writers.')
    .argument('[schemas...]', 'files (.ksy), folders, patterns, or - for standard input; else what the config names')
    .version(version(), '--version', 'print the version')
    .option('-d, --outdir <folder>', 'where the output goes (default: ".")')
    .option('-I, --import-path <folder>', 'where absolute imports are looked for; may be repeated', append)
    .option('--index', 'also write index.ts, which exports the structures')
    .option('--positions', 'record where every field was read, in `_debug` of its object')
    .option('--read-only', 'readers only: no writers, and properties that cannot be set')
    .option('--reflection', 'also write *.schema.ts: what the schemas say of each type, for JSON and trees')
    .option('--interop', 'also write kaitai/interop.ts: streams and errors count as those of kaitai-struct')
    .option('--write', 'refuse schemas with types that can be read but not written')
    .option(
      '--declarations',
      'write the types of the schemas beside them, for programs that import them by ksy-ts/plugin',
    )
    .addOption(
      new Option('--import-extension <extension>', 'what paths of imports end with (default: js)').choices(
        IMPORT_EXTENSIONS,
      ),
    )
    .option('--check', 'write nothing; fail if the output folder is not what would be written')
    .option('--watch', 'generate again whenever a schema, an import or the config changes')
    .option('--config <file>', 'settings (default: ksy-ts.config.json or package.json, here or in a folder around)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 1))
    .action(async (files: string[], options: GenerateOptions) => {
      // The compiler of TypeScript that prints the output takes its time to load: other commands do without.
      const { generate } = await import('./generate.js');
      process.exitCode = generate(files, options);
    })
    .addCommand(diffCommand())
    .addCommand(docCommand())
    .addCommand(dumpCommand())
    .addCommand(validateCommand())
    .addCommand(completionCommand())
    .addCommand(completeCommand(), { hidden: true });
  return withHelp(program, {
    notes: [
      'Without schemas, the ksy-ts.config.json of this folder or of the nearest one around it says what to do, or the key ksy-ts of its package.json. Only files that ksy-ts has made are replaced; other files in the output folder are left alone.',
    ],
    examples: [
      ['ksy-ts --outdir src/formats png.ksy', 'generate src/formats/png.ts'],
      ['ksy-ts --outdir src/formats --index schemas', 'all schemas of a folder, and an index.ts'],
      ['ksy-ts --check', 'in CI: is the output of the project up to date?'],
      ['ksy-ts diff --against git:HEAD schemas', 'what the change of a schema means'],
      ['ksy-ts dump png.ksy image.png', 'everything in a file'],
    ],
    exitCodes: [
      ['0', 'done; with --check, everything is up to date'],
      ['1', 'could not: usage, a schema, input or output; with --check, something is not up to date'],
    ],
  });
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const manifest: unknown = JSON.parse(text);
  const isNamed = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isNamed ? String(manifest.version) : 'unknown';
}
