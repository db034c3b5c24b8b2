/** `vhdx check --cache`: what is skipped, what is not, and what becomes of a file that is no cache. */
import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { serve } from '../../support/http-server.js';
import { reportSchema, sarifSchema } from '../../support/json-schema.js';
import { writeChild, writeParent } from '../chains.js';
import { batEntry, damagedHeaders, FIXTURE, fixtureBytes, temporaryDirectory, withBatEntries } from '../images.js';
import { lines, type Run, vhdx } from '../vhdx.js';

const cwd = temporaryDirectory();
const at = (name: string): string => join(cwd, name);

interface Entry {
  readonly filename: string;
  readonly verdict: string;
  readonly unchanged?: true;
  readonly findings: readonly unknown[];
}

async function checked(...words: readonly string[]): Promise<Run & { readonly entries: readonly Entry[] }> {
  const run = await vhdx(['check', '--format', 'json', ...words], { cwd });
  const value = run.stdout === '' ? [] : (JSON.parse(run.stdout) as Entry | readonly Entry[]);
  return { ...run, entries: [value].flat() };
}

/** The names of the images that were skipped. */
async function skipped(...words: readonly string[]): Promise<readonly string[]> {
  return (await checked('--cache', 'cache', ...words)).entries
    .filter(({ unchanged }) => unchanged === true)
    .map(({ filename }) => filename);
}

beforeEach(() => {
  for (const name of readdirSync(cwd)) rmSync(at(name), { recursive: true });
  mkdirSync(at('images'));
  copyFileSync(FIXTURE, at('images/a.vhdx'));
  copyFileSync(FIXTURE, at('images/b.vhdx'));
  writeFileSync(at('images/damaged.vhdx'), damagedHeaders(0));
  writeFileSync(at('images/foreign.vhdx'), 'no image');
});

describe('what is skipped', () => {
  test('clean images, the second time → skipped, their reports and the exit code as before', async () => {
    const first = await checked('--cache', 'cache', 'images', 'missing.vhdx');
    const second = await checked('--cache', 'cache', 'images', 'missing.vhdx');
    expect(first.entries.map(({ unchanged }) => unchanged)).toEqual(Array.from({ length: 5 }, () => undefined));
    expect(second.entries.map(({ unchanged }) => unchanged)).toEqual([true, true, undefined, undefined, undefined]);
    expect(second.entries.map(({ unchanged: _skipped, ...rest }) => rest)).toEqual(first.entries);
    expect([second.exitCode, second.stderr]).toEqual([first.exitCode, first.stderr]);
    expect(reportSchema()(JSON.parse(second.stdout))).toEqual([]);
  });

  test.each([
    ['--jobs 3', ['--jobs', '3', 'images']],
    ['--from-file', ['--from-file', 'list']],
    ['other options of the report', ['--fail-on', 'none', '--max-findings', '0', 'images']],
    ['the same names in another way', [at('images')]],
  ])('with %s → skipped too', async (_name, words) => {
    writeFileSync(at('list'), 'images/b.vhdx\nimages/a.vhdx\n');
    await skipped('images');
    expect((await skipped(...words)).map((name) => name.slice(-6)).toSorted()).toEqual(['a.vhdx', 'b.vhdx']);
  });

  test('images and cache moved together → skipped, as far as the file system keeps their times', async () => {
    await checked('--cache', 'images/cache', 'images');
    renameSync(at('images'), at('moved'));
    const { entries } = await checked('--cache', 'moved/cache', 'moved');
    expect(entries.filter(({ unchanged }) => unchanged === true)).toHaveLength(2);
  });

  test.each([
    ['text', '4 images: 2 clean, 1 needs attention, 1 not a VHDX; 2 unchanged since an earlier check\n'],
    ['markdown', '2 unchanged since an earlier check'],
    ['github', '2 unchanged since an earlier check'],
    ['html', '2 unchanged since an earlier check</p>'],
    ['junit', '<property name="unchanged" value="true"/>'],
    ['sarif', '"unchanged": true'],
    ['ndjson', '"unchanged":true'],
  ])('%s → says what was skipped', async (format, words) => {
    await skipped('images');
    const { stdout } = await vhdx(['check', '--cache', 'cache', '--format', format, 'images'], { cwd });
    expect(stdout).toContain(words);
    if (format === 'sarif') expect(sarifSchema()(JSON.parse(stdout))).toEqual([]);
  });

  test('shares with one cache → their reports merged are that of the whole with it', async () => {
    const all = ['images'];
    await Promise.all(['1/3', '2/3', '3/3'].map((shard) => checked('--cache', 'cache', '--shard', shard, ...all)));
    // Several processes may write at once: what one of them misses is checked again, and known then.
    for (const shard of ['1/3', '2/3', '3/3']) await checked('--cache', 'cache', '--shard', shard, ...all);
    for (const format of ['json', 'sarif', 'junit']) {
      const reports = ['1', '2', '3'].map((shard) => `${format}-${shard}`);
      const words = ['check', '--cache', 'cache', '--no-times', '--format'];
      for (const [index, report] of reports.entries())
        await vhdx([...words, `${format}=${report}`, '--shard', `${index + 1}/3`, ...all], { cwd });
      const whole = await vhdx([...words, format, ...all], { cwd });
      const merged = await vhdx(['report', 'merge', ...reports], { cwd });
      expect(merged.stdout).toBe(whole.stdout);
      expect(whole.stdout).toContain('unchanged');
    }
  });
});

