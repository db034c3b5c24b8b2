/** The documentation as a site: the public API, by the entries that package.json names, and the pages of docs/. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The sources of the entries of the package in `folder`. */
function entries(folder, outDir, sourceDir) {
  const { exports } = JSON.parse(readFileSync(`${ROOT}${folder}package.json`, 'utf8'));
  return Object.values(exports)
    .map((target) => (typeof target === 'string' ? target : (target.import ?? target.default)))
    .filter((target) => target.endsWith('.js'))
    .map((target) => `${ROOT}${folder}${target.replace(outDir, sourceDir).replace(/\.js$/, '.ts')}`)
    .filter((file) => existsSync(file));
}

/** @type {Partial<import('typedoc').TypeDocOptions>} */
export default {
  name: 'vhdx',
  basePath: ROOT,
  entryPoints: entries('', './dist/', './'),
  tsconfig: `${ROOT}tsconfig.json`,
  readme: `${ROOT}README.md`,
  projectDocuments: [`${ROOT}docs/**/*.md`, `${ROOT}*.md`].filter(Boolean),
  exclude: [`${ROOT}README.md`],
  out: `${ROOT}dist/site`,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: false },
};
