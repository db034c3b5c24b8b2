/** What is offered for a word, told from the definitions of the commands. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';

import { type Completions, completionsOf } from 'ksy-ts/completion';
import { VOCABULARY } from '../../../runtime/cli/completion/vocabulary.js';
import { openOutput } from '../../../runtime/cli/output.js';
import { buildProgram } from '../../../runtime/cli/program.js';
import { EXPLAINED } from '../../../runtime/cli/completion/codes.js';
import { UNREPORTED_RULES } from '../../../runtime/errors/catalogue/unreported.js';
import { codes } from '../../../runtime/errors/errors.js';
import { imageTree } from '../../../runtime/index.js';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { collect } from '../../support/bytes.js';
import { TestImage } from '../../support/image-builder.js';

const output = openOutput({ stdout: new PassThrough(), stderr: new PassThrough(), env: {} });
const program = buildProgram([], output, () => undefined);

/** What is offered behind the words of a line, for its last. */
async function offered(line: string): Promise<{ values: readonly string[]; files: Completions['files'] }> {
  const words = line.split(' ');
  const { candidates, files } = await completionsOf(program, words.slice(0, -1), words.at(-1) ?? '', VOCABULARY);
  return { values: candidates.map(({ value }) => value), files };
}

describe('completionsOf', () => {
  test.each([
    ['inf', ['info'], 'none'],
    ['__', [], 'none'],
    ['val', [], 'none'],
    ['help ch', ['check'], 'none'],
    ['--col', ['--color'], 'none'],
    ['--color a', ['auto', 'always'], 'none'],
    ['--color=n', ['--color=never'], 'none'],
    ['--color never ch', ['check'], 'none'],
    ['map --quiet --color ', ['auto', 'always', 'never'], 'none'],
    ['map --at ', [], 'none'],
    ['map --at 0x10 ', [], 'own'],
    ['map a.vhdx ', [], 'none'],
    ['map -- --pic', [], 'own'],
    ['map --svg ', [], 'files'],
    ['map --svg=x', [], 'files'],
    ['map --unknown=x', [], 'none'],
    ['convert ', [], 'files'],
    ['convert - ', [], 'files'],
    ['convert -O ', ['raw', 'vhdx'], 'none'],
    ['convert a b ', [], 'none'],
    ['check a.vhdx b.vhdx ', [], 'own'],
    ['check --parent-root ', [], 'folders'],
    ['check --dry', ['--dry-run'], 'none'],
    ['check -r', [], 'none'],
    ['create --logical-sector-size ', ['512', '4096'], 'none'],
    ['frobnicate ', [], 'none'],
    ['explain VHDX_LOG_PEND', ['VHDX_LOG_PENDING'], 'none'],
    ['explain E12', ['E12'], 'none'],
  ] as const)('%s → %j, %s', async (line, values, files) => {
    expect(await offered(line)).toEqual({ values, files });
  });

  test('option → with what it does, once', async () => {
    const { candidates } = await completionsOf(program, ['check'], '--quiet', VOCABULARY);
    expect(candidates).toEqual([
      { value: '--quiet', description: 'print only results that were asked for, and errors' },
    ]);
  });
});

test('codes → every one, with its summary; rules → with their codes, or that no check reports them', () => {
  const summaries = Object.entries(codes).map(([value, { summary }]) => ({ value, description: summary }));
  expect(EXPLAINED.slice(0, summaries.length)).toEqual(summaries);
  const rules = EXPLAINED.slice(summaries.length).map(({ value }) => value);
  expect(new Set(rules).size).toBe(rules.length);
  expect(rules).toContain('E12');
  expect(EXPLAINED).toContainEqual({ value: 'B11', description: expect.stringContaining('VHDX_') as string });
  for (const rule of Object.keys(UNREPORTED_RULES))
    expect(EXPLAINED).toContainEqual({ value: rule, description: 'no check reports it' });
});

describe('paths of vhdx tree', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vhdx-complete-'));
  const image = join(folder, 'disk.vhdx');
  writeFileSync(image, new TestImage({ allocate: [0] }).toBytes());
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['head', ['headers[0]', 'headers[1]']],
    ['region_tables[0]', ['region_tables[0]', 'region_tables[0].signature', 'region_tables[0].entries[0]']],
    ['headers[1].log_v', ['headers[1].log_version']],
    ['headers[1].log_version.', []],
    ['nothing', []],
    ['@', []],
  ])('%s → the paths that continue it', async (current, paths) => {
    const { values, files } = await offered(`tree --json ${image} ${current}`);
    expect({ values, files }).toEqual({ values: expect.arrayContaining(paths), files: 'none' });
    expect(values.every((value) => value.startsWith(current))).toBe(true);
    if (paths.length < 3) expect(values).toEqual(paths);
  });

  test('each path that is offered → one that vhdx tree takes', async () => {
    const { values } = await offered(`tree ${image} `);
    expect(values).toContain('file_type_identifier');
    for (const path of values) {
      const nodes = imageTree(new MemorySource(new TestImage({ allocate: [0] }).toBytes()), { path });
      expect(await collect(nodes)).not.toEqual([]);
    }
  });

  test('no image, or none that can be read → nothing', async () => {
    expect(await offered('tree ')).toEqual({ values: [], files: 'own' });
    expect(await offered(`tree ${join(folder, 'none.vhdx')} `)).toEqual({ values: [], files: 'none' });
    expect(await offered(`tree ${folder} `)).toEqual({ values: [], files: 'none' });
  });
});
