/** Shards and the merging of their reports: together they are the whole. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { reportSchema, sarifSchema } from '../support/json-schema.js';
import { batEntry, damagedHeaders, FIXTURE, pendingLog, temporaryDirectory, withBatEntries } from './images.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const FORMATS = ['json', 'ndjson', 'junit', 'sarif'] as const;

beforeAll(() => {
  mkdirSync(join(cwd, 'images'));
  for (let index = 0; index < 12; index += 1) {
    const file = join(cwd, 'images', `${index}.vhdx`);
    if (index % 4 === 0) writeFileSync(file, damagedHeaders(0));
    else if (index % 4 === 1) writeFileSync(file, pendingLog());
    else if (index % 4 === 2) writeFileSync(file, 'no image <&"\u001b');
    else copyFileSync(FIXTURE, file);
  }
  const shared = Array.from({ length: 30 }, () => batEntry(6, 8));
  writeFileSync(join(cwd, 'images/corrupt.vhdx'), withBatEntries(shared));
});

const NAMES = ['images', 'missing.vhdx', 'images/<b>&amp;.vhdx'];

/** The report on all images, by one check, and those of its shards in files. */
async function whole(format: string, count: number, ...more: readonly string[]) {
  const words = ['check', '--no-times', ...more, '--format'];
  const { stdout } = await vhdx([...words, format, ...NAMES], { cwd });
  const files: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const file = `${format}-${count}-${number}`;
    files.push(file);
    await vhdx([...words, `${format}=${file}`, '--shard', `${number}/${count}`, ...NAMES], { cwd });
  }
  return { stdout, files };
}

describe('shards that are merged', () => {
  test('named by a pattern, to a file → the same; a pattern that no file is like → refused', async () => {
    const { stdout } = await whole('json', 2);
    const merged = await vhdx(['report', 'merge', 'json-2-*', '-o', 'merged.json'], { cwd });
    expect([merged.exitCode, merged.stdout]).toEqual([0, '']);
    expect(readFileSync(join(cwd, 'merged.json'), 'utf8')).toBe(stdout);
    const none = await vhdx(['report', 'merge', 'no-*.json'], { cwd });
    expect([none.exitCode, none.stderr]).toEqual([1, 'vhdx: there is no file like no-*.json\n']);
  });

  test.each([...FORMATS.map((format) => [format, 3] as const), ['json', 1], ['junit', 20]] as const)(
    '%s of %i shards, in any order → byte for byte the report of one check',
    async (format, count) => {
      // More shards than images: some have none.
      const { stdout, files } = await whole(format, count);
      const merged = await vhdx(['report', 'merge', ...files.toReversed()], { cwd });
      expect([merged.exitCode, merged.stderr]).toEqual([0, '']);
      expect(merged.stdout).toBe(stdout);
    },
  );

  test.each(FORMATS)('%s with --max-findings and suppressions → the same', async (format) => {
    const { stdout, files } = await whole(format, 2, '--max-findings', '2', '--ignore', 'VHDX_BAT_BLOCK_OVERLAP');
    expect((await vhdx(['report', 'merge', ...files], { cwd })).stdout).toBe(stdout);
  });

  test('a report of a shard → valid', async () => {
    const { files } = await whole('json', 2);
    for (const file of files) expect(reportSchema()(JSON.parse(readFileSync(join(cwd, file), 'utf8')))).toEqual([]);
    const { files: logs } = await whole('sarif', 2);
    for (const file of logs) expect(sarifSchema()(JSON.parse(readFileSync(join(cwd, file), 'utf8')))).toEqual([]);
  });
});

describe('what is not the whole', () => {
  test('a share whose writer was killed in the middle of a line → said, and the images in whole lines are merged', async () => {
    const { stdout, files } = await whole('ndjson', 2);
    const [first = '', second = ''] = files;
    const text = readFileSync(join(cwd, first), 'utf8');
    writeFileSync(join(cwd, 'killed'), text.slice(0, -20));
    const { exitCode, stdout: merged, stderr } = await vhdx(['report', 'merge', 'killed', second], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('vhdx: killed: its last line is not whole, and was left out\n');
    expect(stderr).toMatch(/vhdx: 1 of \d+ images are in none of the reports/);
    const lost = text.split('\n').at(-2) ?? '';
    const { shard: _place, ...rest } = JSON.parse(lost) as { readonly shard: unknown };
    expect(merged).toBe(stdout.replace(`${JSON.stringify(rest)}\n`, ''));
  });

  test.each(FORMATS)(
    '%s, a shard without a report → exit code 1 and how much is missing; the rest is merged',
    async (format) => {
      const { files } = await whole(format, 2);
      const { exitCode, stdout, stderr } = await vhdx(['report', 'merge', files[0] ?? ''], { cwd });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^vhdx: \d+ of 15 images are in none of the reports: number \d+, /);
      expect(stdout).toContain('VHDX_');
    },
  );

  test('a shard twice → refused', async () => {
    const { files } = await whole('json', 2);
    const { exitCode, stderr } = await vhdx(['report', 'merge', ...files, files[0] ?? ''], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/image \d+ of 15 is in two of the reports/);
  });

  test('different forms, runs, or no report → refused', async () => {
    const { files } = await whole('json', 2);
    const { files: logs } = await whole('sarif', 2);
    writeFileSync(join(cwd, 'text'), 'disk.vhdx: clean\n');
    await vhdx(['check', '--format', 'json=other', '--shard', '1/1', 'missing.vhdx'], { cwd });
    for (const [names, words] of [
      [[files[0] ?? '', logs[0] ?? ''], 'of different forms: json and sarif'],
      [[files[0] ?? '', 'other'], 'of different runs'],
      [['text'], 'text is no report of vhdx check'],
      [['nowhere'], 'cannot read nowhere'],
    ] as const) {
      const { exitCode, stderr } = await vhdx(['report', 'merge', ...names], { cwd });
      expect(exitCode).toBe(1);
      expect(stderr).toContain(words);
    }
  });

  test('reports that are of no shards → one behind the other; --output takes them', async () => {
    for (const name of ['0', '3'])
      await vhdx(['check', `--format`, `json=one-${name}`, `images/${name}.vhdx`], { cwd });
    await vhdx(['report', 'merge', 'one-0', 'one-3', '--output', 'both'], { cwd });
    const { stdout } = await vhdx(['check', '--json', 'images/0.vhdx', 'images/3.vhdx'], { cwd });
    expect(readFileSync(join(cwd, 'both'), 'utf8')).toBe(stdout);
  });
});

test('one of 3 shards that scheduler variables name → the same images as by number', async () => {
  const env = { SLURM_ARRAY_TASK_ID: '6', SLURM_ARRAY_TASK_MIN: '5', SLURM_ARRAY_TASK_COUNT: '3' };
  const byName = await vhdx(['check', '--json', '--shard', 'auto', ...NAMES], { cwd, env });
  expect(byName).toEqual(await vhdx(['check', '--json', '--shard', '2/3', ...NAMES], { cwd }));
});
