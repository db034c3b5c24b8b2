/** Building each module as a file of its own for a moment, to find out what needs it. */

/** How rolldown splits code into such files. */
export function eachModuleApart() {
  let count = 0;
  const groups = [{ debugName: 'each module', name: () => `module${(count += 1)}` }];
  return { includeDependenciesRecursively: false, groups };
}

/** Names of the files that `name` imports, with those that these import, and itself; not what is imported when it runs. */
export function filesWith(name, files, found = new Set()) {
  const file = files.get(name);
  if (file === undefined || found.has(name)) return found;
  found.add(name);
  for (const imported of file.imports) filesWith(imported, files, found);
  return found;
}
