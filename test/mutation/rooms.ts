/** Which sources belong to a room, and which tests are near them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Where the sources of a room are, and the tests that look at the room as a whole. */
interface Room {
  readonly folder: string;
  /** Files, or folders with all tests in them. Those of a file's own name, and those that import it, are run first. */
  readonly tests: readonly string[];
}

const MATRIX = ['test/runtime/check/matrix.test.ts', 'test/runtime/check/variants.test.ts'];

export const ROOMS: Readonly<Record<string, Room>> = {
  base: { folder: 'runtime/base', tests: ['test/runtime/base', 'test/runtime/format'] },
  io: { folder: 'runtime/io', tests: ['test/runtime/io', 'test/runtime/write/node-files.test.ts'] },
  format: {
    folder: 'runtime/format',
    tests: ['test/runtime/format', ...MATRIX, 'test/runtime/create', 'test/runtime/tree'],
  },
  log: { folder: 'runtime/log', tests: ['test/runtime/log', 'test/runtime/change', ...MATRIX] },
  image: { folder: 'runtime/image', tests: ['test/runtime/image', ...MATRIX] },
  disk: {
    folder: 'runtime/disk',
    tests: [
      'test/runtime/disk',
      'test/runtime/write',
      'test/runtime/create/contents.test.ts',
      'test/runtime/change/resize.test.ts',
    ],
  },
  write: {
    folder: 'runtime/write',
    tests: ['test/runtime/write'],
  },
  change: { folder: 'runtime/change', tests: ['test/runtime/change'] },
  check: { folder: 'runtime/check', tests: ['test/runtime/check', 'test/runtime/change/repair.test.ts'] },
  spec: {
    folder: 'generator/src/spec',
    tests: ['test/generator/spec-read.test.ts', 'test/generator/imports.test.ts', 'test/generator/conformance.test.ts'],
  },
  types: {
    folder: 'generator/src/types',
    tests: [
      'test/generator/expression-errors.test.ts',
      'test/generator/limits.test.ts',
      'test/generator/violations.test.ts',
      'test/generator/conformance.test.ts',
    ],
  },
  reports: { folder: 'generator/src/reports', tests: ['test/cli/harmless.test.ts', 'test/cli/check-formats.test.ts'] },
  emit: {
    folder: 'generator/src/emit',
    tests: [
      'test/generator/freshness.test.ts',
      'test/generator/identity.test.ts',
      'test/generator/writing.test.ts',
      'test/generator/awkward-schemas.test.ts',
      'test/generator/expression-errors.test.ts',
      'test/generator/violations.test.ts',
      'test/generator/injection.test.ts',
      'test/generator/conformance.test.ts',
    ],
  },
};

function filesIn(root: string, folder: string, ending: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((name) => name.endsWith(ending))
    .toSorted();
}

/** The sources of a room. */
export function sourcesOf(root: string, { folder }: Room): string[] {
  return filesIn(root, folder, '.ts').filter((name) => !name.endsWith('.d.ts'));
}

/** The room that a file is in. */
export function roomOf(file: string): Room {
  const found = Object.values(ROOMS)
    .filter(({ folder }) => file.startsWith(`${folder}/`))
    .toSorted((one, other) => other.folder.length - one.folder.length)[0];
  return found ?? { folder: posix.dirname(file), tests: [] };
}

/**
 * The tests to be run for a mutant of `file`, in two rounds: those of its own name and those that import it; then those of
 * its room. Most mutants die in the first.
 */
export class NearTests {
  readonly #root: string;
  readonly #texts: ReadonlyMap<string, string>;

  constructor(root: string) {
    this.#root = root;
    const tests = filesIn(root, 'test', '.test.ts');
    this.#texts = new Map(tests.map((test) => [test, readFileSync(join(root, test), 'utf8')]));
  }

  of(file: string): readonly string[][] {
    const room = roomOf(file);
    const stem = posix.basename(file, '.ts');
    const imported = `../${file.replace(/\.ts$/, '')}.js'`;
    const own: string[] = [];
    for (const [test, text] of this.#texts) {
      const isOwn =
        posix.basename(test) === `${stem}.test.ts` &&
        (test.startsWith('test/runtime/') || test.startsWith('test/generator/'));
      if (isOwn || text.includes(imported)) own.push(test);
    }
    const ofRoom = room.tests.flatMap((test) =>
      test.endsWith('.ts') ? [test] : filesIn(this.#root, test, '.test.ts'),
    );
    const rest = [...new Set(ofRoom)].filter((test) => !own.includes(test) && this.#texts.has(test));
    return [own, rest].filter((round) => round.length > 0);
  }
}
