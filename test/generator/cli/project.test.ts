/** `ksy-ts` as a project's tool: settings, folders, patterns, standard input, watching. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { COMMAND, ProjectFolder, schema } from './project-folder.js';

const project = new ProjectFolder();

interface Outcome {
  readonly status: number | null;
  readonly words: string;
}

function run(args: readonly string[], options: { readonly in?: string; readonly input?: string } = {}): Outcome {
  const { status, stderr, stdout } = spawnSync(process.execPath, [COMMAND, ...args], {
    cwd: join(project.path, options.in ?? '.'),
    encoding: 'utf8',
    input: options.input ?? '',
  });
  return { status, words: `${stdout}${stderr}` };
}

const modules = (at: string): string[] =>
  readdirSync(join(project.path, at))
    .filter((name) => name.endsWith('.ts'))
    .toSorted();

const CONFIG = JSON.stringify({ schemas: ['formats/**/*.ksy'], outdir: 'out', index: true, importPaths: ['formats'] });
const FORMATS = {
  'formats/one.ksy': schema('one'),
  'formats/deep/two.ksy': schema('two', ', imports: [/one]'),
  'formats/node_modules/p/three.ksy': schema('three'),
};

describe('settings', () => {
  test('config of the folder → the whole job; --check reads the same', () => {
    project.put({ ...FORMATS, 'ksy-ts.config.json': CONFIG });
    expect(run([])).toEqual({ status: 0, words: '' });
    expect(modules('out')).toEqual(['index.ts', 'one.ts', 'two.ts']);
    expect(run(['--check'])).toEqual({ status: 0, words: '' });
    project.put({ 'formats/one.ksy': schema('one').replace('u1', 'u2le') });
    expect(run(['--check'])).toEqual({
      status: 1,
      words: 'stale: out/one.ts\n1 of the generated files are not up to date: generate them again\n',
    });
  });

  test('key of package.json, from a folder within → paths of the package, options before settings', () => {
    project.put({ ...FORMATS, 'package.json': `{ "name": "p", "ksy-ts": ${CONFIG} }` });
    expect(run([], { in: 'formats/deep' })).toEqual({ status: 0, words: '' });
    expect(modules('out')).toEqual(['index.ts', 'one.ts', 'two.ts']);
    expect(run(['--outdir', 'other'])).toEqual({ status: 0, words: '' });
    expect(modules('other')).toEqual(['index.ts', 'one.ts', 'two.ts']);
  });

  test('schema that is gone → what is left of it is named', () => {
    project.put({ ...FORMATS, 'ksy-ts.config.json': CONFIG });
    run([]);
    rmSync(join(project.path, 'formats/deep'), { recursive: true });
    expect(run([])).toEqual({ status: 0, words: 'ksy-ts: out/two.ts is left over (no schema makes it): delete it\n' });
    expect(run(['--outdir', 'out', 'formats/one.ksy'])).toEqual({ status: 0, words: '' });
  });

  test('files are named → no settings, unless a config is named too', () => {
    project.put({ ...FORMATS, 'ksy-ts.config.json': CONFIG });
    expect(run(['formats/one.ksy']).status).toBe(0);
    expect(modules('.')).toEqual(['one.ts']);
    expect(run(['--config', 'ksy-ts.config.json', 'formats/one.ksy']).status).toBe(0);
    expect(modules('out')).toEqual(['index.ts', 'one.ts']);
  });

  test('no outdir → the folder of the config', () => {
    project.put({ ...FORMATS, 'ksy-ts.config.json': '{ "schemas": "formats/one.ksy" }' });
    expect(run([], { in: 'formats' }).status).toBe(0);
    expect(modules('.')).toEqual(['one.ts']);
  });

  test('importExtension, option over setting → paths of imports', () => {
    const config = JSON.stringify({ schemas: 'formats/one.ksy', outdir: 'out', importExtension: 'ts' });
    project.put({ ...FORMATS, 'ksy-ts.config.json': config });
    const imported = (): string =>
      /from '(.*stream.*)'/.exec(readFileSync(join(project.path, 'out/one.ts'), 'utf8'))?.[1] ?? '';
    expect(run([]).status).toBe(0);
    expect(imported()).toBe('./kaitai/stream.ts');
    expect(run(['--import-extension', 'none']).status).toBe(0);
    expect(imported()).toBe('./kaitai/stream');
  });

  test('both → refused', () => {
    project.put({ ...FORMATS, 'ksy-ts.config.json': CONFIG, 'package.json': `{ "ksy-ts": ${CONFIG} }` });
    expect(run([])).toEqual({
      status: 1,
      words: "ksy-ts: ksy-ts.config.json and the key 'ksy-ts' of package.json: keep one of them\n",
    });
  });

  test('config that is not there → refused', () => {
    expect(run(['--config', 'none.json'])).toEqual({ status: 1, words: 'ksy-ts: none.json: no such file\n' });
  });

  test('a word that is no file → may be meant as a command', () => {
    expect(run(['dmup', 'a.ksy'])).toEqual({
      status: 1,
      words: 'ksy-ts: dmup: neither a schema or folder, nor a command (ksy-ts --help lists those)\n',
    });
  });
});

