/** Tells which modules of the command a run of it needs, so that the bundle has those in files of their own. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { eachModuleApart, filesWith } from './each-module.js';

/** Runs the program that is its first argument; what is loaded at the end is written to the file that is its last. */
const RECORDER = `
  const { basename, resolve } = require('node:path');
  const [node, program, ...args] = process.argv;
  const list = args.pop();
  process.argv = [node, program, ...args];
  process.on('exit', () => {
    require('node:fs').writeFileSync(list, Object.keys(require.cache).map((file) => basename(file)).join('\\n'));
  });
  require(resolve(program));
`;

/** Not published, and as deep as the bundle, which looks for `package.json` from where it is. */
const SCRATCH = 'node_modules/.cache';

/** Clean images: one whose blocks have no storage, and one whose blocks have. */
const IMAGES = [
  ['dynamic', '64G'],
  ['fixed', '3M'],
];

/** Has the image say of its regions that they are not required, as QEMU's do: findings that all who read them tolerate. */
async function likeThatOfQemu(image) {
  const { crc32c } = await import(pathToFileURL('dist/runtime/base/crc32c.js').href);
  const bytes = readFileSync(image);
  for (const at of [192 * 1024, 256 * 1024]) {
    const table = bytes.subarray(at, at + 64 * 1024);
    for (let entry = 0; entry < table.readUInt32LE(8); entry += 1) table.writeUInt32LE(0, 16 + 32 * entry + 28);
    table.writeUInt32LE(0, 4);
    table.writeUInt32LE(crc32c(table), 4);
  }
  writeFileSync(image, bytes);
}

/** The least that commands do: reading structures, and opening a disk. */
const SHORT_RUNS = ['info', 'map'];

/**
 * Names of the files that `program` loads for such runs, those that it loads where there is something to be told of the
 * image, and those that it loads to have images checked by a thread.
 */
async function filesOfRuns(program) {
  const scratch = mkdtempSync(join(dirname(program), 'run-'));
  const list = join(scratch, 'loaded');
  const loadedBy = (...args) => {
    const words = ['-e', RECORDER, '--', program, ...args, list];
    execFileSync(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
    return readFileSync(list, 'utf8').split('\n');
  };
  const short = IMAGES.flatMap(([type, size]) => {
    const image = join(scratch, `${type}.vhdx`);
    loadedBy('create', image, '--size', size, '--type', type);
    return SHORT_RUNS.flatMap((command) => loadedBy(command, image));
  });
  const fleet = loadedBy('check', '--quiet', scratch);
  const image = join(scratch, 'fixed.vhdx');
  await likeThatOfQemu(image);
  return { short, told: loadedBy('info', image), fleet };
}

/**
 * Modules of the command by use: what the program imports, and what `vhdx info` imports beside it, as every command that
 * opens an image does; of both, what short runs on clean images need, and the rest (help, errors, the log). What is
 * needed too where threads open the images is with the program, so that such a run need not load the others. To find
 * out, each module becomes a file of its own for a moment; `options` and `output` are rolldown's, and have files load
 * others when they need them.
 */
export async function modulesByUse(options, output) {
  mkdirSync(SCRATCH, { recursive: true });
  const folder = mkdtempSync(join(SCRATCH, 'modules-'));
  const build = await rolldown(options);
  try {
    const { output: written } = await build.write({
      ...output,
      dir: folder,
      codeSplitting: eachModuleApart(),
    });
    const files = new Map(written.filter(({ type }) => type === 'chunk').map((file) => [file.fileName, file]));
    const nameOf = (isIt) => [...files.values()].find(isIt).fileName;
    const entry = nameOf(({ isEntry }) => isEntry);
    const info = nameOf(({ moduleIds }) => moduleIds.some((id) => /[\\/]commands[\\/]info\.js$/.test(id)));
    // What threads run.
    writeFileSync(join(folder, 'main.cjs'), `require('./${entry}');\n`);
    const runs = await filesOfRuns(join(folder, entry));
    const used = new Set(runs.short);
    const told = new Set(runs.told);
    const own = filesWith(entry, files);
    const program = new Set([...own, ...runs.fleet.filter((name) => used.has(name))]);
    const image = [...filesWith(info, files)].filter((name) => !program.has(name));
    const modulesOf = (names) => new Set(names.flatMap((name) => files.get(name).moduleIds));
    const pick = (names, isPicked) => modulesOf(names.filter(isPicked));
    return {
      program: pick([...program], (name) => used.has(name)),
      'program-rest': pick([...program], (name) => !used.has(name)),
      image: pick(image, (name) => used.has(name)),
      findings: pick(image, (name) => !used.has(name) && told.has(name)),
      'image-rest': pick(image, (name) => !used.has(name) && !told.has(name)),
    };
  } finally {
    await build.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
