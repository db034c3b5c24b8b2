/** What shells complete in command lines of ksy-ts. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completionsOf, type Completions } from 'ksy-ts/completion';
import { afterAll, describe, expect, test } from 'vitest';
import { VOCABULARY } from '../../../generator/src/cli/completion.js';
import { buildProgram } from '../../../generator/src/cli/program.js';
import { isMissing, Shells } from '../../support/shells.js';
import { COMMAND } from './project-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'ksy-ts-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));
const shells = new Shells('ksy-ts', COMMAND, folder);
const { files } = shells;
mkdirSync(join(files, 'my formats'));
const SCHEMA = `
meta: { id: pairs, endian: le }
seq:
  - { id: count, type: u1 }
  - { id: pairs, type: pair, repeat: expr, repeat-expr: count }
types:
  pair:
    seq: [{ id: left, type: u1 }, { id: right, type: u1 }]
instances:
  total: { value: count * 2 }
`;
writeFileSync(join(files, 'pairs.ksy'), SCHEMA);
writeFileSync(
  join(files, 'wants.ksy'),
  'meta: { id: wants }\nparams: [{ id: size, type: u4 }]\nseq: [{ id: a, size: size }]',
);
writeFileSync(join(files, 'pairs.bin'), Uint8Array.of(2, 1, 2, 3, 4));

const COMMANDS = ['completion', 'diff', 'doc', 'dump', 'validate'];
const SCHEMAS = ['my formats', 'pairs.ksy', 'wants.ksy'];

const program = buildProgram();

/** What is offered behind the words of a line, for its last. */
async function offered(line: string): Promise<{ readonly values: string[]; readonly files: Completions['files'] }> {
  const words = line.split(' ');
  const completions = await completionsOf(program, words.slice(0, -1), words.at(-1) ?? '', VOCABULARY);
  return { values: completions.candidates.map(({ value }) => value), files: completions.files };
}

describe('definitions → what is offered', () => {
  test.each([
    ['', ['diff', 'doc', 'dump', 'validate', 'completion'], 'own'],
    ['do', ['doc'], 'own'],
    ['a.ksy d', [], 'own'],
    ['a.ksy doc --re', ['--read-only', '--reflection'], 'none'],
    ['__', [], 'own'],
    ['--outdir ', [], 'folders'],
    ['--config ', [], 'files'],
    // Options of the program are none of its commands.
    ['diff --out', [], 'none'],
    ['diff --fail-on ', ['bytes', 'values', 'types', 'docs'], 'none'],
    ['diff --against ', [], 'own'],
    ['doc --format=h', ['--format=html'], 'none'],
    ['dump ', [], 'own'],
    ['dump a.ksy ', [], 'files'],
    ['dump a.ksy b.bin c d', [], 'none'],
    ['validate a.ksy b.bin ', [], 'files'],
    ['validate --set ', [], 'none'],
    ['completion f', ['fish'], 'none'],
  ] as const)('%s → %j, %s', async (line, values, kind) => {
    expect(await offered(line)).toEqual({ values, files: kind });
  });

  test.each([
    ['', ['count', 'pairs', 'pairs[0]', 'pairs[1]', 'total']],
    ['pai', ['pairs', 'pairs[0]', 'pairs[1]']],
    ['pairs', ['pairs', 'pairs[0]', 'pairs[1]']],
    ['pairs[1].', ['pairs[1].left', 'pairs[1].right']],
    ['none.', []],
  ])('dump pairs.ksy pairs.bin %s → %j', async (current, values) => {
    const line = `dump ${join(files, 'pairs.ksy')} ${join(files, 'pairs.bin')} ${current}`;
    expect(await offered(line)).toEqual({ values, files: 'none' });
  });

  test.each([
    ['--set size=2', ['a']],
    ['--set=size=2 --import-path none -I more', ['a']],
    ['--set size=9', ['a']],
    ['--set sizes=2', []],
  ])('dump %s wants.ksy pairs.bin → the paths with these settings', async (settings, values) => {
    const line = `dump ${settings} ${join(files, 'wants.ksy')} ${join(files, 'pairs.bin')} `;
    expect(await offered(line)).toEqual({ values, files: 'none' });
  });

  test.each(['wants.ksy pairs.bin', 'none.ksy pairs.bin', 'pairs.ksy none.bin'])(
    'dump %s, which cannot be shown → no path',
    async (names) => {
      const paths = names.split(' ').map((name) => join(files, name));
      expect(await offered(`dump ${paths.join(' ')} `)).toEqual({ values: [], files: 'none' });
    },
  );
});

/** The words of a command line, the last one being typed; what is offered for it. */
const CASES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['ksy-ts ', [...COMMANDS, ...SCHEMAS].toSorted()],
  ['ksy-ts --decl', ['--declarations']],
  ['ksy-ts dump ', SCHEMAS],
  ['ksy-ts --outdir m', ['my formats']],
  ['ksy-ts validate --format=s', ['sarif']],
  ['ksy-ts dump pairs.ksy pairs.bin t', ['total']],
  ["ksy-ts dump '$(touch evaluated)' --hex", ['--hex']],
];

describe.skipIf(isMissing('bash'))('bash', () => {
  test.each(CASES)('%s → %j', (line, expected) => {
    expect(shells.bash(line)).toEqual(expected);
    expect(existsSync(join(files, 'evaluated'))).toBe(false);
  });

  test('a line typed after sourcing the script → registered for ksy-ts', () => {
    const script = 'source <(ksy-ts completion bash); complete -p ksy-ts';
    expect(shells.run('bash', ['--norc', '-c', script])).toBe('complete -o default -F _ksy_ts ksy-ts\n');
  });
});

describe.skipIf(isMissing('zsh'))('zsh', () => {
  test.each(CASES)('%s → %j', (line, expected) => {
    expect(shells.zsh(line).offered.map((each) => each.replace(/^--format=/, ''))).toEqual(expected);
    expect(existsSync(join(files, 'evaluated'))).toBe(false);
  });

  test('one that is left → the whole word', () => {
    expect(shells.zsh('ksy-ts val').line).toBe('ksy-ts validate ');
  });
});

describe.skipIf(isMissing('fish'))('fish', () => {
  test.each(CASES)('%s → %j', (line, expected) => {
    expect(shells.fish(line).map((each) => each.replace(/^--format=/, ''))).toEqual(expected);
    expect(existsSync(join(files, 'evaluated'))).toBe(false);
  });
});
