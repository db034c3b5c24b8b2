/** What the command loads before it works: half of the time that a short command takes. `npm run bench:read` has it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { FIXTURE, temporaryDirectory } from './images.js';
import { PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const probe = join(cwd, 'probe.cjs');

beforeAll(() => {
  writeFileSync(
    probe,
    "process.on('exit', () => process.stderr.write(JSON.stringify([process.moduleLoadList, Object.keys(require.cache)])));",
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
const DEAR = ['child_process', 'crypto', 'http', 'https', 'tls', 'worker_threads', 'zlib'];

describe('a short command', () => {
  test.each(['info', 'check', 'map', 'replay --dry-run'])('vhdx %s → loads nothing dear', async (command) => {
    expect(DEAR.every((name) => builtinModules.includes(name))).toBe(true);
    const { modules } = await loadedBy([...command.split(' '), FIXTURE]);
    expect(modules.filter((name) => DEAR.includes(name))).toEqual([]);
  });

  test('vhdx info → a few files of the bundle, none of node_modules, and no other command', async () => {
    const { files } = await loadedBy(['info', FIXTURE]);
    const own = files.filter((file) => file !== probe);
    expect(own.filter((file) => dirname(file) !== dirname(PROGRAM))).toEqual([]);
    expect(own.map((file) => basename(file)).filter((name) => /check|tree|convert|replay|progress/.test(name))).toEqual(
      [],
    );
    expect(own.length).toBeLessThan(8);
  });

  test('vhdx --version → does not load what opens images', async () => {
    const { files } = await loadedBy(['--version']);
    // The helpers of the bundler, a few hundred bytes, may be a file of their own.
    const names = files.filter((file) => file !== probe).map((file) => basename(file));
    expect(names.filter((name) => name !== 'rolldown-runtime.cjs')).toEqual(['main.cjs', 'vhdx.cjs']);
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
  const required = [...code.matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)].map((match) => match[1] ?? '');
  const outside = required.filter((name) => !/^(?:node:|\.)/.test(name) && !builtinModules.includes(name));
  expect([...new Set(outside)].toSorted()).toEqual([]);
});
