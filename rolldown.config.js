import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { explanationsApart } from './tools/explanations-apart.js';
import { lazyRequires } from './tools/lazy-requires.js';
import { libraryEntries, libraryGroups } from './tools/library-files.js';
import { modulesByUse } from './tools/modules-by-use.js';
import { pureInitializers } from './tools/pure-initializers.js';

/** Native code cannot be bundled, and is loaded only for long logs. */
const EXTERNAL = [/^@node-rs\//];
/** Other packages that the library depends on: an installation has one of each, whoever uses it. */
const DEPENDENCIES = ['kaitai-struct', 'lru-cache'];

/** The folder of the npm package that the module `id` is of; undefined for the project's own. */
function packageFolder(id) {
  if (!/[\\/]node_modules[\\/]/.test(id)) return undefined;
  let folder = dirname(id);
  while (!existsSync(join(folder, 'package.json')) || manifestOf(folder).name === undefined) folder = dirname(folder);
  return folder;
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function noticeOf(folder) {
  const { name, version, license } = manifestOf(folder);
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence to hand on`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

/** Hands on the licences of the packages whose code is in the bundle. */
const notices = {
  name: 'notices',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
    const folders = new Set(modules.map(packageFolder).filter((folder) => folder !== undefined));
    const texts = [...folders].map(noticeOf).sort((one, other) => (one < other ? -1 : 1));
    this.emitFile({
      type: 'asset',
      fileName: 'THIRD-PARTY-NOTICES.txt',
      source: ['The files in this folder contain code of these packages.\n', ...texts].join(`\n${'-'.repeat(80)}\n\n`),
    });
  },
};

/** commander loads this for subcommands that are programs of their own, and with it half of Node's network. */
const NO_CHILD_PROCESSES = '\0no-child-processes';
const noChildProcesses = {
  name: 'no-child-processes',
  resolveId: (id, importer) =>
    id === 'node:child_process' && /[\\/]commander[\\/]/.test(importer ?? '') ? NO_CHILD_PROCESSES : undefined,
  load: (id) => (id === NO_CHILD_PROCESSES ? { code: 'module.exports = {};', moduleType: 'js' } : undefined),
};

/** What runs first, on any Node: it says so where Node is too old for the rest. */
const start = {
  name: 'start',
  generateBundle() {
    const [, engine] = /^>=([\d.]+)$/.exec(JSON.parse(readFileSync('package.json', 'utf8')).engines.node);
    const source = readFileSync('runtime/cli/start.cjs', 'utf8').replace('@ENGINE@', engine);
    this.emitFile({ type: 'asset', fileName: 'main.cjs', source });
  },
};

const executable = {
  name: 'executable',
  writeBundle: ({ dir }) => chmodSync(join(dir, 'main.cjs'), 0o755),
};

/** V8 reads text of ASCII alone half as fast again. Only strings and patterns have other characters. */
const ascii = {
  name: 'ascii',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue;
      file.code = file.code.replaceAll(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

const command = {
  input: { vhdx: 'dist/runtime/cli/main.js' },
  platform: 'node',
  external: EXTERNAL,
  // Wanted by groups that do not take the modules that they need along.
  preserveEntrySignatures: 'allow-extension',
};

const format = { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' };

const modules = await modulesByUse(
  { ...command, plugins: [noChildProcesses, explanationsApart, lazyRequires()] },
  format,
);

/**
 * What works on many images loads all that it may need before it opens one: there may be no file descriptor left then, and
 * the error is to be told all the same.
 */
const isEager = (module) => /[\\/](?:commands[\\/]check|fleet[\\/]thread)\.js$/.test(module);

/**
 * The command in a few files: finding and loading each of a hundred modules takes longer than most of what it does, and
 * so does compiling what a run has no use for. As CommonJS, because Node starts that 7 ms sooner. Names are kept, for
 * stacks that can be read.
 */
const commandFiles = {
  ...command,
  plugins: [noChildProcesses, explanationsApart, lazyRequires(isEager), ascii, notices, start, executable],
  output: {
    ...format,
    dir: 'dist/runtime/command',
    // What another build has left is not published.
    cleanDir: true,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: Object.entries(modules).map(([name, ids]) => ({ name, test: (id) => ids.has(id) })),
    },
    minify: {
      compress: { keepNames: { function: true, class: true } },
      mangle: { keepNames: { function: true, class: true } },
      codegen: { removeWhitespace: true },
    },
  },
};

const library = {
  input: libraryEntries(),
  platform: 'node',
  external: [...EXTERNAL, ...DEPENDENCIES],
  plugins: [explanationsApart],
  preserveEntrySignatures: 'allow-extension',
};

/** The library as ES modules whose names and lines are those of the compiled ones. */
const libraryFiles = {
  ...library,
  plugins: [explanationsApart, pureInitializers, ascii],
  output: {
    dir: 'dist/library',
    cleanDir: true,
    chunkFileNames: '[name].js',
    minifyInternalExports: false,
    comments: { annotation: true, jsdoc: false, legal: true },
    codeSplitting: { includeDependenciesRecursively: false, groups: await libraryGroups(library) },
  },
};

export default [commandFiles, libraryFiles];
