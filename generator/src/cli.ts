#!/usr/bin/env node
/** The command `ksy-ts`. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { diffCommand } from './cli/diff.js';
import { docCommand } from './cli/doc.js';
import { dumpCommand } from './cli/dump.js';
import type { GenerateOptions } from './cli/generate.js';
import { append } from './cli/project.js';
import { validateCommand } from './cli/validate.js';

const program = new Command('ksy-ts')
  .enablePositionalOptions()
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
  .option('--check', 'write nothing; fail if the output folder is not what would be written')
  .option('--watch', 'generate again whenever a schema, an import or the config changes')
  .option('--config <file>', 'settings (default: ksy-ts.config.json or package.json, here or in a folder around)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 1))
  .action(async (files: string[], options: GenerateOptions) => {
    // The compiler of TypeScript that prints the output takes its time to load: other commands do without.
    const { generate } = await import('./cli/generate.js');
    process.exitCode = generate(files, options);
  })
  .addCommand(diffCommand())
  .addCommand(docCommand())
  .addCommand(dumpCommand())
  .addCommand(validateCommand());

await program.parseAsync();

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const manifest: unknown = JSON.parse(text);
  const isNamed = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isNamed ? String(manifest.version) : 'unknown';
}
