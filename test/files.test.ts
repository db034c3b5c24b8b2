/** What holds for every hand-written file: one subject, said at its top, and a length that can be read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const MOST_LINES = 400;
const MEDIAN_LINES = 130;

/** Lists of cases and of words, which are longer because they are complete. */
const TABLES = [
  'test/runtime/check/matrix/bat.ts',
  'test/runtime/check/variants/bat.ts',
  'test/support/random-schemas.ts',
];

interface SourceFile {
  readonly name: string;
  readonly text: string;
  readonly lines: number;
}

function filesIn(...folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .map((name) => {
        const text = readFileSync(join(root, name), 'utf8');
        return { name, text, lines: text.split('\n').length - 1 };
      }),
  );
}

const SOURCES = filesIn('runtime', 'generator/src', 'generator/support');
const ALL = [...SOURCES, ...filesIn('test')];

function medianOf(files: readonly SourceFile[]): number {
  const lengths = files.map(({ lines }) => lines).toSorted((one, other) => one - other);
  return lengths[Math.floor(lengths.length / 2)] ?? 0;
}

describe('hand-written files', () => {
  test('sources and tests → found', () => {
    expect(SOURCES.length).toBeGreaterThan(300);
    expect(ALL.length).toBeGreaterThan(500);
  });

  test(`median length → at most ${MEDIAN_LINES} lines`, () => {
    expect(medianOf(SOURCES)).toBeLessThanOrEqual(MEDIAN_LINES);
    expect(medianOf(ALL)).toBeLessThanOrEqual(MEDIAN_LINES);
  });

  test(`each → at most ${MOST_LINES} lines, tables excepted`, () => {
    const long = ALL.filter(({ name, lines }) => lines > MOST_LINES && !TABLES.includes(name));
    expect(long.map(({ name, lines }) => `${name}: ${lines}`)).toEqual([]);
  });

  test('tables → there, and as long as to be named here', () => {
    const long = ALL.filter(({ lines }) => lines > MOST_LINES).map(({ name }) => name);
    expect(TABLES.filter((name) => !long.includes(name))).toEqual([]);
  });

  test('sources → each begins with a comment that says its subject', () => {
    const bare = SOURCES.filter(({ text }) => !/^(?:#!.*\n)?\/[/*]/.test(text));
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});
