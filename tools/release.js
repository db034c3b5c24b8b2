/**
 * Prepares a release, or publishes it where that can be proven: `npm run release -- --dry-run`.
 *
 * Looks at the repository first and names everything that is in the way, then runs all checks, packs both packages from
 * a fresh build, looks into the tarballs, and says what would be published. Publishing itself is left to the workflow
 * `.github/workflows/release.yml`, whose runs npm can prove the origin of (`--provenance`).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, env, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readManifest, repositoryUrl, ROOT } from './manifest.js';
import { packageFaults } from './package-contents.js';

const USAGE = `Usage: npm run release -- [options]

  --dry-run           do everything but publish
  --repository URL    address of the repository, if package.json has none
  --without-checks    leave lint, types and tests out (with --dry-run alone)
  --help              print this
`;

const PACKAGES = ['', 'generator'];
const CHECKS = [['lint'], ['format:check'], ['generate', '--', '--check'], ['typecheck'], ['package:check'], ['test']];
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/** The output of a program; undefined if it fails. */
function outputOf(program, args, cwd = ROOT) {
  const { status, stdout: text } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  return status === 0 ? text.trimEnd() : undefined;
}

function run(program, args, cwd = ROOT) {
  const { status } = spawnSync(program, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed`);
}

/** What keeps the repository from being released as it is. */
function obstacles() {
  const manifests = PACKAGES.map((folder) => readManifest(join(ROOT, folder)));
  const [{ version }] = manifests;
  const changes = outputOf('git', ['status', '--porcelain']);
  return [
    ...(changes === undefined ? ['this is no git repository'] : []),
    ...(changes ? [`the working tree has changes: commit or remove them\n${changes.replaceAll(/^ */gm, '    ')}`] : []),
    ...versionFaults(manifests),
    ...changelogFaults(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8'), version),
    ...repositoryFaults(),
  ];
}

function versionFaults(manifests) {
  const [{ version }] = manifests;
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const tag = `v${version}`;
  const tagged = outputOf('git', ['rev-list', '-n', '1', tag, '--']);
  const { GITHUB_REF_TYPE: kind, GITHUB_REF_NAME: ref } = env;
  return [
    ...(VERSION.test(version) ? [] : [`version ${JSON.stringify(version)} is none: expected MAJOR.MINOR.PATCH`]),
    ...manifests
      .filter((each) => each.version !== version)
      .map((each) => `${each.name} has version ${each.version}, vhdx has ${version}: they are released together`),
    ...PACKAGES.filter((folder) => packages[folder]?.version !== version).map(
      (folder) => `package-lock.json has another version of ${folder || 'vhdx'}: run npm install`,
    ),
    ...(tagged !== undefined && tagged !== outputOf('git', ['rev-parse', 'HEAD'])
      ? [`the tag ${tag} is another commit: ${version} has been released, choose the next version`]
      : []),
    ...(kind === 'tag' && ref !== tag ? [`the tag is ${ref}, but the version is ${version}`] : []),
  ];
}

/** The changelog has a section for the version, with its date, and nothing that is not in a version. */
function changelogFaults(text, version) {
  const sections = text.split(/^## /m).slice(1);
  const titled = (title) => sections.find((section) => section.split('\n', 1)[0].startsWith(title));
  const [, unreleased = ''] = /^Unreleased\s*([\s\S]*)$/.exec(titled('Unreleased') ?? '') ?? [];
  const own = titled(`${version} `);
  return [
    ...(unreleased.trim() === ''
      ? []
      : [`CHANGELOG.md: what is under "Unreleased" belongs under "## ${version} (YYYY-MM-DD)"`]),
    ...(own !== undefined && /^\S+ \(\d{4}-\d\d-\d\d\)\n/.test(own) && own.split('\n').slice(1).join('').trim() !== ''
      ? []
      : [`CHANGELOG.md has no section "## ${version} (YYYY-MM-DD)" that says what is new`]),
  ];
}

function repositoryFaults() {
  try {
    if (repositoryUrl() !== undefined) return [];
  } catch (error) {
    return [error.message];
  }
  return [
    'package.json has no "repository": links in the README and the provenance need it. ' +
      'Fill it in, or give --repository URL (or the variable VHDX_REPOSITORY)',
  ];
}

/** Packs a package from what is built, and looks into the tarball. */
function pack(folder, target) {
  const args = ['pack', '--json', '--foreground-scripts=false', '--pack-destination', target];
  const { status, stdout: json, stderr: log } = spawnSync('npm', args, { cwd: join(ROOT, folder), encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm pack failed:\n${log}`);
  const [packed] = JSON.parse(json);
  const unpacked = join(target, packed.name);
  mkdirSync(unpacked);
  const file = join(target, packed.filename);
  run('tar', ['-xzf', file, '-C', unpacked, '--strip-components=1']);
  const faults = packageFaults(unpacked);
  if (faults.length > 0)
    throw new Error(`the tarball of ${packed.name} is not fit to publish:\n  ${faults.join('\n  ')}`);
  return { ...packed, file, manifest: readManifest(unpacked) };
}

const publishArgs = ({ file }) => ['publish', file, '--provenance', '--access', 'public'];

function describe(packed) {
  const { id, filename, size, unpackedSize, files, integrity, manifest } = packed;
  return [
    `${id}`,
    `  ${filename}: ${size} bytes, ${files.length} files of ${unpackedSize} bytes`,
    `  ${integrity}`,
    `  repository ${manifest.repository.url}`,
    `  npm publish ${filename} --provenance --access public`,
    '',
  ].join('\n');
}

function release({ dryRun, withoutChecks }) {
  const found = obstacles();
  if (found.length > 0) throw new Error(`nothing is released:\n${found.map((each) => `  - ${each}`).join('\n')}`);
  if (!withoutChecks) for (const check of CHECKS) run('npm', ['run', ...check]);
  // What an earlier build has left must not be published.
  for (const folder of PACKAGES) rmSync(join(ROOT, folder, 'dist'), { recursive: true, force: true });
  run('npm', ['run', 'build']);
  const target = mkdtempSync(join(tmpdir(), 'vhdx-release-'));
  try {
    const packed = PACKAGES.map((folder) => pack(folder, target));
    stdout.write(`${dryRun ? 'Would be published' : 'To be published'}:\n\n${packed.map(describe).join('\n')}`);
    if (withoutChecks) stdout.write('\nLint, types and tests were left out.\n');
    if (!dryRun) for (const each of packed) run('npm', publishArgs(each));
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

function main() {
  const { values } = parseArgs({
    args: argv.slice(2),
    options: {
      'dry-run': { type: 'boolean', default: false },
      repository: { type: 'string' },
      'without-checks': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return stdout.write(USAGE);
  const { 'dry-run': dryRun, 'without-checks': withoutChecks, repository } = values;
  if (withoutChecks && !dryRun) throw new Error('--without-checks is for --dry-run alone');
  // npm asks the runner for a token that proves the origin; nowhere else is there one.
  if (!dryRun && env.ACTIONS_ID_TOKEN_REQUEST_URL === undefined) {
    throw new Error('a release is published by .github/workflows/release.yml: push its tag. Here, give --dry-run');
  }
  if (repository !== undefined) env.VHDX_REPOSITORY = repository;
  return release({ dryRun, withoutChecks });
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (error) {
    stderr.write(`release: ${error.message}\n`);
    process.exitCode = 1;
  }
}
