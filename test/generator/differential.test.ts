/**
 * Real files of this machine, read by generated TypeScript and by the official compiler's JavaScript: the trees are the
 * same, fields and instances alike, but for what the official reader is known to get wrong. Those places are named.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateClasses, type Generated } from '../support/generated-classes.js';
import { compileOfficial, readOfficial, type OfficialClass } from '../support/official.js';
import { Comparison, attempt, faults } from '../support/tree-comparison.js';

const formats = fileURLToPath(new URL('../../../shared/formats/', import.meta.url));
const absent = existsSync(formats) ? undefined : '../shared/formats is not there';
/** Where Debian keeps files of these kinds; nothing of the project's own. */
const ROOTS = ['/usr', '/lib', '/etc', '/var/lib', '/root', '/opt'];
const MAX_BYTES = 300_000;

interface Kind {
  readonly schema: string;
  /** Patterns of `find -name`. */
  readonly names: readonly string[];
  readonly most: number;
  /** What the file must begin with. */
  readonly magic?: readonly number[];
}

const kinds: readonly Kind[] = [
  { schema: 'executable/elf', names: ['*.so', '*.o', '*.so.*'], most: 50, magic: [0x7f, 0x45, 0x4c, 0x46] },
  { schema: 'database/gettext_mo', names: ['*.mo'], most: 30, magic: [0xde, 0x12, 0x04, 0x95] },
  { schema: 'archive/zip', names: ['*.zip', '*.jar', '*.whl'], most: 30, magic: [0x50, 0x4b, 0x03, 0x04] },
  { schema: 'archive/gzip', names: ['*.gz'], most: 30, magic: [0x1f, 0x8b] },
  { schema: 'font/ttf', names: ['*.ttf'], most: 20 },
  { schema: 'image/ico', names: ['*.ico'], most: 15, magic: [0, 0, 1, 0] },
  { schema: 'image/bmp', names: ['*.bmp'], most: 15, magic: [0x42, 0x4d] },
  { schema: 'common/riff', names: ['*.wav', '*.avi', '*.webp'], most: 20, magic: [0x52, 0x49, 0x46, 0x46] },
  { schema: 'executable/microsoft_pe', names: ['*.exe', '*.dll'], most: 15, magic: [0x4d, 0x5a] },
  { schema: 'security/openpgp_message', names: ['*.gpg', '*.pgp'], most: 10 },
];

/** The first files of a kind that this machine has, spread evenly over all of them. */
function filesOf({ names, most, magic }: Kind): string[] {
  const patterns = names.flatMap((name, index) => [...(index === 0 ? [] : ['-o']), '-name', name]);
  const roots = ROOTS.filter((root) => existsSync(root));
  const output = execFileSync('find', [...roots, '-xdev', '-type', 'f', '-size', '-600', '(', ...patterns, ')'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const seen = new Set<string>();
  const found = output.split('\n').filter((path) => {
    if (path === '' || statSync(path).size > MAX_BYTES) return false;
    // Copies of one file teach nothing.
    const key = `${path.replace(/^.*\//, '')} ${statSync(path).size}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
  const sorted = found.toSorted();
  const step = Math.max(1, Math.floor(sorted.length / most));
  const spread = sorted.filter((_, index) => index % step === 0);
  return spread.filter((path) => startsWith(path, magic ?? [])).slice(0, most);
}

function startsWith(path: string, magic: readonly number[]): boolean {
  const bytes = readFileSync(path);
  return magic.every((byte, index) => bytes[index] === byte);
}

if (absent !== undefined) test.skip(`real files: ${absent}`, () => {});

describe.skipIf(absent !== undefined)('real files', () => {
  let generated: Generated;
  let files = 0;
  let values = 0;
  const present = absent === undefined ? kinds.filter(({ schema }) => existsSync(join(formats, `${schema}.ksy`))) : [];

  beforeAll(async () => {
    generated = await generateClasses(
      present.map(({ schema }) => join(formats, `${schema}.ksy`)),
      [formats],
    );
  }, 120_000);
  afterAll(() => {
    generated.remove();
  });

  test.each(present)('$schema → the same tree as the official JavaScript', async (kind) => {
    const official: OfficialClass = await compileOfficial(join(formats, `${kind.schema}.ksy`), { importPath: formats });
    const ours = generated.top(kind.schema.replace(/^.*\//, ''));
    for (const path of filesOf(kind)) {
      const bytes = Uint8Array.from(readFileSync(path));
      const mine = attempt(() => ours.fromBytes(bytes));
      const theirs = attempt(() => readOfficial(official, bytes));
      expect(mine.error === undefined, `${path}: ${String(mine.error)} | ${String(theirs.error)}`).toBe(
        theirs.error === undefined,
      );
      const comparison = new Comparison();
      if (mine.error === undefined) comparison.compare(mine.value, theirs.value, kind.schema);
      expect(comparison.differences, path).toEqual([]);
      files++;
      values += comparison.values;
    }
  });

  test('how much was compared, and what the official reader gets wrong', () => {
    console.log(`compared ${files} files, ${values} values`);
    for (const [fault, places] of faults)
      console.log(`  official reader, ${fault}: ${[...places].slice(0, 20).join(', ')}`);
    expect(values).toBeGreaterThan(files);
    // On a machine with the files of Debian's packages there are at least so many.
    if (process.env['VHDX_REQUIRE_PEERS'] === '1') expect(files).toBeGreaterThanOrEqual(150);
  });
});
