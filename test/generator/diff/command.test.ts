/** `ksy-ts diff`, as it is run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../../generator/dist/cli.js', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ksy-ts-diff-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

function run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'diff', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const point = (x: string, rest = ''): string =>
  `meta: {id: point, endian: le}\nseq:\n  - id: x\n    type: ${x}\n  - id: y\n    type: u2\n${rest}`;

function git(...args: readonly string[]): void {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd: folder, stdio: 'ignore' });
}

describe('ksy-ts diff', () => {
  test('two files → changes by kind, with both places and what they touch', () => {
    put({ 'old.ksy': point('u4'), 'new.ksy': point('u8', 'doc: A point.\n') });
    expect(run('old.ksy', 'new.ksy')).toEqual({
      status: 0,
      stderr: '',
      stdout: `bytes: files are read differently
  point.x: type: u4 → u8 (4 → 8 bytes)
    new.ksy:3:5 /seq/0, was old.ksy:3:5 /seq/0
    touches Point.x, .y

types: code that uses the generated classes sees it
  point.x: type: number → bigint
    new.ksy:3:5 /seq/0, was old.ksy:3:5 /seq/0
    touches Point.x

docs
  point: new doc
    new.ksy:1:1 /, was old.ksy:1:1 /

3 changes: bytes 1, types 1, docs 1
`,
    });
  });

  test.each([
    ['bytes', point('u2'), 1],
    ['docs', point('u2'), 1],
    ['bytes', point('u4', 'doc: Words.\n'), 0],
    ['types', point('u4', 'instances:\n  z: {value: 1}\n'), 0],
    ['values', point('u4\n    valid: 1'), 1],
    ['bytes', point('u4\n    valid: 1'), 0],
  ])('--fail-on %s → 1 for that kind and graver ones, additions apart', (kind, text, status) => {
    put({ 'old/point.ksy': point('u4'), 'new/point.ksy': text });
    expect(run('--fail-on', kind, 'old', 'new').status).toBe(status);
  });

  test('--json → every change with places and names', () => {
    put({ 'old/a/point.ksy': point('u4'), 'new/a/point.ksy': point('s4') });
    const { status, stdout } = run('--json', 'old', 'new');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      against: 'old',
      counts: { bytes: 1, values: 0, types: 0, docs: 0 },
      changes: [
        {
          kind: 'bytes',
          subject: 'point.x',
          message: 'type: u4 → s4',
          old: { file: 'old/a/point.ksy', line: 3, col: 5, path: '/seq/0' },
          new: { file: 'new/a/point.ksy', line: 3, col: 5, path: '/seq/0' },
          isAddition: false,
          touches: ['Point.x'],
        },
      ],
    });
  });

  test('absolute imports → found in the folder of each state', () => {
    const line = 'meta: {id: line, imports: [/common/point]}\nseq: [{id: from, type: point}]\n';
    put({ 'old/common/point.ksy': point('u4'), 'old/line.ksy': line });
    put({ 'new/common/point.ksy': point('u2'), 'new/line.ksy': line });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    expect(run('old', 'new').stdout).toContain('1 change: bytes 1');
    put({ 'new/common/point.ksy': point('u8') });
    expect(run('--against', 'git:HEAD', 'new').stdout).toContain('point.x: type: u2 → u8 (2 → 8 bytes)');
  });

  test('nothing changed → says so', () => {
    put({ 'old.ksy': point('u4'), 'new.ksy': point('u4le') });
    expect(run('old.ksy', 'new.ksy')).toEqual({ status: 0, stdout: 'no changes\n', stderr: '' });
  });

  test('--against a revision → the same paths there, imports and files gone since included', () => {
    put({
      'schemas/point.ksy': point('u4'),
      'schemas/line.ksy': 'meta: {id: line, imports: [point]}\nseq: [{id: from, type: point}]\n',
      'schemas/gone.ksy': 'meta: {id: gone}\nseq: [{id: b, type: u1}]\n',
    });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    put({ 'schemas/point.ksy': point('u2') });
    rmSync(join(folder, 'schemas/gone.ksy'));
    const { status, stdout } = run('--against', 'git:HEAD', 'schemas');
    expect(status).toBe(0);
    expect(stdout).toContain('point.x: type: u4 → u2 (4 → 2 bytes)');
    expect(stdout).toContain('schemas/point.ksy:3:5 /seq/0, was git:HEAD:schemas/point.ksy:3:5 /seq/0');
    expect(stdout).toContain('gone: class Gone is gone');
    const below = spawnSync(process.execPath, [COMMAND, 'diff', '--against', 'git:HEAD', '.'], {
      cwd: join(folder, 'schemas'),
      encoding: 'utf8',
    });
    expect(below.stdout).toContain('point.ksy:3:5 /seq/0, was git:HEAD:point.ksy:3:5 /seq/0');
  });

  test.each([
    ['no such revision', ['--against', 'git:nowhere', 'schemas'], "ksy-ts: git has no revision 'nowhere'\n"],
    ['option for a revision', ['--against', 'git:--output=x', 'schemas'], "ksy-ts: git has no revision '--output=x'\n"],
    ['no such file', ['schemas/point.ksy', 'none.ksy'], /^none\.ksy:1:1: \/: error: unable to read 'none\.ksy'/],
    ['folder without schemas', ['schemas', 'empty'], /^ksy-ts: empty: no \.ksy file is below this folder/],
    ['one path', ['schemas'], /^ksy-ts: give OLD and NEW/],
    ['no path', [], /^error: missing required argument/],
    [
      'unknown kind',
      ['--fail-on', 'all', 'schemas', 'schemas'],
      /^error: option '--fail-on <kind>' argument 'all' is invalid/,
    ],
    ['schema that makes no sense', ['schemas', 'bad.ksy'], /^bad\.ksy:1:1: \/meta: error:/],
  ])('%s → 2, and why', (_, args, words) => {
    put({ 'schemas/point.ksy': point('u4'), 'bad.ksy': 'seq: 1\n', 'empty/readme.md': '' });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'one');
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    if (typeof words === 'string') expect(stderr).toBe(words);
    else expect(stderr).toMatch(words);
  });

  test('outside of a repository → 2, and why', () => {
    put({ 'point.ksy': point('u4') });
    const { status, stderr } = run('--against', 'git:HEAD', 'point.ksy');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^ksy-ts: git: .*not a git repository/);
  });

  test('folder that leads back to itself → its schemas once', () => {
    put({ 'old/point.ksy': point('u4'), 'new/point.ksy': point('u4') });
    symlinkSync('.', join(folder, 'old/self'));
    expect(run('old', 'new').stdout).toBe('no changes\n');
  });

  test('words of a schema that move the cursor → written out', () => {
    put({
      'old.ksy': 'meta: {id: a}\nseq: [{id: x, type: u1, -orig-id: "a"}]\n',
      'new.ksy': 'meta: {id: a}\nseq: [{id: x, type: u1, -orig-id: "\\e[2J"}]\n',
    });
    expect(run('old.ksy', 'new.ksy').stdout).toContain('-orig-id: a → \\u001b[2J');
  });
});
