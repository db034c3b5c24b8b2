/**
 * The library in a few files, for Node: finding and loading each of 270 modules takes longer than compiling what is in them.
 * Bundlers have the modules (`default` in `exports`), so that they can drop and split what a program has no use for.
 */
import { rolldown } from 'rolldown';
import { eachModuleApart, filesWith } from './each-module.js';
import { readManifest, ROOT } from './manifest.js';

/** Entries of the package by the names of their files, each with the module that it is made of. */
export function libraryEntries() {
  const targets = Object.values(readManifest(ROOT).exports).filter((target) => typeof target === 'object');
  return Object.fromEntries(targets.map((target) => [/([\w-]+)\.js$/.exec(target.node)[1], target.default]));
}

/**
 * Files that entries share, each with the entries that use all of its modules; a module goes into the first that fits. So a
 * file imports those before it alone: whatever uses a module uses what that module imports.
 */
const SHARED = [
  { name: 'generated', entries: ['node', 'structures'] },
  { name: 'reflection', entries: ['structures'] },
  { name: 'source', entries: ['io', 'node'] },
  { name: 'http', entries: ['io'] },
  { name: 'image', entries: ['change', 'index', 'node'] },
  { name: 'write', entries: ['index', 'node'] },
  { name: 'repair', entries: ['change', 'index'] },
  { name: 'contents', entries: ['change', 'node'] },
  { name: 'usage', entries: ['format'] },
];

/** The entries that use each module, found by making each module a file of its own for a moment. */
async function usersOfModules(options) {
  const build = await rolldown(options);
  try {
    const { output } = await build.generate({ codeSplitting: eachModuleApart() });
    const files = new Map(output.map((file) => [file.fileName, file]));
    const users = new Map();
    for (const entry of output.filter(({ isEntry }) => isEntry)) {
      for (const id of [...filesWith(entry.fileName, files)].flatMap((name) => files.get(name).moduleIds)) {
        users.set(id, new Set(users.get(id)).add(entry.name));
      }
    }
    return users;
  } finally {
    await build.close();
  }
}

/** Groups of rolldown for these options, whose inputs are the entries. */
export async function libraryGroups(options) {
  const users = await usersOfModules(options);
  const fileOf = (id) => {
    const entries = users.get(id) ?? new Set();
    // What one entry alone uses is in the file of that entry.
    if (entries.size < 2) return undefined;
    return SHARED.find((file) => file.entries.every((entry) => entries.has(entry)))?.name;
  };
  return SHARED.map(({ name }) => ({ name, test: (id) => fileOf(id) === name }));
}
