import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { COMMAND, ProjectFolder } from './cli/project-folder.js';

const project = new ProjectFolder();

interface Outcome {
  readonly status: number | null;
  readonly words: string;
  readonly written: readonly string[];
}

function run(files: Record<string, string | Uint8Array>, ...args: readonly string[]): Outcome {
  project.put(files);
  mkdirSync(join(project.path, 'out'));
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, '--outdir', 'out', ...args], {
    cwd: project.path,
    encoding: 'utf8',
  });
  return { status, words: stderr, written: filesIn(join(project.path, 'out')) };
}

/** Paths of the files below a folder. */
function filesIn(path: string): string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => relative(path, join(parentPath, name)).replaceAll('\\', '/'));
}

const schema = (id: string, rest = ''): string => `meta:\n  id: ${id}\n${rest}`;
const good = schema('good', 'seq:\n  - id: value\n    type: u1\n');

const BAD: readonly (readonly [string, Record<string, string | Uint8Array>, RegExp])[] = [
  ['not YAML', { 'bad.ksy': 'a: b: c\n' }, /^bad\.ksy:1:5: \/: error: not valid YAML/],
  ['not text', { 'bad.ksy': Uint8Array.of(0xff, 0xfe, 0, 1, 2) }, /^bad\.ksy:1:1: \/: error: /],
  ['empty', { 'bad.ksy': '' }, /^bad\.ksy:1:1: \/: error: expected map/],
  ['too large', { 'bad.ksy': `# ${'x'.repeat(4 << 20)}\n` }, /^bad\.ksy:1:1: \/: error: file is too large/],
  [
    'missing import',
    { 'bad.ksy': schema('bad', '  imports: [nowhere]\n') },
    /^bad\.ksy:3:13: \/meta\/imports\/0: error: unable to find 'nowhere\.ksy'/,
  ],
  [
    'missing absolute import',
    { 'bad.ksy': schema('bad', '  imports: [/nowhere]\n') },
    /^bad\.ksy:3:13: \/meta\/imports\/0: error: .*import search paths/,
  ],
  [
    'import cycle whose types define each other',
    {
      'bad.ksy': schema(
        'bad',
        '  imports: [other]\ninstances:\n  o:\n    pos: 0\n    type: other\n  a:\n    value: o.b\n',
      ),
      'other.ksy': schema(
        'other',
        '  imports: [bad]\ninstances:\n  o:\n    pos: 0\n    type: bad\n  b:\n    value: o.a\n',
      ),
    },
    /^bad\.ksy:9:12: \/instances\/a\/value: error: unable to derive the type of 'a'/,
  ],
  ['two schemas of one id', { 'bad.ksy': schema('good') }, /: \/meta\/id: error: two schemas have the id 'good'/],
  [
    'several problems',
    { 'bad.ksy': schema('bad', 'seq:\n  - id: a\n    size: x\n  - id: b\n    type: nowhere\n') },
    /\/seq\/0\/size: error: .*\n.*\/seq\/1\/type: error: /,
  ],
];

test.each(BAD)('%s beside a good schema → diagnostic, exit 1, nothing written', (_, files, expected) => {
  const outcome = run({ ...files, 'good.ksy': good }, 'good.ksy', 'bad.ksy');
  expect(outcome.words).toMatch(expected);
  expect(outcome.status).toBe(1);
  expect(outcome.written).toEqual([]);
});

test('no such file, a folder instead of one → diagnostic, exit 1', () => {
  mkdirSync(join(project.path, 'folder.ksy'));
  const importing = schema('importing', '  imports: [folder]\n');
  const outcome = run({ 'importing.ksy': importing }, 'importing.ksy', 'nowhere.ksy');
  expect(outcome.words).toMatch(/^importing\.ksy:3:13: .*EISDIR.*\nnowhere\.ksy:1:1: .*no such file/);
  expect(outcome.status).toBe(1);
  expect(outcome.written).toEqual([]);
});

test('folder without schemas → exit 1 with the reason', () => {
  mkdirSync(join(project.path, 'folder.ksy'));
  const outcome = run({ 'good.ksy': good }, 'good.ksy', 'folder.ksy');
  expect(outcome).toEqual({ status: 1, words: 'ksy-ts: folder.ksy: no .ksy file is below this folder\n', written: [] });
});

