/** `ksy-ts doc` */
import { Command, Option } from 'commander';
import { withHelp } from '../command/index.js';
import { SchemaError, formatDiagnostic, printable, reasonOf } from '../diagnostics.js';
import { DIAGRAMS } from '../doc/markdown.js';
import { DOC_FORMATS, DOC_MARK, documentation, type DocFormat } from '../doc/pages.js';
import { shown } from './config.js';
import { compare, orphansIn, put, type InFolder, type Kind } from './output.js';
import { append, configFor, importerOf, pathFrom } from './project.js';
import { STDIN, findSchemas } from './schemas.js';

interface DocCommandOptions {
  readonly outdir?: string;
  readonly importPath?: readonly string[];
  readonly format?: DocFormat;
  readonly check?: boolean;
  readonly config?: string;
}

export function docCommand(): Command {
  const command = new Command('doc')
    .description('Reference pages: a table and a diagram of every structure, with links between them.')
    .argument('[schemas...]', 'files (.ksy), folders, patterns, or - for standard input; else what the config names')
    .option('-d, --outdir <folder>', 'where the pages go (default: ".")')
    .option('-I, --import-path <folder>', 'where absolute imports are looked for; may be repeated', append)
    .addOption(
      new Option('-f, --format <format>', 'markdown, with diagrams as SVG files, or html').choices(DOC_FORMATS),
    )
    .option('--check', 'write nothing; fail if the pages are not what would be written')
    .option('--config <file>', 'settings (default: ksy-ts.config.json or package.json, here or in a folder around)')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 1))
    .action((files: string[], options: DocCommandOptions) => {
      process.exitCode = run(files, options);
    });
  return withHelp(command, {
    notes: [
      'The format is markdown unless the option or the setting doc.format says otherwise; the setting doc.outdir is the folder. Pages of imported schemas are written too, and an index (README.md, index.html) where there are several. Only files that this command has made are replaced.',
    ],
    examples: [
      ['ksy-ts doc --outdir docs/formats schemas', 'pages of Markdown'],
      ['ksy-ts doc --check', 'in CI: are the pages of the project up to date?'],
    ],
    exitCodes: [
      ['0', 'done; with --check, all pages are up to date'],
      ['1', 'could not: usage, a schema or output; with --check, a page is not up to date'],
    ],
  });
}

function run(files: readonly string[], options: DocCommandOptions): number {
  try {
    const config = configFor(files, options.config);
    const settings = config?.settings;
    const wanted = files.length > 0 ? files : (settings?.schemas ?? []);
    const outdir = options.outdir ?? settings?.doc?.outdir ?? '.';
    const format = options.format ?? settings?.doc?.format ?? 'markdown';
    const { files: output, warnings } = documentation({
      files: findSchemas(wanted, files.length > 0 ? undefined : config && shown(config.file)),
      importer: importerOf(wanted, options.importPath ?? settings?.importPath ?? []),
      format,
      sourcePath: (file) => (file === STDIN ? undefined : pathFrom(outdir, file)),
    });
    for (const warning of warnings) console.error(formatDiagnostic(warning));
    const kind = KINDS[format];
    return options.check === true
      ? compare(outdir, output, orphansIn(outdir, output, kind))
      : put(outdir, output, kind);
  } catch (error) {
    if (error instanceof SchemaError) console.error(error.message);
    else console.error(`ksy-ts: ${printable(reasonOf(error))}`);
    return 1;
  }
}

const SIGN = `<!-- ${DOC_MARK}`;
/** A page of Markdown begins with its title, one of HTML with its type. */
const SIGN_LINES = 3;

const pages = (...extensions: readonly string[]): Kind & InFolder => ({
  isGenerated: (text) => text.split('\n', SIGN_LINES).some((line) => line.startsWith(SIGN)),
  sign: `none of its first lines begins with '${SIGN}'`,
  isPart: (path) => extensions.some((extension) => path.endsWith(extension)),
  folder: { name: DIAGRAMS, unwanted: 'no page shows it' },
});

const KINDS: Readonly<Record<DocFormat, Kind & InFolder>> = { markdown: pages('.md', '.svg'), html: pages('.html') };