describe('what is generated', () => {
  test('folder → all schemas below it, each once, none of node_modules', () => {
    project.put(FORMATS);
    expect(run(['-I', 'formats', '--outdir', 'out', 'formats', 'formats/one.ksy'])).toEqual({ status: 0, words: '' });
    expect(modules('out')).toEqual(['one.ts', 'two.ts']);
  });

  test('pattern → the files that match', () => {
    project.put(FORMATS);
    expect(run(['--outdir', 'out', 'formats/*.ksy']).status).toBe(0);
    expect(modules('out')).toEqual(['one.ts']);
  });

  test('file that is called as a pattern looks → that file', () => {
    project.put({ 'a[1].ksy': schema('odd'), 'a1.ksy': schema('even') });
    expect(run(['--outdir', 'out', 'a[1].ksy']).status).toBe(0);
    expect(modules('out')).toEqual(['odd.ts']);
  });

  test.each(['none/*.ksy', 'empty'])('%s, where there are none → refused', (path) => {
    project.put({ 'empty/readme.md': '' });
    const { status, words } = run([path]);
    expect(status).toBe(1);
    expect(words).toMatch(new RegExp(`^ksy-ts: ${path.replace('*', '\\*')}: no `));
  });

  test('standard input → its schema, imports of the current folder, places at -', () => {
    project.put({ 'one.ksy': schema('one') });
    const piped = schema('piped', ', imports: [one]');
    expect(run(['--outdir', 'out', '-'], { input: piped })).toEqual({ status: 0, words: '' });
    expect(modules('out')).toEqual(['one.ts', 'piped.ts']);
    expect(run(['-'], { input: 'meta: {id: a}\nseq: 1\n' })).toEqual({
      status: 1,
      words: '-:2:6: /seq: error: expected array, got 1\n',
    });
  });

  test('nothing that is wanted → what to do', () => {
    const { status, words } = run([]);
    expect(status).toBe(1);
    expect(words).toMatch(/^ksy-ts: give schemas, or put them into a ksy-ts\.config\.json/);
  });

  test('--version → that of the package', () => {
    const manifest = readFileSync(new URL('../../../generator/package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { readonly version: string };
    expect(run(['--version'])).toEqual({ status: 0, words: `${version}\n` });
  });

  test('files that are right already → not written again', () => {
    project.put({ 'one.ksy': schema('one'), 'two.ksy': schema('two') });
    run(['--outdir', 'out', 'one.ksy', 'two.ksy']);
    const before = new Date(1_000_000_000_000);
    for (const name of ['one.ts', 'two.ts']) utimesSync(join(project.path, 'out', name), before, before);
    project.put({ 'two.ksy': schema('two').replace('u1', 'u4le') });
    run(['--outdir', 'out', 'one.ksy', 'two.ksy']);
    expect(statSync(join(project.path, 'out/one.ts')).mtime).toEqual(before);
    expect(statSync(join(project.path, 'out/two.ts')).mtime).not.toEqual(before);
  });
});

describe('--watch', () => {
  let child: ChildProcess | undefined;
  let words = '';
  const start = (...args: readonly string[]): void => {
    words = '';
    child = spawn(process.execPath, [COMMAND, '--watch', ...args], {
      cwd: project.path,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
  };
  // Until it has ended: what it still says must not be taken for words of the next one.
  afterEach(async () => {
    if (child === undefined) return;
    const closed = new Promise((resolve) => child?.once('close', resolve));
    if (child.kill()) await closed;
    child = undefined;
  });

  /** Until something holds; the test's own time limit ends it otherwise. */
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const rounds = (): number => words.split('waiting for changes').length - 1;
  const text = (name: string): string =>
    existsSync(join(project.path, name)) ? readFileSync(join(project.path, name), 'utf8') : '';

  test('schema, import, new file, new folder, config changed → generated again', async () => {
    project.put({ ...FORMATS, 'ksy-ts.config.json': CONFIG });
    start();
    await until(() => rounds() === 1);
    project.put({ 'formats/one.ksy': schema('one').replace('id: x', 'id: renamed') });
    await until(() => text('out/one.ts').includes('renamed'));
    project.put({ 'formats/deep/deeper/four.ksy': schema('four') });
    await until(() => text('out/four.ts') !== '');
    project.put({ 'formats/deep/deeper/four.ksy': schema('four').replace('id: x', 'id: again') });
    await until(() => text('out/four.ts').includes('again'));
    project.put({ 'ksy-ts.config.json': CONFIG.replace('"out"', '"elsewhere"') });
    await until(() => text('elsewhere/index.ts') !== '');
  });

  test('schema that makes no sense → its problems, and it goes on', async () => {
    project.put({ 'one.ksy': schema('one') });
    start('one.ksy');
    await until(() => rounds() === 1);
    project.put({ 'one.ksy': 'seq: 1\n' });
    await until(() => words.includes('one.ksy:1:6: /seq: error') && rounds() === 2);
    expect(words).toContain('ksy-ts: nothing was written; waiting for changes');
    project.put({ 'one.ksy': schema('one').replace('id: x', 'id: right') });
    await until(() => text('one.ts').includes('right'));
    expect(child?.exitCode).toBeNull();
  });

  test('config that makes no sense, mended; folder of schemas removed, made again → it goes on', async () => {
    project.put({ ...FORMATS, 'ksy-ts.config.json': CONFIG });
    start();
    await until(() => rounds() === 1);
    project.put({ 'ksy-ts.config.json': '{' });
    await until(() => words.includes('ksy-ts.config.json: ') && rounds() === 2);
    project.put({ 'ksy-ts.config.json': CONFIG });
    await until(() => rounds() === 3);
    rmSync(join(project.path, 'formats'), { recursive: true });
    await until(() => words.includes('no schema matches'));
    await until(() => words.trimEnd().endsWith('waiting for changes'));
    project.put({ 'formats/late.ksy': schema('late') });
    await until(() => text('out/late.ts') !== '');
    expect(child?.exitCode).toBeNull();
  });

  test('saved by rename, deleted and written again, saved in quick succession → the last state', async () => {
    project.put({ 'one.ksy': schema('one') });
    start('--outdir', 'out', 'one.ksy');
    await until(() => rounds() === 1);
    project.put({ '.one.ksy.swp': schema('one').replace('id: x', 'id: renamed') });
    renameSync(join(project.path, '.one.ksy.swp'), join(project.path, 'one.ksy'));
    await until(() => text('out/one.ts').includes('renamed'));
    rmSync(join(project.path, 'one.ksy'));
    project.put({ 'one.ksy': schema('one').replace('id: x', 'id: deleted') });
    await until(() => text('out/one.ts').includes('deleted'));
    for (const id of ['a1', 'a2', 'a3', 'last'])
      project.put({ 'one.ksy': schema('one').replace('id: x', `id: ${id}`) });
    await until(() => text('out/one.ts').includes('last'));
  });

  test('SIGINT → ends by it, with nothing half written', async () => {
    const signal = 'SIGINT';
    project.put({ 'one.ksy': schema('one') });
    start('--outdir', 'out', 'one.ksy');
    await until(() => rounds() === 1);
    project.put({ 'one.ksy': schema('one').replace('id: x', 'id: changed') });
    const ended = new Promise((resolve) => child?.once('exit', (_, by) => resolve(by)));
    child?.kill(signal);
    expect(await ended).toBe(signal);
    const files = readdirSync(join(project.path, 'out'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(run(['--check', '--outdir', 'out', 'one.ksy']).words).toMatch(/^(?:|stale: out\/one.ts\n.*\n)$/);
  });

  test.each([
    ['--check', ['--check', 'one.ksy'], 'ksy-ts: --watch writes, --check does not: choose one of them\n'],
    ['standard input', ['-'], 'ksy-ts: standard input cannot be watched\n'],
  ])('with %s → refused', (_, args, expected) => {
    expect(run(['--watch', ...args])).toEqual({ status: 1, words: expected });
  });
});