test('a target that cannot be replaced → exit 1, no drafts left', () => {
  mkdirSync(join(project.path, 'out', 'good.ts', 'inside'), { recursive: true });
  project.put({ 'good.ksy': good });
  const { status } = spawnSync(process.execPath, [COMMAND, '--outdir', 'out', 'good.ksy'], { cwd: project.path });
  expect(status).toBe(1);
  expect(readdirSync(join(project.path, 'out')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('an output folder that is a file, or that cannot be made → exit 1 with the reason, soon', () => {
  project.put({ 'good.ksy': good });
  project.put({ taken: '' });
  // Nothing can be made in /proc, and Node's recursive mkdir never finds that out.
  const targets = ['taken', 'taken/below', ...(existsSync('/proc/self') ? ['/proc/ksy-ts/below'] : [])];
  for (const target of targets) {
    const { status, stderr } = spawnSync(process.execPath, [COMMAND, '--outdir', target, 'good.ksy'], {
      cwd: project.path,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect({ target, status, stderr }).toEqual({
      target,
      status: 1,
      stderr: expect.stringMatching(/^ksy-ts: E[A-Z]+: /),
    });
  }
  expect(readdirSync(project.path).toSorted()).toEqual(['good.ksy', 'taken']);
});

test('an import cycle of types that use each other → generated', () => {
  const one = schema('one', '  imports: [two]\nseq:\n  - id: t\n    type: two\n');
  const two = schema(
    'two',
    '  imports: [one]\nseq:\n  - id: flag\n    type: u1\n  - id: o\n    type: one\n    if: flag != 0\n',
  );
  const outcome = run({ 'one.ksy': one, 'two.ksy': two }, 'one.ksy');
  expect(outcome).toMatchObject({ status: 0, words: '' });
  expect(outcome.written).toEqual(expect.arrayContaining(['one.ts', 'two.ts', 'kaitai/struct.ts']));
});

test('--read-only → no writers, readonly properties, no support for writing', () => {
  const outcome = run({ 'good.ksy': good }, '--read-only', 'good.ksy');
  expect(outcome).toMatchObject({ status: 0, words: '' });
  expect(outcome.written).toContain('kaitai/struct.ts');
  expect(outcome.written.filter((name) => /write|encode/.test(name))).toEqual([]);
  const text = readFileSync(join(project.path, 'out', 'good.ts'), 'utf8');
  expect(text).toContain('readonly value!: number;');
  expect(text).not.toMatch(/_write|create|Init|set /);
});

test('--positions → fields are noted as they are read', () => {
  const outcome = run({ 'good.ksy': good }, '--positions', 'good.ksy');
  expect(outcome.written).toContain('kaitai/positions.ts');
  expect(readFileSync(join(project.path, 'out', 'good.ts'), 'utf8')).toContain("beginField(this, 'value', io);");
});

const WRITTEN_BY_HAND = '/** By hand. */\nexport const answer = 42;\n';

test.each(['good.ts', 'kaitai/struct.ts', 'kaitai/write.ts', 'index.ts'])(
  '%s in the output folder that was not generated → refused, nothing written; moved away → generated',
  (name) => {
    mkdirSync(dirname(join(project.path, 'out', name)), { recursive: true });
    writeFileSync(join(project.path, 'out', name), WRITTEN_BY_HAND);
    project.put({ 'good.ksy': good });
    const generate = (): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, [COMMAND, '--outdir', 'out', '--index', 'good.ksy'], {
        cwd: project.path,
        encoding: 'utf8',
      });
    const refused = generate();
    expect(refused.status).toBe(1);
    expect(refused.stderr).toMatch(
      new RegExp(`^out/${name} was not generated .*move it away.*\\nksy-ts: nothing was written`),
    );
    expect(filesIn(join(project.path, 'out'))).toEqual([name]);
    expect(readFileSync(join(project.path, 'out', name), 'utf8')).toBe(WRITTEN_BY_HAND);
    rmSync(join(project.path, 'out', name));
    expect(generate().status).toBe(0);
    expect(generate().status).toBe(0);
  },
);

test('a symbolic link that leads out of the output folder → refused, what it leads to stays', () => {
  mkdirSync(join(project.path, 'out'));
  writeFileSync(join(project.path, 'outside.ts'), '// @generated elsewhere\n');
  symlinkSync(join(project.path, 'outside.ts'), join(project.path, 'out', 'good.ts'));
  project.put({ 'good.ksy': good });
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, '--outdir', 'out', 'good.ksy'], {
    cwd: project.path,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/good\.ts is no regular file/) });
  expect(readFileSync(join(project.path, 'outside.ts'), 'utf8')).toBe('// @generated elsewhere\n');
});

test('a folder of support modules that is a link, or a file → refused, nothing written', () => {
  mkdirSync(join(project.path, 'out'));
  mkdirSync(join(project.path, 'outside'));
  symlinkSync(join(project.path, 'outside'), join(project.path, 'out', 'kaitai'));
  project.put({ 'good.ksy': good });
  const generate = (): { readonly status: number | null; readonly stderr: string } =>
    spawnSync(process.execPath, [COMMAND, '--outdir', 'out', 'good.ksy'], { cwd: project.path, encoding: 'utf8' });
  const refused = {
    status: 1,
    stderr: expect.stringMatching(/^out\/kaitai is no folder: move it away.*\nksy-ts: nothing was written/) as string,
  };
  expect(generate()).toMatchObject(refused);
  expect(readdirSync(join(project.path, 'outside'))).toEqual([]);
  rmSync(join(project.path, 'out', 'kaitai'));
  writeFileSync(join(project.path, 'out', 'kaitai'), '');
  expect(generate()).toMatchObject(refused);
  expect(filesIn(join(project.path, 'out'))).toEqual(['kaitai']);
});

test('a schema that is called as the folder of support modules → a module beside it', () => {
  const outcome = run({ 'kaitai.ksy': schema('kaitai', 'seq:\n  - id: value\n    type: u1\n') }, 'kaitai.ksy');
  expect(outcome).toMatchObject({ status: 0, words: '' });
  expect(outcome.written).toEqual(expect.arrayContaining(['kaitai.ts', 'kaitai/struct.ts']));
  expect(readFileSync(join(project.path, 'out', 'kaitai.ts'), 'utf8')).toContain('export class Kaitai extends');
});

test('support modules of an earlier version, beside the output → orphaned', () => {
  expect(run({ 'good.ksy': good }, 'good.ksy').status).toBe(0);
  const old = join(project.path, 'out', 'kaitai-bytes.ts');
  writeFileSync(old, '// @generated by ksy-ts: a support module. Do not edit.\n');
  writeFileSync(join(project.path, 'out', 'kaitai', 'own.ts'), WRITTEN_BY_HAND);
  const { status, stderr } = spawnSync(process.execPath, [COMMAND, '--outdir', 'out', '--check', 'good.ksy'], {
    cwd: project.path,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr.split('\n')[0]).toBe('orphaned: out/kaitai-bytes.ts (no schema makes it)');
  expect(stderr).not.toContain('own.ts');
});

test('a support module that no schema needs any more → orphaned', () => {
  const outcome = run({ 'good.ksy': good }, '--positions', 'good.ksy');
  expect(outcome.status).toBe(0);
  const { stderr } = spawnSync(process.execPath, [COMMAND, '--outdir', 'out', '--check', 'good.ksy'], {
    cwd: project.path,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/orphaned: out\/kaitai\/positions\.ts/);
});

test('control characters in a schema, its name and the folder → written out, never sent to the terminal', () => {
  const name = 'bad\u001b[2J.ksy';
  const text = `meta:\n  id: "b\\x1b]0;title\\x07"\nseq:\n  - id: a\n    type: "\\u202eu1"\n  - "\\x9b\\r": 1\n`;
  const { words, status } = run({ [name]: text }, name, 'no\u001bwhere.ksy');
  expect(status).toBe(1);
  // oxlint-disable-next-line no-control-regex -- that is what this is about
  expect(words).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  expect(words).toContain('bad\\u001b[2J.ksy:2:7');
  expect(words).toContain('no\\u001bwhere.ksy:1:1');
});

test('unknown option, no files → exit 1', () => {
  expect(run({}, '--nothing', 'x.ksy').status).toBe(1);
  rmSync(join(project.path, 'out'), { recursive: true });
  expect(run({}).status).toBe(1);
});
