import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { rolldown } from 'rolldown';

/** Native code cannot be bundled, and is loaded only for long logs. */
const EXTERNAL = [/^@node-rs\//];

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

/**
 * The modules that `info` loads, as all commands do that open an image, besides those of the program and its own: found
 * by a first run. They become one file: each file takes as long as reading the structures of an image.
 */
async function openingModules(options) {
  const build = await rolldown({ ...options, logLevel: 'silent' });
  const { output } = await build.generate({ format: 'cjs' });
  await build.close();
  const chunks = new Map(output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const loadedWith = (fileName, found = new Set()) => {
    if (!chunks.has(fileName) || found.has(fileName)) return found;
    found.add(fileName);
    for (const imported of chunks.get(fileName).imports) loadedWith(imported, found);
    return found;
  };
  const all = [...chunks.values()];
  const program = loadedWith(all.find(({ isEntry }) => isEntry).fileName);
  const info = all.find(({ facadeModuleId }) => /[\\/]commands[\\/]info\.js$/.test(facadeModuleId ?? ''));
  const shared = [...loadedWith(info.fileName)].filter((name) => name !== info.fileName && !program.has(name));
  return new Set(shared.flatMap((name) => chunks.get(name).moduleIds));
}

const input = {
  input: { vhdx: 'dist/runtime/cli/main.js' },
  platform: 'node',
  external: EXTERNAL,
};

const opening = await openingModules({ ...input, plugins: [noChildProcesses] });

/**
 * The command in a few files: finding and loading each of a hundred modules takes longer than most of what it does. As
 * CommonJS, because Node starts that 7 ms sooner. Names are kept, for stacks that can be read.
 */
export default {
  ...input,
  // Wanted by groups that do not take the modules that they need along.
  preserveEntrySignatures: 'allow-extension',
  plugins: [noChildProcesses, notices, start, executable],
  output: {
    dir: 'dist/runtime/command',
    // What another build has left is not published.
    cleanDir: true,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: 'image', test: (id) => opening.has(id) }],
    },
    minify: {
      compress: { keepNames: { function: true, class: true } },
      mangle: { keepNames: { function: true, class: true } },
      codegen: { removeWhitespace: true },
    },
  },
};
