/** What goes wrong in the middle of a run, in every form of the report: nothing is lost, and the run goes on. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { serve, type Visit } from '../support/http-server.js';
import { reportSchema, sarifSchema } from '../support/json-schema.js';
import { FIXTURE, fixtureBytes, temporaryDirectory } from './images.js';
import { lines, vhdx, type RunOptions } from './vhdx.js';

const cwd = temporaryDirectory();
const at = (name: string): string => join(cwd, name);
const FORMATS = ['text', 'json', 'ndjson', 'junit', 'sarif', 'github', 'markdown', 'html'];

interface Entry {
  readonly filename: string;
  readonly verdict: string;
  readonly code?: string;
}

/** Checks `images` with a report in each form; what each image came to, and the code of what could not be read. */
async function outcomes(
  images: readonly string[],
  words: readonly string[],
  options: RunOptions = {},
): Promise<readonly (readonly [string, string])[]> {
  const formats = FORMATS.flatMap((format) => ['--format', `${format}=out.${format}`]);
  const run = await vhdx(['check', ...formats, ...words, ...images], { cwd, ...options });
  const read = (format: string): string => readFileSync(at(`out.${format}`), 'utf8');
  const entries = JSON.parse(read('json')) as readonly Entry[];
  expect(reportSchema()(entries)).toEqual([]);
  expect(sarifSchema()(JSON.parse(read('sarif')))).toEqual([]);
  expect(lines(read('ndjson')).map((line) => JSON.parse(line) as unknown)).toEqual(entries);
  const unreadable = entries.filter(({ verdict }) => verdict === 'unreadable');
  const bad = entries.filter(({ verdict }) => verdict !== 'clean');
  expect([run.exitCode === 1, run.exitCode === 0]).toEqual([unreadable.length > 0, bad.length === 0]);
  expect(lines(run.stderr)).toHaveLength(bad.length);
  // Each form has each of them, with its code.
  for (const { code = '' } of unreadable) {
    for (const format of ['junit', 'sarif', 'html']) expect(read(format)).toContain(code);
    expect(read('markdown').replaceAll('\\', '')).toContain(code);
    if (unreadable.length <= 10) expect(read('github')).toContain(`title=${code}`);
  }
  const count = `${entries.length} images: `;
  for (const format of ['text', 'github', 'markdown', 'html']) expect(read(format)).toContain(count);
  expect(read('junit')).toContain(` errors="${unreadable.length}">`);
  return entries.map(({ verdict, code = '' }) => [verdict, code] as const);
}

const CLEAN = ['clean', ''] as const;
const IMAGES = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.vhdx`);

beforeEach(() => {
  for (const image of IMAGES) {
    rmSync(at(image), { force: true, recursive: true });
    copyFileSync(FIXTURE, at(image));
  }
});

describe('files', () => {
  /** Runs with a first image on a server that does something to the files before it answers. */
  async function after(change: () => void, jobs: string, options?: RunOptions) {
    const server = await serve({ bytes: fixtureBytes(), etag: '"1"' }, ({ number, honest }) => {
      if (number === 1) change();
      honest();
    });
    return outcomes([server.url, ...IMAGES], ['--jobs', jobs], options);
  }

  test('some vanish, are cut off, or become folders after they were found → items of the report', async () => {
    const found = await after(() => {
      rmSync(at('b.vhdx'));
      truncateSync(at('c.vhdx'), 100_000);
      rmSync(at('d.vhdx'));
      mkdirSync(at('d.vhdx'));
    }, '1');
    expect(found).toEqual([
      CLEAN,
      CLEAN,
      ['unreadable', 'VHDX_SOURCE_NOT_FOUND'],
      ['corrupt', ''],
      ['unreadable', 'VHDX_SOURCE_IS_DIRECTORY'],
      CLEAN,
    ]);
  });

  test.skipIf(process.getuid?.() !== 0)('one becomes unreadable → an item of the report', async () => {
    chmodSync(cwd, 0o777);
    const found = await after(() => chmodSync(at('c.vhdx'), 0), '1', { uid: 12_345 });
    expect(found[3]).toEqual(['unreadable', 'VHDX_SOURCE_NOT_PERMITTED']);
    expect(found.filter(([verdict]) => verdict === 'clean')).toHaveLength(5);
  });

  test('one is replaced while the run goes on → checked as it is by then', async () => {
    const found = await after(() => {
      writeFileSync(at('new'), 'no image');
      renameSync(at('new'), at('c.vhdx'));
    }, '1');
    expect(found.map(([verdict]) => verdict)).toEqual(['clean', 'clean', 'clean', 'not-vhdx', 'clean', 'clean']);
  });

  test.skipIf(process.platform !== 'linux')('one is cut off while it is read → an item of the report', async () => {
    // After the first bytes of b.vhdx have been read, by whatever call.
    const script = at('cut.cjs');
    writeFileSync(
      script,
      `const fs = require('node:fs');