describe('what is checked again', () => {
  test.each<readonly [string, (path: string) => void]>([
    ['a byte is changed', (path) => writeFileSync(path, damagedHeaders(1))],
    [
      'a block is damaged, and the time of change is set back',
      (path) => {
        const { atime, mtime } = statSync(path);
        writeFileSync(path, withBatEntries([batEntry(6, 8), batEntry(6, 8)]));
        utimesSync(path, atime, mtime);
      },
    ],
    ['it is cut off', (path) => truncateSync(path, 3 * 1024 * 1024)],
    [
      'another file takes its name',
      (path) => {
        writeFileSync(`${path}.new`, withBatEntries([batEntry(6, 8), batEntry(6, 8)]));
        const { atime, mtime } = statSync(path);
        utimesSync(`${path}.new`, atime, mtime);
        renameSync(`${path}.new`, path);
      },
    ],
  ])('%s → checked, and not clean any more', async (_name, change) => {
    await skipped('images');
    change(at('images/a.vhdx'));
    const { entries } = await checked('--cache', 'cache', 'images');
    expect(entries[0]).not.toHaveProperty('unchanged');
    const { stdout } = await vhdx(['check', '--format', 'json', 'images'], { cwd });
    expect(entries.map(({ unchanged: _skipped, ...rest }) => rest)).toEqual(JSON.parse(stdout));
    expect(await skipped('images')).not.toContain('images/a.vhdx');
  });

  test('times of now, as of an image that is being written → not remembered', async () => {
    const soon = new Date(Date.now() + 60_000);
    utimesSync(at('images/a.vhdx'), soon, soon);
    await skipped('images');
    expect(await skipped('images')).toEqual(['images/b.vhdx']);
  });

  test('other profiles or parents → checked, and both are remembered', async () => {
    await skipped('images');
    expect(await skipped('--profile', 'wsl', 'images')).toEqual([]);
    expect(await skipped('--chain', 'images')).toEqual([]);
    expect(await skipped('images')).toHaveLength(2);
    expect(await skipped('--chain', 'images')).toHaveLength(2);
  });

  test('a damaged image that was repaired by hand → checked, then remembered', async () => {
    await skipped('images');
    copyFileSync(FIXTURE, at('images/damaged.vhdx'));
    expect(await skipped('images')).toHaveLength(2);
    expect(await skipped('images')).toHaveLength(3);
  });
});

describe('chains', () => {
  beforeEach(() => {
    writeParent(at('parent.vhdx'));
    writeChild(at('child.avhdx'), [['relative_path', '.\\parent.vhdx']]);
  });

  test('neither image has changed → skipped, its parents in the report', async () => {
    expect(await skipped('--chain', 'child.avhdx')).toEqual([]);
    const { entries } = await checked('--cache', 'cache', '--chain', 'child.avhdx');
    expect(entries).toMatchObject([{ unchanged: true, parents: [{ filename: at('parent.vhdx'), verdict: 'clean' }] }]);
  });

  test.each<readonly [string, () => void]>([
    ['has changed', () => utimesSync(at('parent.vhdx'), 1, 1)],
    ['is gone', () => rmSync(at('parent.vhdx'))],
    ['is another one', () => writeFileSync(at('parent.vhdx'), fixtureBytes())],
  ])('the parent %s → checked', async (_name, change) => {
    await skipped('--chain', 'child.avhdx');
    change();
    const { entries } = await checked('--cache', 'cache', '--chain', 'child.avhdx');
    const { stdout } = await vhdx(['check', '--format', 'json', '--chain', 'child.avhdx'], { cwd });
    expect(entries).toEqual([JSON.parse(stdout)]);
  });
});

