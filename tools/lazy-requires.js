/**
 * Plugin of rolldown for output as CommonJS: what a file requires at its top is loaded when it is first used. That is
 * right where loading a module only defines what it exports, and pays because a run uses few of the modules that it could.
 */

/** What is written for an import of another file or of Node: a line of its own. */
const REQUIRE = /^(?:const|let) ([\w$]+) = require\(("[^"\n]+")\);$/gm;

/** `code` without the requirement in `line`: the first use of `name` loads it. */
function madeLazy(code, [line, name, required]) {
  const pattern = name.replaceAll('$', String.raw`\$`);
  const uses = new RegExp(`(?<![\\w$])${pattern}(?![\\w$])`, 'g');
  // What a default import needs; for named ones it copies all exports in vain.
  const conversion = new RegExp(`^${pattern} = .*__toESM\\(${pattern}\\);\\n`, 'm');
  const [before, after] = code
    .replace(conversion, '')
    .split(line)
    .map((part) => part.replaceAll(uses, () => `(${name}())`));
  return `${before}let ${name}$loaded, ${name} = () => ${name}$loaded ??= require(${required});${after}`;
}

/** Names of the files that `file` imports, with those that these import; `bundle` has them by name. */
function importsOf(file, bundle, found = new Set()) {
  for (const name of file.imports.filter((each) => each in bundle && !found.has(each))) {
    found.add(name);
    importsOf(bundle[name], bundle, found);
  }
  return found;
}

/** `isEager(module)`: whether the file of this module loads all that it imports at once; none does if it is left out. */
export const lazyRequires = (isEager = () => false) => ({
  name: 'lazy-requires',
  renderChunk(code) {
    const requirements = [...code.matchAll(REQUIRE)].filter(([, name]) => !code.includes(`${name}.default`));
    return { code: requirements.reduce(madeLazy, code) };
  },
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk' || !isEager(file.facadeModuleId ?? '')) continue;
      const loading = Array.from(importsOf(file, bundle), (name) => `require("./${name}");`);
      file.code = `${loading.join('')}${file.code}`;
    }
  },
});
