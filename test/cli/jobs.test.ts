/** Many images in several threads. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { serve } from '../support/http-server.js';
import { damagedHeaders, FIXTURE, fixtureBytes, temporaryDirectory } from './images.js';
import { vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

beforeAll(() => {
  mkdirSync(join(cwd, 'images'));
  for (let index = 0; index < 40; index += 1) {
    const file = join(cwd, 'images', `${index}.vhdx`);
    if (index % 5 === 0) writeFileSync(file, damagedHeaders(0));
    else if (index % 7 === 0) writeFileSync(file, 'no image');
    else copyFileSync(FIXTURE, file);
  }
});

test.each(['text', 'json', 'junit', 'sarif', 'ndjson', 'html'])(
  '%s with 2 or 7 jobs → the same as with one',
  async (format) => {
    const run = (jobs: number) =>
      vhdx(['check', '--no-times', '--format', format, '--jobs', String(jobs), 'images', 'missing.vhdx'], { cwd });
    const [one, two, seven] = [await run(1), await run(2), await run(7)];
    expect(one.exitCode).toBe(1);
    expect(two).toEqual(one);
    expect(seven).toEqual(one);
  },
);

test('as many images as are worth threads, without --jobs → the same, too', async () => {
  const words = ['check', '--json', 'images'];
  expect(await vhdx(words, { cwd })).toEqual(await vhdx([...words, '--jobs', '1'], { cwd }));
});

test('images on a server that fails for some → items of the report in their order', async () => {
  const server = await serve({ bytes: fixtureBytes(), etag: '"1"' }, ({ request, response, honest }) => {
    if (request.url?.includes('bad') === true) response.writeHead(500).end();
    else if (request.url?.includes('gone') === true) response.writeHead(404).end();
    else honest();
  });
  const kinds = Array.from({ length: 24 }, (_, index) => ['good', 'bad', 'gone'][index % 3] ?? '');
  const urls = kinds.map((kind, index) => `${server.url}?${kind}${index}`);
  const list = join(cwd, 'list');
  writeFileSync(list, urls.join('\n'));
  const words = ['check', '--json', '--retries', '0', '--jobs', '8', '--from-file', list];
  const { exitCode, stdout } = await vhdx(words, { cwd });
  expect(exitCode).toBe(1);
  const entries = JSON.parse(stdout) as readonly { readonly verdict: string; readonly code?: string }[];
  const CODES: Readonly<Record<string, string | undefined>> = {
    bad: 'VHDX_SOURCE_UNAVAILABLE',
    gone: 'VHDX_SOURCE_NOT_FOUND',
  };
  expect(entries.map(({ code }) => code)).toEqual(kinds.map((kind) => CODES[kind]));
  expect(entries.filter(({ verdict }) => verdict === 'clean')).toHaveLength(8);
});

test('a wrong --jobs → refused', async () => {
  for (const jobs of ['0', '-1', 'x', '1.5']) {
    expect((await vhdx(['check', '--jobs', jobs, FIXTURE], { cwd })).exitCode).toBe(1);
  }
});
