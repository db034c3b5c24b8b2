/**
 * What is wrong with a package as it is about to be published: `node tools/package-contents.js FOLDER`, the tarball being
 * unpacked there, prints a fault a line and ends with 1 if there is one.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { argv, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { OF_REPOSITORY, readManifest } from './manifest.js';

/** Files that a package has. */
const NEEDED = {
  vhdx: ['CHANGELOG.md', 'LICENSE', 'README.md', 'docs/findings.md', 'dist/runtime/command/THIRD-PARTY-NOTICES.txt'],
  'ksy-ts': ['LICENSE', 'README.md', 'support/stream.ts', 'dist/support/stream.js'],
};
const FIELDS = ['name', 'version', 'description', 'license', 'author', 'engines', 'exports'];
/** What is for development alone. */
const STRAY =
  /(?:^|\/)(?:test|node_modules|\.ci|bench|suite|tools|src)\/|tsbuildinfo|tsconfig|\.map$|(?<!\.d)\.tsx?$|^\.|\/\./;
/** Modules that are published as sources: they are copied beside generated code. */
const SOURCES = /^support\/[\w-]+\.ts$/;
/** What a module imports, as the compiler writes it and as the bundler does. */
const IMPORTS = /(?:from |import\(|^import )'(\.[\w./-]+)'|^(?:import|export) (?:.* from )?"(\.[\w./-]+)";$/gm;
const INSTALL_SCRIPT = /^(?:pre|post)?install$|^prepare$/;

/** The faults of the package that is unpacked in `folder`, a line each. */
export function packageFaults(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(folder, path)).isFile() && !path.startsWith('node_modules/'));
  const manifest = readManifest(folder);
  const read = (path) => readFileSync(join(folder, path), 'utf8');
  return [
    ...manifestFaults(manifest),
    ...missingOf(manifest, files).map((path) => `${path} is missing`),
    ...(files.includes('README.md') ? readmeFaults(read('README.md'), files) : []),
    ...files.filter((path) => STRAY.test(path) && !SOURCES.test(path)).map((path) => `${path} is not for users`),
    ...files.filter((path) => /\.(?:c?js|d\.ts)$/.test(path)).flatMap((path) => moduleFaults(path, read(path), files)),
  ];
}

function manifestFaults(manifest) {
  return [
    ...FIELDS.filter((field) => manifest[field] === undefined).map((field) => `package.json has no ${field}`),
    ...OF_REPOSITORY.filter((field) => manifest[field] !== undefined).map((field) => `package.json has ${field}`),
    ...Object.keys(manifest.scripts ?? {})
      .filter((name) => INSTALL_SCRIPT.test(name))
      .map((name) => `package.json runs ${name} where it is installed`),
  ];
}

/** The files that the manifest names, with the declarations of modules, and those that every package has. */
function missingOf({ name, exports = {}, imports = {}, bin = {}, man = [] }, files) {
  const targets = Object.values(exports);
  // Where the target depends on conditions, one of them is `types`.
  const modules = targets.filter((target) => typeof target === 'string' && target.endsWith('.js'));
  const named = [
    ...targets.flatMap((target) => (typeof target === 'string' ? target : Object.values(target))),
    ...modules.map((path) => path.replace(/\.js$/, '.d.ts')),
    ...Object.values(imports).flatMap((each) => Object.values(each)),
    ...Object.values(bin),
    ...man,
    ...(NEEDED[name] ?? []),
  ];
  return [...new Set(named.map((path) => posix.normalize(path)))].filter((path) => !isIn(files, path));
}

/** Of a pattern such as `dist/support/*.js`: whether there is one that it is of. */
function isIn(files, path) {
  const [before, after] = path.split('*');
  if (after === undefined) return files.includes(path);
  return files.some((file) => file.startsWith(before) && file.endsWith(after));
}

/** Pages of docs/ that the README links to, and that a reader of the package does not have. */
function readmeFaults(text, files) {
  const pages = [...text.matchAll(/\]\((docs\/[^)#]+)/g)].map(([, page]) => page);
  return [...new Set(pages)]
    .filter((page) => !files.includes(page))
    .map((page) => `README.md links to ${page}, which is missing`);
}

function moduleFaults(path, text, files) {
  const faults = [];
  if (/^\/\/[#@] sourceMappingURL=/m.test(text)) faults.push(`${path} refers to a source map`);
  if (path.endsWith('.d.ts') && text.includes('@internal')) faults.push(`${path} declares something internal`);
  for (const [, compiled, bundled] of text.matchAll(IMPORTS)) {
    const specifier = compiled ?? bundled;
    const target = posix.join(posix.dirname(path), specifier);
    const wanted = path.endsWith('.d.ts') ? target.replace(/\.js$/, '.d.ts') : target;
    if (!files.includes(wanted)) faults.push(`${path} imports ${specifier}, which is missing`);
  }
  return faults;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [, , folder = ''] = argv;
  if (!existsSync(join(folder, 'package.json'))) throw new Error(`no package is unpacked in ${folder}`);
  const faults = packageFaults(folder);
  for (const fault of faults) stdout.write(`${fault}\n`);
  if (faults.length > 0) process.exitCode = 1;
}
