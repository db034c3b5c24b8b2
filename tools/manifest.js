/**
 * The manifest that is published. `npm pack` and `npm publish` take `package.json` as it lies in the folder, with scripts
 * and tools that mean nothing to those who install a package; so they run, before and after:
 *
 *     node tools/manifest.js publish    writes the published manifest, and keeps that of the repository beside it
 *     node tools/manifest.js restore    puts that of the repository back
 *     node tools/manifest.js print      prints the published one
 *
 * each in the folder of the package. Where the repository is, is said once: by `repository` in the manifest of the root,
 * or for one run by the variable VHDX_REPOSITORY. `homepage` and `bugs` follow from it.
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { argv, cwd, env, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Fields for those who work on the package. */
export const OF_REPOSITORY = ['devDependencies', 'scripts', 'workspaces'];
const KEPT = '.package.json.repository';

export function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** The address of the repository, as a browser opens it; undefined if nothing says it. */
export function repositoryUrl() {
  const { repository } = readManifest(ROOT);
  const given = env.VHDX_REPOSITORY ?? (typeof repository === 'string' ? repository : repository?.url);
  if (given === undefined || given === '') return undefined;
  const url = given.replace(/^git\+/, '').replace(/\.git$/, '');
  if (/^https:\/\/[^/]+\/\S+$/.test(url)) return url;
  throw new Error(`the repository must be an https: address, not ${JSON.stringify(given)}`);
}

/** What is published as the manifest of the package in `folder`. */
export function publishedManifest(folder) {
  const manifest = readManifest(folder);
  for (const field of OF_REPOSITORY) delete manifest[field];
  const url = repositoryUrl();
  if (url === undefined) return manifest;
  const directory = relative(ROOT, resolve(folder)).replaceAll('\\', '/');
  manifest.homepage ??= `${directory === '' ? url : `${url}/tree/HEAD/${directory}`}#readme`;
  manifest.bugs ??= { url: `${url}/issues` };
  manifest.repository = { type: 'git', url: `git+${url}.git`, ...(directory === '' ? {} : { directory }) };
  return manifest;
}

function restore(folder) {
  if (existsSync(join(folder, KEPT))) renameSync(join(folder, KEPT), join(folder, 'package.json'));
}

const text = (manifest) => `${JSON.stringify(manifest, undefined, 2)}\n`;

const ACTIONS = {
  publish(folder) {
    // What an earlier run left behind, because it was interrupted.
    restore(folder);
    const manifest = text(publishedManifest(folder));
    copyFileSync(join(folder, 'package.json'), join(folder, KEPT));
    writeFileSync(join(folder, 'package.json'), manifest);
  },
  restore,
  print: (folder) => stdout.write(text(publishedManifest(folder))),
};

if (argv[1] === fileURLToPath(import.meta.url)) {
  const action = ACTIONS[argv[2] ?? ''];
  if (action === undefined) throw new Error(`expected ${Object.keys(ACTIONS).join(', ')}, not ${argv[2]}`);
  action(cwd());
}
