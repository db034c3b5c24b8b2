import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { findInputs, type NamedInputs } from '../../../runtime/cli/inputs/find-inputs.js';
import { temporaryDirectory } from '../images.js';

const root = temporaryDirectory();
const FILES = [
  'a.vhdx',
  'b.AVHDX',
  'notes.txt',
  '[x].vhdx',
  '.hidden.vhdx',
  'sub/c.vhdx',
  'sub/old/d.vhdx',
  'e.vhdpmem',
];

beforeAll(() => {
  mkdirSync(join(root, 'sub/old'), { recursive: true });
  mkdirSync(join(root, 'empty'));
  for (const file of FILES) writeFileSync(join(root, file), '');
  symlinkSync(join(root, 'sub'), join(root, 'link'));
});

/** The images that are found, relative to the folder; those with an error by its code. */
async function found({ names, exclude, fromFile }: NamedInputs): Promise<readonly string[]> {
  const { inputs } = await findInputs({ names: names.map((name) => join(root, name)), exclude, fromFile });
  return inputs.map(({ image, error }) => error?.code ?? image.slice(root.length + 1));
}

describe('patterns', () => {
  test.each([
    ['*.vhdx', ['[x].vhdx', 'a.vhdx']],
    ['*.{vhdx,AVHDX}', ['[x].vhdx', 'a.vhdx', 'b.AVHDX']],
    ['**/*.vhdx', ['[x].vhdx', 'a.vhdx', 'sub/c.vhdx', 'sub/old/d.vhdx']],
    ['*/*.vhdx', ['sub/c.vhdx']],
    ['?.vhd*', ['a.vhdx', 'e.vhdpmem']],
    ['[ab].*', ['a.vhdx', 'b.AVHDX']],
    ['.*.vhdx', ['.hidden.vhdx']],
    ['*.txt', ['notes.txt']],
    ['nothing*', ['VHDX_SOURCE_NOT_FOUND']],
    ['nowhere/*.vhdx', ['VHDX_SOURCE_NOT_FOUND']],
  ])('%s → %j', async (pattern, images) => {
    expect(await found({ names: [pattern] })).toEqual(images);
  });

  test('a file whose name is a pattern → that file', async () => {
    expect(await found({ names: ['[x].vhdx'] })).toEqual(['[x].vhdx']);
  });

  test('what several names mean → once, in the order of the names', async () => {
    expect(await found({ names: ['sub', '**/*.vhdx', 'a.vhdx'] })).toEqual([
      'sub/c.vhdx',
      'sub/old/d.vhdx',
      '[x].vhdx',
      'a.vhdx',
    ]);
  });
});

describe('exclusions', () => {
  test.each([
    [['old'], ['sub/c.vhdx']],
    [['old/'], ['sub/c.vhdx']],
    [['*.vhdx'], []],
    [['c.*'], ['sub/old/d.vhdx']],
    [[`${root}/sub/old`], ['sub/c.vhdx']],
    [[`${root}/sub/old/`], ['sub/c.vhdx']],
    [[`${root}/*/*.vhdx`], ['sub/old/d.vhdx']],
    [['**/old/**'], ['sub/c.vhdx']],
    [['sub/old'], ['sub/c.vhdx', 'sub/old/d.vhdx']],
  ])('%j of a folder → %j are left', async (exclude, images) => {
    expect(await found({ names: ['sub'], exclude })).toEqual(images);
  });

  test('a file that is named, or like a pattern → left out too', async () => {
    expect(await found({ names: ['a.vhdx', '*.vhdx'], exclude: ['a*'] })).toEqual(['[x].vhdx']);
  });
});

describe('lists', () => {
  const lines = (names: readonly string[]): string => `${names.join('\r\n')}\r\n`;
  const list = (text: string | Uint8Array): string => {
    const file = join(root, 'list');
    writeFileSync(file, text);
    return file;
  };

  test.each([
    ['line feeds', (names: readonly string[]) => `${names.join('\n')}\n`],
    ['Windows lines, and empty ones', (names: readonly string[]) => `\r\n${names.join('\r\n')}`],
    ['NUL', (names: readonly string[]) => `${names.join('\0')}\0`],
    ['comments', (names: readonly string[]) => `# of May\n#\n${names.join('\n# and\n')}`],
    ['UTF-8 with its mark', (names: readonly string[]) => `\ufeff${lines(names)}`],
    ['UTF-16, as PowerShell writes it', (names: readonly string[]) => Buffer.from(`\ufeff${lines(names)}`, 'utf16le')],
    [
      'UTF-16, the other way round',
      (names: readonly string[]) => Buffer.from(`\ufeff${lines(names)}`, 'utf16le').swap16(),
    ],
  ])('%s → the names in it, patterns as they are, folders gone into', async (_kind, textOf) => {
    const names = ['a.vhdx', '*.vhdx', 'sub', 'https://host/x.vhdx?a=*'].map((name) =>
      name.startsWith('https:') ? name : join(root, name),
    );
    const { inputs, isList } = await findInputs({ names: [], fromFile: [list(textOf(names))] });
    expect(isList).toBe(true);
    expect(inputs.map(({ image }) => image)).toEqual([
      names[0],
      names[1],
      join(root, 'sub/c.vhdx'),
      join(root, 'sub/old/d.vhdx'),
      names[3],
    ]);
  });

  test('names that begin with # → no comments without a space behind it, nor between NULs', async () => {
    const images = async (text: string): Promise<readonly string[]> =>
      (await findInputs({ names: [], fromFile: [list(text)] })).inputs.map(({ image }) => image);
    expect(await images('#1.vhdx\n# 2.vhdx\n./# 3.vhdx\n')).toEqual(['#1.vhdx', './# 3.vhdx']);
    expect(await images('# 2.vhdx\0')).toEqual(['# 2.vhdx']);
  });

  test('names with line feeds → kept by NUL', async () => {
    const { inputs } = await findInputs({ names: [], fromFile: [list('a\nb\0')] });
    expect(inputs.map(({ image }) => image)).toEqual(['a\nb']);
  });

  test('a list that is not there → UsageError', async () => {
    await expect(findInputs({ names: [], fromFile: [join(root, 'no')] })).rejects.toMatchObject({ name: 'UsageError' });
  });
});
