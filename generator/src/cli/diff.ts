/** `ksy-ts diff OLD NEW` */
import { Command, Option } from 'commander';
import type { Schemas } from '../analyse.js';
import { withHelp } from '../command/index.js';
import { SchemaError, compareText, printable, reasonOf } from '../diagnostics.js';
import { CHANGE_KINDS, isAtLeast, type ChangeKind } from '../diff/change.js';
import { diff } from '../diff/diff.js';
import { changesReport, changesText } from '../diff/report.js';
import { readText } from './files.js';
import { Revision } from './git.js';
import { append } from './project.js';
import { EXTENSION, isFolder, schemasAt } from './schemas.js';

interface DiffOptions {
  readonly against?: string;
  readonly importPath?: readonly string[];
  readonly failOn?: ChangeKind;
  readonly json?: boolean;
}

/** Nothing that `--fail-on` names; something; not compared. */
const EXIT = { passed: 0, failed: 1, trouble: 2 } as const;

export function diffCommand(): Command {
  const command = new Command('diff')
    .description('What a change of schemas means: for files, for values, for code, for readers of the docs.')
    .argument('<schemas...>', 'OLD and NEW, files or folders; with --against, NEW alone, which may be several')
    .option('--against <old>', 'compare with a file, a folder, or with the same paths in a git revision (git:REV)')
    .option('-I, --import-path <folder>', 'where absolute imports are looked for; may be repeated', append)
    .addOption(
      new Option(
        '--fail-on <kind>',
        'exit with 1 if there are changes of this kind or a graver one, additions apart',
      ).choices(CHANGE_KINDS),
    )
    .option('--json', 'print JSON')
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.passed : EXIT.trouble))
    .action((paths: string[], options: DiffOptions) => {
      process.exitCode = run(paths, options);
    });
  return withHelp(command, {
    notes: [
      'The kinds of change, the gravest first: bytes (files are read otherwise), values (what is valid, and what values are called), types (names and types in code), docs.',
      'Absolute imports are looked for in the folders that are compared, each state in its own, and then in --import-path.',
    ],
    examples: [
      ['ksy-ts diff old/png.ksy new/png.ksy', 'two files'],
      ['ksy-ts diff --against git:v1.2.0 schemas', 'a folder, and what it was in a release'],
      ['ksy-ts diff --against git:main --fail-on bytes schemas', 'in CI'],
    ],
    exitCodes: [
      ['0', 'compared; nothing that --fail-on names'],
      ['1', 'there are changes that --fail-on names'],
      ['2', 'could not be compared: usage, a schema, or git'],
    ],
  });
}

function run(paths: readonly string[], options: DiffOptions): number {
  try {
    const { old, now, against } = states(paths, options);
    const changes = diff(old, now);
    const prefix = against.startsWith(GIT) ? `${against}:` : '';
    process.stdout.write(
      options.json === true
        ? `${JSON.stringify(changesReport(changes, against), undefined, 2)}\n`
        : changesText(changes, prefix),
    );
    const { failOn } = options;
    return failOn !== undefined && changes.some((change) => isAtLeast(change, failOn)) ? EXIT.failed : EXIT.passed;
  } catch (error) {
    if (error instanceof SchemaError) console.error(error.message);
    else console.error(`ksy-ts: ${printable(reasonOf(error))}`);
    return EXIT.trouble;
  }
}

const GIT = 'git:';

interface States {
  readonly old: Schemas;
  readonly now: Schemas;
  readonly against: string;
}

function states(paths: readonly string[], { against, importPath = [] }: DiffOptions): States {
  const onDisk = (files: readonly string[]): Schemas => ({
    files: files.flatMap(schemasAt),
    importer: { read: readText, importPaths: [...files.filter(isFolder), ...importPath] },
  });
  if (against === undefined) {
    const [old, now, ...more] = paths;
    if (old === undefined || now === undefined || more.length > 0)
      throw new Error('give OLD and NEW, two files or folders, or --against OLD and what is to be compared with it');
    return { old: onDisk([old]), now: onDisk([now]), against: old };
  }
  const now = onDisk(paths);
  if (!against.startsWith(GIT)) return { old: onDisk([against]), now, against };
  return { old: inRevision(new Revision(against.slice(GIT.length)), paths, importPath), now, against };
}

/** The schemas that were at the same paths. */
function inRevision(revision: Revision, paths: readonly string[], importPaths: readonly string[]): Schemas {
  const files = paths.flatMap((path) =>
    revision.isFile(path) ? [path] : revision.filesBelow(path).filter((file) => file.endsWith(EXTENSION)),
  );
  if (files.length === 0) throw new Error(`the revision has no schema at ${paths.join(', ')}`);
  const folders = paths.filter((path) => !revision.isFile(path));
  return { files: files.toSorted(compareText), importer: revision.importer([...folders, ...importPaths]) };
}
