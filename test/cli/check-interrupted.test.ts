/** A check of many images that is ended by a signal: what it knows by then is kept, and nothing is half-written. */
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../support/http-server.js';
import { FIXTURE, fixtureBytes, temporaryDirectory } from './images.js';
import { lines, PROGRAM, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const IMAGES = ['a.vhdx', 'b.vhdx'];

/** A folder with two images, and the address of a third one whose server never answers. */
async function makeRun(name: string): Promise<{ readonly folder: string; readonly url: string }> {
  const folder = join(cwd, name);
  mkdirSync(folder);
  for (const image of IMAGES) copyFileSync(FIXTURE, join(folder, image));
  const server = await serve({ bytes: fixtureBytes() }, () => undefined);
  return { folder, url: server.url };
}

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a check, and sends `signal` as soon as its output has `mark`. */
async function interrupted(
  folder: string,
  words: readonly string[],
  { signal, mark }: { readonly signal: NodeJS.Signals; readonly mark: string },
): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, 'check', ...words], { cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (stdout.includes(mark)) child.kill(signal);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => {
    child.on('close', (_code, by) => resolve({ signal: by, stdout, stderr }));
  });
}

describe.skipIf(process.platform === 'win32')('a signal in the middle', () => {
  test.each([
    ['SIGINT', '1'],
    ['SIGTERM', '3'],
    ['SIGHUP', '64'],
  ] as const)(
    '%s with --jobs %s → ends by it, with what is known in the cache and no file half-written',
    async (signal, jobs) => {
      const { folder, url } = await makeRun(signal);
      writeFileSync(join(folder, 'old.sarif'), 'of an earlier run');
      const files = ['--format', 'sarif=old.sarif', '--format', 'json=new.json', '--cache', 'cache'];
      const words = ['--jobs', jobs, '--format', 'ndjson', ...files, ...IMAGES, url, 'missing.vhdx'];
      const run = await interrupted(folder, words, { signal, mark: 'b.vhdx' });
      expect(run.signal).toBe(signal);
      expect(run.stderr).toBe(`vhdx: interrupted by ${signal}: 2 of 4 images were checked\n`);
      expect(lines(run.stdout).map((line) => (JSON.parse(line) as { filename: string }).filename)).toEqual(IMAGES);
      // Times that are as recent as these are not relied on, so there may be nothing to remember.
      const made = readdirSync(folder).filter((name) => name !== 'cache');
      expect(made.toSorted()).toEqual([...IMAGES, 'old.sarif']);
      expect(readFileSync(join(folder, 'old.sarif'), 'utf8')).toBe('of an earlier run');
      expect(existsSync(join(folder, 'cache'))).toBe(true);
      const next = await vhdx(['check', '--cache', 'cache', ...IMAGES], { cwd: folder });
      expect(next.stdout).toContain('2 unchanged since an earlier check');
    },
  );

  test('text and JSON on standard output → an end that says so, and a list that can be read', async () => {
    const { folder, url } = await makeRun('forms');
    const how = { signal: 'SIGINT', mark: 'b.vhdx' } as const;
    const text = await interrupted(folder, [...IMAGES, url], how);
    expect(lines(text.stdout).slice(-2)).toEqual([
      '2 images: 2 clean',
      'Interrupted by SIGINT: 2 of 3 images were checked.',
    ]);
    const json = await interrupted(folder, ['--json', ...IMAGES, url], how);
    expect((JSON.parse(json.stdout) as readonly unknown[]).length).toBe(2);
  });
});

test.skipIf(process.platform === 'win32')(
  'killed, then run again → what was unfinished is removed and named, and what another report has is left',
  async () => {
    const { folder, url } = await makeRun('killed');
    const drafts = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.part'));
    const words = ['--format', 'ndjson', '--format', 'json=new.json', '--format', 'sarif=other.sarif'];
    const run = await interrupted(folder, [...words, ...IMAGES, url], { signal: 'SIGKILL', mark: 'b.vhdx' });
    expect([run.signal, drafts().length]).toEqual(['SIGKILL', 2]);
    const { stderr } = await vhdx(['check', '--format', 'json=new.json', ...IMAGES], { cwd: folder });
    expect(stderr).toMatch(
      /^vhdx: new\.json: removed \.vhdx-[0-9a-z-]+\.part, which a run that was killed had left\n$/,
    );
    expect(drafts()).toHaveLength(1);
  },
);

test.skipIf(process.platform === 'win32')(
  'a signal while report merge writes → ends by it, with the old report or the new one and nothing unfinished',
  async () => {
    const { folder } = await makeRun('merge');
    const cut = join(cwd, 'cut.cjs');
    writeFileSync(
      cut,
      `const files = require('node:fs/promises');
const { open } = files;
files.open = async (path, ...rest) => {
  const handle = await open(path, ...rest);
  if (String(path).endsWith('.part')) process.kill(process.pid, 'SIGTERM');
  return handle;
};`,
    );
    await vhdx(['check', '--format', 'ndjson=part.ndjson', ...IMAGES], { cwd: folder });
    writeFileSync(join(folder, 'all.ndjson'), 'old');
    const words = ['report', 'merge', 'part.ndjson', '--output', 'all.ndjson'];
    const child = spawn(process.execPath, ['--require', cut, PROGRAM, ...words], { cwd: folder });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const signal = await new Promise((resolve) => {
      child.on('close', (_code, by) => resolve(by));
    });
    expect([signal, stderr]).toEqual(['SIGTERM', 'vhdx: interrupted by SIGTERM\n']);
    expect(readdirSync(folder).toSorted()).toEqual([...IMAGES, 'all.ndjson', 'part.ndjson'].toSorted());
    expect(['old', readFileSync(join(folder, 'part.ndjson'), 'utf8')]).toContain(
      readFileSync(join(folder, 'all.ndjson'), 'utf8'),
    );
  },
);

test.skipIf(process.platform === 'win32')(
  'a report at the end of a link → the file is replaced, not the link',
  async () => {
    const { folder } = await makeRun('link');
    const target = join(cwd, 'kept.json');
    writeFileSync(target, 'old');
    symlinkSync(target, join(folder, 'link.json'));
    expect((await vhdx(['check', '--format', 'json=link.json', 'a.vhdx'], { cwd: folder })).exitCode).toBe(0);
    expect(lstatSync(join(folder, 'link.json')).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(target, 'utf8'))).toMatchObject({ verdict: 'clean' });
  },
);

test('a report whose name has no room for more letters → written', async () => {
  const { folder } = await makeRun('long');
  const name = `${'n'.repeat(250)}.json`;
  expect((await vhdx(['check', '--format', `json=${name}`, 'a.vhdx'], { cwd: folder })).exitCode).toBe(0);
  expect(readdirSync(folder).toSorted()).toEqual([...IMAGES, name]);
});
