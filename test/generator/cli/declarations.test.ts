/** `ksy-ts --declarations`: types beside the schemas. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../../generator/dist/cli.js', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-declarations-'));
  put('src/a.ksy', 'meta: { id: a, imports: [../lib/b] }\nseq: [{ id: x, type: b }]\n');
  put('lib/b.ksy', 'meta: { id: b }\nseq: [{ id: y, type: u1 }]\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const textOf = (path: string): string => readFileSync(join(folder, path), 'utf8');

function run(...args: readonly string[]): { readonly status: number | null; readonly words: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { cwd: folder, encoding: 'utf8' });
  return { status, words: `${stdout}${stderr}` };
}

test('schemas → types beside them and beside what they import, which --check finds fresh', () => {
  expect(run('--declarations', 'src')).toEqual({ status: 0, words: '' });
  expect(textOf('src/a.d.ksy.ts')).toMatch(
    /^\/\/ @generated from a\.ksy by ksy-ts\.[^]*\nimport \{ B \} from '\.\.\/lib\/b\.ksy';\n/,
  );
  expect(textOf('lib/b.d.ksy.ts')).toContain('export declare class B extends');
  expect(run('--declarations', '--check', 'src')).toEqual({ status: 0, words: '' });
});

test('settings with declarations → ksy-ts and ksy-ts --check do the same, with their options', () => {
  put('ksy-ts.config.json', JSON.stringify({ schemas: 'src', declarations: true, readOnly: true }));
  expect(run()).toEqual({ status: 0, words: '' });
  expect(textOf('src/a.d.ksy.ts')).not.toContain('create(');
  expect(run('--check')).toEqual({ status: 0, words: '' });
  expect(run('--declarations', '--check', 'src').words).toContain('stale: src/a.d.ksy.ts\n');
});

test('a schema changes, one is new, one is gone → stale, missing, orphaned', () => {
  run('--declarations', 'src');
  put('lib/b.ksy', 'meta: { id: b }\nseq: [{ id: y, type: u2le }, { id: z, type: u1 }]\n');
  put('src/c.ksy', 'meta: { id: c }\nseq: [{ id: x, type: u1 }]\n');
  put('src/d.d.ksy.ts', textOf('src/a.d.ksy.ts'));
  put('src/own.d.ksy.ts', 'export const own: number;\n');
  expect(run('--declarations', '--check', 'src')).toEqual({
    status: 1,
    words: [
      'missing: src/c.d.ksy.ts',
      'orphaned: src/d.d.ksy.ts (its schema is gone)',
      'stale: lib/b.d.ksy.ts',
      // It says how many bytes a `b` takes.
      'stale: src/a.d.ksy.ts',
      '4 of the generated files are not up to date: generate them again',
      '',
    ].join('\n'),
  });
});

test('output of modules in the same folder → types beside the schemas are none of its orphans', () => {
  expect(run('--declarations', 'src').status).toBe(0);
  expect(run('--outdir', 'src', 'src').status).toBe(0);
  expect(run('--outdir', 'src', '--check', 'src')).toEqual({ status: 0, words: '' });
});

test('types that somebody has written → left as they are, and nothing is written', () => {
  put('src/a.d.ksy.ts', 'export declare class A {}\n');
  const { status, words } = run('--declarations', 'src');
  expect(status).toBe(1);
  expect(words).toContain('src/a.d.ksy.ts was not generated');
  expect(textOf('src/a.d.ksy.ts')).toBe('export declare class A {}\n');
  expect(existsSync(join(folder, 'lib/b.d.ksy.ts'))).toBe(false);
});

test('an error in an imported schema → said once, and nothing is written', () => {
  put('src/c.ksy', 'meta: { id: c, imports: [../lib/b] }\nseq: [{ id: x, type: b }]\n');
  put('lib/b.ksy', 'meta: { id: b }\nseq: [{ id: y, type: u3 }]\n');
  const { status, words } = run('--declarations', 'src');
  expect(status).toBe(1);
  expect(words.match(/lib\/b\.ksy:2:/g)).toHaveLength(1);
  expect(existsSync(join(folder, 'src/a.d.ksy.ts'))).toBe(false);
});

test.each([
  [['--declarations', '--outdir', 'out', 'src'], /--declarations go beside the schemas/],
  [['--declarations', '--index', 'src'], /--declarations go beside the schemas/],
  [['--declarations', '-'], /only the types of files called \*\.ksy have a place beside them/],
])('%s → refused', (args, words) => {
  expect(run(...args)).toEqual({ status: 1, words: expect.stringMatching(words) as string });
});

test('settings with declarations and an output folder → refused', () => {
  put('ksy-ts.config.json', JSON.stringify({ schemas: 'src', declarations: true, outdir: 'out' }));
  expect(run()).toEqual({
    status: 1,
    words: "ksy-ts: ksy-ts.config.json: 'declarations' go beside the schemas: without 'outdir' and 'index'\n",
  });
});
