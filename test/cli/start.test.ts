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
    expect(own.length).toBeLessThan(10);
  });

  test('vhdx --version → does not load what opens images', async () => {
    expect((await loadedBy(['--version'])).files.filter((file) => file !== probe)).toEqual([PROGRAM]);
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
