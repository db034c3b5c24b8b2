/** Reports in files, several at once, and in the forms that other tests do not look at. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { damagedHeaders, FIXTURE, temporaryDirectory, withBatEntries, batEntry } from './images.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');

beforeAll(() => {
  mkdirSync(join(cwd, 'images'));
  copyFileSync(FIXTURE, join(cwd, 'images/clean.vhdx'));
  writeFileSync(join(cwd, 'images/attention.vhdx'), damagedHeaders(0));
  writeFileSync(join(cwd, 'images/corrupt.vhdx'), withBatEntries([batEntry(6, 8), batEntry(6, 8), batEntry(6, 8)]));
  writeFileSync(join(cwd, 'images/foreign.vhdx'), 'no image');
  writeFileSync(join(cwd, 'images/<script>alert(1)&.vhdx'), 'no image');
});

describe('files', () => {
  test('several formats → each in its place, the same as alone', async () => {
    const words = ['check', '--no-times', '--format', 'json=a.json', '--format', 'junit=a.xml', '--format', 'ndjson'];
    const all = await vhdx([...words, 'images', 'missing.vhdx'], { cwd });
    expect(all.exitCode).toBe(1);
    for (const [format, text] of [
      ['json', read('a.json')],
      ['junit', read('a.xml')],
      ['ndjson', all.stdout],
    ] as const) {
      const alone = await vhdx(['check', '--no-times', '--format', format, 'images', 'missing.vhdx'], { cwd });
      expect(text).toBe(alone.stdout);
      expect(alone.exitCode).toBe(1);
    }
  });

  test('--output → nothing on standard output, the report in the file', async () => {
    const { stdout, exitCode } = await vhdx(['check', '--output', 'out.txt', 'images/clean.vhdx'], { cwd });
    expect([stdout, exitCode]).toEqual(['', 0]);
    expect(read('out.txt')).toContain('images/clean.vhdx: clean');
  });

  test.each([
    ['-o', '-'],
    ['--format', 'text=-'],
  ])('%s %s → standard output', async (...words) => {
    const { stdout } = await vhdx(['check', ...words, 'images/clean.vhdx'], { cwd });
    expect(stdout).toContain('images/clean.vhdx: clean');
    expect(existsSync(join(cwd, '-'))).toBe(false);
  });

  test('--quiet → a report in a file all the same', async () => {
    await vhdx(['check', '--quiet', '--output', 'quiet.txt', 'images/clean.vhdx'], { cwd });
    expect(read('quiet.txt')).toContain('images/clean.vhdx: clean');
  });

  test('--output=json → as qemu-img has it; ./json is a file', async () => {
    expect(JSON.parse((await vhdx(['check', '--output=json', FIXTURE], { cwd })).stdout)).toMatchObject({
      verdict: 'clean',
    });
    await vhdx(['check', '--output=./json', FIXTURE], { cwd });
    expect(read('json')).toContain('clean');
  });

  test('a file that cannot be written → said before any image is checked; other files stay as they were', async () => {
    writeFileSync(join(cwd, 'kept.json'), 'before');
    const words = ['check', '--format', 'json=kept.json', '--format', 'sarif=nowhere/a.sarif', 'images'];
    const { exitCode, stdout, stderr } = await vhdx(words, { cwd });
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^vhdx: cannot write nowhere\/a\.sarif: ENOENT/);
    expect(lines(stderr)).toHaveLength(1);
    expect(read('kept.json')).toBe('before');
    expect(readdirSync(cwd).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('two reports for standard output → refused', async () => {
    const { exitCode, stderr } = await vhdx(['check', '--format', 'json', '--format', 'sarif', FIXTURE], { cwd });
    expect([exitCode, lines(stderr).length]).toEqual([1, 1]);
    expect(existsSync(join(cwd, 'json=undefined'))).toBe(false);
  });
});

describe('forms', () => {
  test('ndjson → the entries of JSON, one a line', async () => {
    const { stdout } = await vhdx(['check', '--format', 'ndjson', 'images'], { cwd });
    const { stdout: whole } = await vhdx(['check', '--format', 'json', 'images'], { cwd });
    expect(lines(stdout).map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(whole));
  });

  test('json of many images → in the form of JSON.stringify', async () => {
    const { stdout } = await vhdx(['check', '--format', 'json', 'images'], { cwd });
    expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout), undefined, 2)}\n`);
  });

  test('html → every image and code, names escaped, neither a script nor anything that is fetched', async () => {
    const { stdout } = await vhdx(['check', '--format', 'html', 'images'], { cwd });
    expect(stdout).toMatch(/^<!DOCTYPE html>\n/);
    for (const name of readdirSync(join(cwd, 'images'))) {
      const shown = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      expect(stdout).toContain(`<summary>images/${shown}: `);
    }
    for (const code of ['VHDX_HEADER_CHECKSUM_MISMATCH', 'VHDX_BAT_BLOCK_OVERLAP', 'VHDX_SIGNATURE_MISMATCH']) {
      expect(stdout).toContain(code);
    }
    expect(stdout).not.toMatch(/<script|<link|src=|url\(/i);
    const count = (tag: string): readonly number[] =>
      [`<${tag}[ >]`, `</${tag}>`].map((form) => [...stdout.matchAll(new RegExp(form, 'g'))].length);
    for (const tag of ['details', 'summary', 'table', 'tr', 'td', 'p']) expect(count(tag)[0]).toBe(count(tag)[1]);
  });

  test('markdown → images with something to do, and the number of all', async () => {
    const { stdout } = await vhdx(['check', '--format', 'markdown', '--exclude', '*script*', 'images'], { cwd });
    expect(stdout).toContain('4 images: 1 clean, 1 needs attention, 1 corrupt, 1 not a VHDX\n');
    expect(stdout).toContain('### images/attention.vhdx: needs attention\n');
    expect(stdout).not.toMatch(/^\| info /m);
  });

  test('markdown, clean images with warnings → told together; each by itself where they make the check fail', async () => {
    copyFileSync(FIXTURE, join(cwd, 'images/clean-2.vhdx'));
    const run = (...words: readonly string[]) =>
      vhdx(['check', '--format', 'markdown', ...words, 'images/clean.vhdx', 'images/clean-2.vhdx'], { cwd });
    const { stdout } = await run();
    expect(stdout).toContain('### Clean images with warnings\n');
    expect(stdout.replaceAll('\\', '')).toContain('| C13 VHDX_REGION_NOT_REQUIRED | 2 | images/clean.vhdx | The field');
    expect(stdout).not.toContain('### images/');
    expect((await run('--fail-on', 'warning')).stdout).toContain('### images/clean-2.vhdx: clean\n');
    rmSync(join(cwd, 'images/clean-2.vhdx'));
  });

  test('html, clean and damaged images → the damaged ones first', async () => {
    const { stdout } = await vhdx(['check', '--format', 'html', '--exclude', '*script*', 'images'], { cwd });
    const names = Array.from(stdout.matchAll(/<summary>images\/(\w+)\./g), ([, name]) => name);
    expect(names).toEqual(['attention', 'corrupt', 'foreign', 'clean']);
    expect(stdout).toMatch(/<h2>Not clean<\/h2>[^]*<h2>Clean<\/h2>/);
  });
});

describe('--max-findings', () => {
  test.each([0, 1, 2])('%i → no more are listed, the worst ones; the rest is counted', async (most) => {
    interface Entry {
      readonly verdict: string;
      readonly findings: readonly { readonly severity: string }[];
      readonly omitted?: readonly { readonly count: number }[];
    }
    const entry = async (...more: readonly string[]): Promise<Entry> =>
      JSON.parse((await vhdx(['check', '--json', ...more, 'images/corrupt.vhdx'], { cwd })).stdout) as Entry;
    const all = await entry();
    const few = await entry('--max-findings', String(most));
    expect(few.verdict).toBe(all.verdict);
    expect(few.findings).toHaveLength(most);
    expect(few.findings.every(({ severity }) => severity === 'error')).toBe(true);
    const omitted = (few.omitted ?? []).reduce((sum, { count }) => sum + count, 0);
    expect(omitted).toBe(all.findings.length - most);
  });

  test('the exit code and the reason → of all findings', async () => {
    const { exitCode, stderr } = await vhdx(['check', '--max-findings', '0', 'images/corrupt.vhdx'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('VHDX_BAT_BLOCK_OVERLAP');
  });
});

describe('--fail-on none', () => {
  test('whatever is found → 0, and nothing on standard error', async () => {
    const { exitCode, stderr } = await vhdx(['check', '--fail-on', 'none', 'images'], { cwd });
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  test('an image that cannot be read → 1', async () => {
    expect((await vhdx(['check', '--fail-on', 'none', 'missing.vhdx'], { cwd })).exitCode).toBe(1);
  });
});