for (const name of ['read', 'readSync']) {
  const real = fs[name];
  fs[name] = (fd, ...rest) => {
    const result = real(fd, ...rest);
    if (fs.readlinkSync('/proc/self/fd/' + fd).endsWith('/b.vhdx')) fs.truncateSync('b.vhdx', 70_000);
    return result;
  };
}`,
    );
    const found = await outcomes(IMAGES, ['--jobs', '1'], { env: { NODE_OPTIONS: `--require ${script}` } });
    expect(found).toEqual([CLEAN, ['unreadable', 'VHDX_SOURCE_SHORT_READ'], CLEAN, CLEAN, CLEAN]);
  });
});

describe('servers', () => {
  /** What each server does instead of an honest answer, from the second request for the image on. */
  const FAILURES: Readonly<Record<string, readonly [code: string, fail: (visit: Visit) => void]>> = {
    'answers 500': ['VHDX_SOURCE_UNAVAILABLE', ({ response }) => response.writeHead(500).end()],
    'answers 429': ['VHDX_SOURCE_UNAVAILABLE', ({ response }) => response.writeHead(429, { 'Retry-After': '0' }).end()],
    'breaks the connection': ['VHDX_SOURCE_UNAVAILABLE', ({ request }) => request.socket.destroy()],
    'breaks off in the middle': [
      'VHDX_SOURCE_UNAVAILABLE',
      ({ response, request, range }) => {
        const { start = 0, end = 1 } = range ?? {};
        const length = { 'Content-Range': `bytes ${start}-${end - 1}/${fixtureBytes().length}`, ETag: '"1"' };
        response.writeHead(206, { ...length, 'Content-Length': end - start });
        response.write(Buffer.alloc(10), () => request.socket.destroy());
      },
    ],
    'never answers': ['VHDX_SOURCE_UNAVAILABLE', () => undefined],
    'has another image': [
      'VHDX_SOURCE_CHANGED',
      ({ response }) => response.writeHead(200, { ETag: '"2"', 'Content-Length': 5 }).end('hello'),
    ],
    'has none any more': ['VHDX_SOURCE_NOT_FOUND', ({ response }) => response.writeHead(404).end()],
    'wants another token': ['VHDX_SOURCE_NOT_PERMITTED', ({ response }) => response.writeHead(403).end()],
  };

  test.each(['1', '4'])(
    'each fails in its way after the first answer, with %s jobs → items of the report',
    async (jobs) => {
      const kinds = Object.values(FAILURES);
      const urls: string[] = [];
      for (const [, fail] of kinds) {
        const server = await serve({ bytes: fixtureBytes(), etag: '"1"' }, (visit) => {
          if (visit.number === 1) visit.honest();
          else fail(visit);
        });
        urls.push(server.url);
      }
      const images = urls.flatMap((url, index) => [url, IMAGES[index % IMAGES.length] ?? '']);
      const found = await outcomes(images, ['--jobs', jobs, '--retries', '0', '--timeout', '1']);
      const first = images
        .map((image, index) => (images.indexOf(image) === index ? index : -1))
        .filter((index) => index >= 0);
      const expected = images.map((_image, index) =>
        index % 2 === 1 ? CLEAN : (['unreadable', kinds[index / 2]?.[0]] as const),
      );
      expect(found).toEqual(first.map((index) => expected[index]));
    },
  );

  test('a server that fails now and then → nothing of it in the report', async () => {
    const server = await serve({ bytes: fixtureBytes(), etag: '"1"' }, ({ number, response, request, honest }) => {
      if (number % 3 === 1) response.writeHead(503, { 'Retry-After': '0' }).end();
      else if (number % 3 === 2) request.socket.destroy();
      else honest();
    });
    expect(await outcomes([server.url, 'a.vhdx'], ['--retries', '3'])).toEqual([CLEAN, CLEAN]);
  });
});

describe('threads', () => {
  /** What a thread does that opens an image of this name; after it the thread is no more. */
  const script = at('end.cjs');
  beforeEach(() => {
    writeFileSync(
      script,
      `const fs = require('node:fs');
const { isMainThread } = require('node:worker_threads');
const act = (path) => {
  const name = String(path);
  if (isMainThread || !name.endsWith('.vhdx')) return;
  if (name.endsWith('b.vhdx')) process.exit(9);
  if (name.endsWith('c.vhdx')) for (const all = []; ; ) all.push(new Array(100_000).fill(0.5));
  if (name.endsWith('d.vhdx')) setImmediate(() => { throw new Error('lost'); });
  if (name.endsWith('e.vhdx') && !fs.existsSync('seen')) {
    fs.writeFileSync('seen', '');
    process.exit(9);
  }
};
for (const [home, name] of [[fs, 'openSync'], [fs.promises, 'open']]) {
  const real = home[name];
  home[name] = (path, ...rest) => {
    act(path);
    return real(path, ...rest);
  };
}`,
    );
    rmSync(at('seen'), { force: true });
  });

  const LOST = ['unreadable', 'INTERNAL_ERROR'] as const;

  // A thread with one image at a time reads without waiting: it has sent its result when the error comes.
  test.each([
    ['1', CLEAN],
    ['2', CLEAN],
    ['5', LOST],
  ])(
    'some end by exit, out of memory, by an error, once only, with %s jobs → what ended a thread twice is an item of the report',
    async (jobs, byError) => {
      const env = { NODE_OPTIONS: `--require ${script} --max-old-space-size=64` };
      const found = await outcomes(IMAGES, ['--jobs', jobs], { env });
      expect(found).toEqual([CLEAN, LOST, LOST, byError, CLEAN]);
      const text = readFileSync(at('out.json'), 'utf8');
      expect(text).toContain('ended twice: exit code 9');
      expect(text).toContain('out of memory');
    },
  );
});

test('shares of a run in which images fail → merged as the whole', async () => {
  appendFileSync(at('a.vhdx'), '');
  const images = [...IMAGES, 'missing-1.vhdx', 'missing-2.vhdx'];
  for (const format of ['json', 'ndjson', 'junit', 'sarif']) {
    const words = ['check', '--no-times', '--format', format];
    const whole = await vhdx([...words, ...images], { cwd });
    for (const shard of ['1', '2', '3']) {
      await vhdx([...words, '--output', `part-${shard}`, '--shard', `${shard}/3`, ...images], { cwd });
    }
    const merged = await vhdx(['report', 'merge', 'part-1', 'part-2', 'part-3'], { cwd });
    expect(merged.stdout).toBe(whole.stdout);
  }
});
