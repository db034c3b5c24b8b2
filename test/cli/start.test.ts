/** What the command loads before it works: half of the time that a short command takes. `npm run bench:read` has it. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { codes } from '../../runtime/errors/codes.js';
import { explainCode } from '../../runtime/errors/explain.js';
import { FIXTURE, temporaryDirectory } from './images.js';
import { PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const probe = join(cwd, 'probe.cjs');

beforeAll(() => {
  writeFileSync(
    probe,
    "process.on('exit', () => require('fs').writeSync(2, JSON.stringify([process.moduleLoadList, Object.keys(require.cache)])));",
  );
});

/** The modules of Node, and the files, that the command has loaded at its end. */
async function loadedBy(args: readonly string[]): Promise<{ modules: string[]; files: string[] }> {
  const { exitCode, stderr } = await vhdx(args, { cwd, nodeOptions: ['--require', probe] });
  expect(exitCode).toBe(0);
  const [modules, files] = JSON.parse(stderr) as [string[], string[]];
  return { modules: modules.map((name) => name.replace(/^NativeModule /, '')), files };
}

/** Modules of Node that take milliseconds to load, and that no short command needs. */
const DEAR = [
  'child_process',
  'crypto',
  'http',
  'https',
  'net',
  'os',
  'stream',
  'tls',
  'tty',
  'worker_threads',
  'zlib',
];

describe('a short command', () => {
  test.each(['info', 'check', 'map', 'replay --dry-run'])('vhdx %s → loads nothing dear', async (command) => {
    expect(DEAR.every((name) => builtinModules.includes(name))).toBe(true);
    const { modules } = await loadedBy([...command.split(' '), FIXTURE]);
    expect(modules.filter((name) => DEAR.includes(name))).toEqual([]);
  });

  test('vhdx info of a clean image → the files of the program and of opening an image, a third of the bundle', async () => {
    await vhdx(['create', 'new.vhdx', '10G'], { cwd });
    const { files } = await loadedBy(['info', 'new.vhdx']);
    const own = files.filter((file) => file !== probe);
    expect(own.filter((file) => dirname(file) !== dirname(PROGRAM))).toEqual([]);
    const names = own.map((file) => basename(file)).filter((name) => name !== 'rolldown-runtime.cjs');
    expect(names.toSorted()).toEqual(['image.cjs', 'main.cjs', 'vhdx.cjs']);
    const bytes = own.map((file) => statSync(file).size).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeLessThan(250_000);
  });

  test('vhdx info of an image with warnings, as all of QEMU have → the catalogue of codes, not the log or other errors', async () => {
    const { files } = await loadedBy(['info', FIXTURE]);
    const names = files.map((file) => basename(file)).filter((name) => /^(?:findings|.*-rest)\.cjs$/.test(name));
    expect(names).toEqual(['findings.cjs']);
    const code = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    expect(code).toContain(codes.VHDX_REGION_NOT_REQUIRED.summary);
    expect(code).not.toContain(JSON.stringify(explainCode('VHDX_REGION_NOT_REQUIRED').meaning).slice(1, 40));
  });

  test('what is loaded is not: the catalogue of codes, the help', async () => {
    await vhdx(['create', 'clean.vhdx', '10G'], { cwd });
    const { files } = await loadedBy(['info', 'clean.vhdx']);
    const code = files
      .filter((file) => file !== probe)
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    expect(code).toContain('VHDX_BAT_RESERVED_NONZERO');
    expect(code).not.toContain(codes.VHDX_BAT_RESERVED_NONZERO.summary);
    expect(code).not.toContain('Describe a code or a rule');
  });

  test('vhdx check of a clean image → loads what it takes to report an error, while there are descriptors for it', async () => {
    await vhdx(['create', 'checked.vhdx', '10G'], { cwd });
    const { files } = await loadedBy(['check', 'checked.vhdx']);
    const names = files.map((file) => basename(file));
    expect(names).toEqual(expect.arrayContaining(['findings.cjs', 'image-rest.cjs', 'program-rest.cjs']));
  });

  test('vhdx --version → does not load what opens images', async () => {
    const { files } = await loadedBy(['--version']);
    // The helpers of the bundler, a few hundred bytes, may be a file of their own.
    const names = files.filter((file) => file !== probe).map((file) => basename(file));
    expect(names.filter((name) => name !== 'rolldown-runtime.cjs')).toEqual([
      'main.cjs',
      'vhdx.cjs',
      'program-rest.cjs',
    ]);
  });
});

describe('an old Node', () => {
  /** Runs the command on a Node that says it is of this version. */
  function runOn(version: string): ReturnType<typeof vhdx> {
    const disguise = join(cwd, `node-${version}.cjs`);
    writeFileSync(disguise, `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });`);
    return vhdx(['--version'], { cwd, nodeOptions: ['--require', disguise] });
  }

  test.each(['0.10.48', '8.17.0', '16.20.2', '18.20.8', '20.9.0', '20.18.3'])(
    '%s → one line that says what is needed',
    async (version) => {
      const stderr = `vhdx: needs Node.js 20.19 or newer, this is Node.js ${version}\n`;
      expect(await runOn(version)).toEqual({ exitCode: 1, signal: null, stdout: '', stderr });
    },
  );

  test.each(['20.19.0', '20.100.0', '21.0.0', '100.0.0'])('%s → runs', async (version) => {
    expect(await runOn(version)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('what is read first → nothing that the first Node could not read', () => {
    const code = readFileSync(PROGRAM, 'utf8');
    expect(code).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(code).not.toMatch(/\b(?:const|let|class|import|async)\b|=>|`|\?\.|\?\?|@ENGINE@/);
    // No Node asks for the rest before it has been looked at.
    expect(code.match(/require\(/g)).toHaveLength(1);
  });
});

test('licences of the packages in the bundle → beside it', () => {
  const folder = dirname(PROGRAM);
  const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of ['commander', 'lru-cache', 'cli-progress']) {
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(.+\\)$`, 'm'));
  }
  // Nothing is left outside but native code, which is not required in this way.
  const code = readdirSync(folder)
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  // Of ASCII, which V8 reads sooner.
  expect([...code.matchAll(/[^\0-\u007f]/g)].map(([unit]) => unit)).toEqual([]);
  const required = [...code.matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)].map((match) => match[1] ?? '');
  const outside = required.filter((name) => !/^(?:node:|\.)/.test(name) && !builtinModules.includes(name));
  expect([...new Set(outside)].toSorted()).toEqual([]);
});