describe('images on servers', () => {
  test('the same ETag, another signature → one request, skipped; another ETag → checked', async () => {
    const server = await serve({ bytes: fixtureBytes(), etag: '"1"' });
    const url = (signature: number): string => `${server.url}?versionId=3&X-Amz-Signature=${signature}&X-Amz-Date=x`;
    expect(await skipped(url(1))).toEqual([]);
    const before = server.requests.length;
    expect(await skipped(url(2))).toHaveLength(1);
    expect(server.requests.length - before).toBe(1);
    expect(await skipped(url(2).replace('versionId=3', 'versionId=4'))).toEqual([]);
    server.served.etag = '"2"';
    expect(await skipped(url(3))).toEqual([]);
    expect(readFileSync(at('cache'), 'utf8')).not.toMatch(/Amz|127\.0\.0\.1/);
  });

  test.each([
    ['no ETag and no date', undefined, undefined],
    ['a weak ETag', 'W/"1"', undefined],
    ['a date of now', undefined, new Date(Date.now() + 600_000).toUTCString()],
  ])('%s → checked each time', async (_name, etag, lastModified) => {
    const server = await serve({ bytes: fixtureBytes(), etag, lastModified });
    await skipped(server.url);
    expect(await skipped(server.url)).toEqual([]);
  });

  test('a date long past → skipped', async () => {
    const server = await serve({ bytes: fixtureBytes(), lastModified: new Date(1e12).toUTCString() });
    await skipped(server.url);
    expect(await skipped(server.url)).toHaveLength(1);
  });

  test('an image that cannot be reached for a while → still known', async () => {
    const server = await serve({ bytes: fixtureBytes(), etag: '"1"' }, ({ response, honest }) => {
      if (isAway) response.writeHead(500).end();
      else honest();
    });
    let isAway = false;
    await skipped(server.url);
    isAway = true;
    expect((await checked('--cache', 'cache', '--retries', '0', server.url)).exitCode).toBe(1);
    isAway = false;
    expect(await skipped(server.url)).toHaveLength(1);
  });
});

describe('findings that a team lives with', () => {
  test('the rules have changed → skipped, and judged by the new ones', async () => {
    await skipped('images/a.vhdx');
    writeFileSync(at('vhdx.config.json'), JSON.stringify({ rules: { VHDX_REGION_NOT_REQUIRED: 'error' } }));
    // The configuration has more findings listed, so the entry is another one.
    await skipped('images/a.vhdx');
    writeFileSync(at('vhdx.config.json'), JSON.stringify({ rules: { VHDX_REGION_NOT_REQUIRED: 'refuse-write' } }));
    const { entries, exitCode } = await checked('--cache', 'cache', 'images/a.vhdx');
    expect(entries).toMatchObject([{ verdict: 'needs-attention', unchanged: true }]);
    expect(exitCode).toBe(3);
  });

  test('a baseline → what is known of a skipped image is not gone', async () => {
    const words = ['--baseline', 'baseline.json', '--cache', 'cache', '--fail-on', 'warning', 'images/a.vhdx'];
    await checked('--update-baseline', ...words);
    await checked(...words);
    const { exitCode, stderr, entries } = await checked(...words);
    expect([exitCode, stderr, entries[0]?.unchanged]).toEqual([0, '', true]);
  });

  test('a cache in the configuration → used, from its folder on; --no-cache and --repair → not', async () => {
    writeFileSync(at('vhdx.config.json'), JSON.stringify({ cache: 'images/cache' }));
    const run = (...words: readonly string[]) =>
      vhdx(['check', '--format', 'ndjson', ...words, 'a.vhdx'], { cwd: at('images') });
    await run();
    expect(existsSync(at('images/cache'))).toBe(true);
    expect((await run()).stdout).toContain('"unchanged"');
    expect((await run('--no-cache')).stdout).not.toContain('"unchanged"');
    expect((await run('--repair')).stdout).not.toContain('"unchanged"');
  });
});

/** The cache with its first entry changed and the digest made anew, as an attacker would. */
function forged(change: (entry: string) => string): string {
  const [, ...entries] = readFileSync(at('cache'), 'utf8').split('\n');
  const body = entries.map((entry) => entry.replace(/\{.*\}$/s, change)).join('\n');
  return `vhdx check cache 1 ${createHash('sha256').update(body).digest('hex')}\n${body}`;
}

describe('a file that cannot be used', () => {
  test.each<readonly [string, (text: string) => string]>([
    ['cut off', (text) => text.slice(0, -10)],
    ['without its end of the first line', (text) => text.slice(0, 40)],
    ['with a bit changed', (text) => text.replace('"clean"', '"claan"').replace('"info"', '"error"')],
    ['with a line added', (text) => `${text}x\n`],
    ['of another version', (text) => text.replace('cache 1 ', 'cache 1 0')],
  ])('%s → said, all is checked, and it is replaced', async (_name, damage) => {
    await skipped('images');
    writeFileSync(at('cache'), damage(readFileSync(at('cache'), 'utf8')));
    const { entries, stderr } = await checked('--cache', 'cache', 'images');
    expect(lines(stderr)[0]).toBe('vhdx: cache: the cache is not used: it is damaged; it is replaced');
    expect(entries.some(({ unchanged }) => unchanged === true)).toBe(false);
    expect(await skipped('images')).toHaveLength(2);
  });

  test.each(['some text', '{}', '\0'.repeat(100), 'vhdxfile'])(
    '%j, no cache → said, and left as it is',
    async (text) => {
      writeFileSync(at('cache'), text);
      const { entries, stderr, exitCode } = await checked('--cache', 'cache', 'images/a.vhdx');
      expect(stderr).toBe('vhdx: cache: the cache is not used: it is no cache of vhdx check; it is left as it is\n');
      expect([exitCode, entries[0]?.verdict, entries[0]?.unchanged]).toEqual([0, 'clean', undefined]);
      expect(readFileSync(at('cache'), 'utf8')).toBe(text);
    },
  );

  test('an empty file → a new cache', async () => {
    writeFileSync(at('cache'), '');
    expect((await checked('--cache', 'cache', 'images/a.vhdx')).stderr).toBe('');
    expect(await skipped('images/a.vhdx')).toHaveLength(1);
  });

  test.each([
    [
      'a group that is an error',
      (entry: string) => entry.replace('"severity":"warning","count"', '"severity":"error","count"'),
    ],
    ['a code that there is not', (entry: string) => entry.replaceAll('VHDX_REGION_NOT_REQUIRED', 'VHDX_X')],
    ['a number that is none', (entry: string) => entry.replace('"count":2', '"count":-2')],
    ['no report', () => '{"identity":["x"]}'],
    ['no JSON', () => '{x}'],
    ['a great depth', () => `{"identity":${'['.repeat(50_000)}}`],
    ['a member of the prototype', () => '{"__proto__":{"identity":[],"report":{}}}'],
  ])('an entry with %s and the right digest → checked', async (_name, change) => {
    await skipped('images/a.vhdx');
    writeFileSync(at('cache'), forged(change));
    const { entries, exitCode, stderr } = await checked('--cache', 'cache', 'images/a.vhdx');
    expect([exitCode, stderr, entries[0]?.verdict, entries[0]?.unchanged]).toEqual([0, '', 'clean', undefined]);
    expect(await skipped('images/a.vhdx')).toHaveLength(1);
  });

  test('text of a forged entry → harmless where it is printed', async () => {
    await skipped('images/a.vhdx');
    writeFileSync(
      at('cache'),
      forged((entry) => entry.replaceAll(/"message":"/g, '"message":"\\u001b[31m::error::x')),
    );
    const { stdout } = await vhdx(['check', '--cache', 'cache', 'images/a.vhdx'], { cwd });
    expect(stdout).toContain(String.raw`\u{1b}[31m:`);
    expect(stdout).not.toContain('\u001b');
  });

  test.skipIf(process.getuid?.() !== 0)('of another user → said, and not used', async () => {
    chownSync(cwd, 12_345, 12_345);
    writeFileSync(at('cache'), '');
    const run = () => vhdx(['check', '--json', '--cache', 'cache', 'images/a.vhdx'], { cwd, uid: 12_345 });
    chownSync(at('cache'), 12_346, 12_346);
    expect((await run()).stderr).toBe(
      'vhdx: cache: the cache is not used: it belongs to another user; it is left as it is\n',
    );
    rmSync(at('cache'));
    await run();
    expect((await run()).stdout).toContain('"unchanged": true');
  });

  test('a name that there can be no file of → refused before anything is checked', async () => {
    for (const name of ['images', 'nowhere/cache', '/dev/null']) {
      const { exitCode, stdout, stderr } = await checked('--cache', name, 'images');
      expect([exitCode, stdout, lines(stderr).length]).toEqual([1, '', 1]);
    }
    expect((await checked('--cache', 'cache', '--repair', 'images/a.vhdx')).exitCode).toBe(1);
    expect((await checked('--format', 'sarif=cache', '--cache', './cache', 'images/a.vhdx')).exitCode).toBe(1);
    expect(readdirSync(cwd)).toEqual(['images']);
  });

  test('a folder that cannot be written to → said, and the exit code that of the check', async () => {
    const { exitCode, stderr } = await checked('--cache', '/proc/cache', 'images/a.vhdx');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('cannot write /proc/cache');
    expect(dirname('/proc/cache')).toBe('/proc');
  });
});
