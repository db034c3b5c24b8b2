/** Every reading command on an image that a server has. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../../support/http-server.js';
import { FIXTURE, fixtureBytes, MIB, temporaryDirectory } from '../images.js';
import { vhdx } from '../vhdx.js';

const cwd = temporaryDirectory();
const SECRET = 'SECRET';
writeFileSync(join(cwd, 'raw'), new Uint8Array(MIB));

/** A server that gives the fixture only to who has the signature and the header. */
async function vault(): Promise<{ readonly url: string; readonly requests: readonly unknown[] }> {
  const server = await serve({ bytes: fixtureBytes(), etag: '"1"' }, ({ request, response, honest }) => {
    const isKnown = request.headers['x-key'] === SECRET && request.url?.endsWith(`?sig=${SECRET}`) === true;
    if (isKnown) honest();
    else response.writeHead(403).end();
  });
  return { url: `${server.url}?sig=${SECRET}`, requests: server.requests };
}

const COMMANDS: readonly (readonly [
  string,
  (url: string) => readonly string[],
  (file: string) => readonly string[],
])[] = [
  ['info', (url) => ['info', '--json', url], (file) => ['info', '--json', file]],
  ['check', (url) => ['check', url], (file) => ['check', file]],
  ['map', (url) => ['map', url], (file) => ['map', file]],
  ['map --picture', (url) => ['map', '--picture', url], (file) => ['map', '--picture', file]],
  ['map --at', (url) => ['map', '--at', '0x10000', url], (file) => ['map', '--at', '0x10000', file]],
  ['map --virtual', (url) => ['map', '--virtual', '0', url], (file) => ['map', '--virtual', '0', file]],
  ['tree', (url) => ['tree', url], (file) => ['tree', file]],
  ['read', (url) => ['read', url, '--length', '64K'], (file) => ['read', file, '--length', '64K']],
  ['convert', (url) => ['convert', url, '-'], (file) => ['convert', file, '-']],
  ['compare', (url) => ['compare', url, FIXTURE], (file) => ['compare', file, FIXTURE]],
];

describe('an image on a server', () => {
  test.each(COMMANDS)('vhdx %s → as for the file; no secret is printed', async (_name, ofUrl, ofFile) => {
    const { url } = await vault();
    const shown = url.replace(`sig=${SECRET}`, '…');
    const [remote, local] = await Promise.all([
      vhdx([...ofUrl(url), '--header', `X-Key: ${SECRET}`], { cwd }),
      vhdx(ofFile(FIXTURE), { cwd }),
    ]);
    expect(remote.stderr).toBe(local.stderr.replaceAll(FIXTURE, shown));
    // What the host spends on a file is known of files alone.
    const withoutHost = (text: string): string =>
      text
        .replaceAll(FIXTURE, shown)
        .replace(/^ *"actual-size": \d+,\n/m, '')
        .replace(/ {2}A9 VHDX_HOST_FILE_SPARSE[^]*?(?=\n\n|\n {2}[A-Z]\d)\n?/g, '')
        .replace(/^.* A9 VHDX_HOST_FILE_SPARSE: .*\n/m, '')
        .replace(/\(3 warnings, 2 infos\)/, '(3 warnings, 1 info)')
        .trimEnd();
    expect(withoutHost(remote.stdout)).toBe(withoutHost(local.stdout));
    expect(remote.exitCode).toBe(0);
    expect(remote.stdout + remote.stderr).not.toContain(SECRET);
  });

  test.each(COMMANDS)(
    'vhdx %s without the header → VHDX_SOURCE_NOT_PERMITTED, no secret is printed',
    async (_name, ofUrl) => {
      const { url } = await vault();
      const { exitCode, stdout, stderr } = await vhdx(ofUrl(url), { cwd });
      expect(exitCode).toBe(ofUrl(url)[0] === 'compare' ? 2 : 1);
      expect(stderr).toContain('VHDX_SOURCE_NOT_PERMITTED');
      expect(stdout + stderr).not.toContain(SECRET);
    },
  );

  test('--max-bytes → VHDX_SOURCE_LIMIT_EXCEEDED, and no more is fetched', async () => {
    const { url, requests } = await vault();
    const words = ['check', '--header', `X-Key: ${SECRET}`, '--max-bytes', '600K', url];
    const { exitCode, stderr } = await vhdx(words, { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('VHDX_SOURCE_LIMIT_EXCEEDED');
    expect(requests).toHaveLength(1);
  });

  test('--retries 0 and a server that fails → one request, unreadable in the report', async () => {
    const server = await serve({ bytes: fixtureBytes() }, ({ response }) => {
      response.writeHead(503).end();
    });
    const { exitCode, stdout } = await vhdx(['check', '--retries', '0', '--json', server.url], { cwd });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'unreadable', code: 'VHDX_SOURCE_UNAVAILABLE' });
    expect(server.requests).toHaveLength(1);
  });

  test('--parent URL → the parent is read there', async () => {
    const { url } = await vault();
    const { exitCode, stderr } = await vhdx(['compare', url, url, '--header', `X-Key: ${SECRET}`, '--parent', url], {
      cwd,
    });
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  test('SARIF → the address without its query', async () => {
    const { url } = await vault();
    const { stdout } = await vhdx(['check', '--format', 'sarif', '--header', `X-Key: ${SECRET}`, url], { cwd });
    expect(stdout).toContain(`"uri": "${url.replace(`?sig=${SECRET}`, '')}"`);
    expect(stdout).not.toContain(SECRET);
  });

  test('replay and --repair → refused, nothing is asked for', async () => {
    const { url, requests } = await vault();
    const replay = await vhdx(['replay', url], { cwd });
    expect(replay.exitCode).toBe(1);
    expect(replay.stderr).toContain('only files can be changed, and this is a URL');
    expect(requests).toHaveLength(0);
    const repair = await vhdx(['check', '--repair', '--header', `X-Key: ${SECRET}`, url], { cwd });
    expect(repair.stderr).toContain('not repaired: it is on a server');
    expect(repair.exitCode).toBe(0);
  });
});

test.each(['info', 'check', 'map', 'tree', 'read'])('vhdx %s - → a word on why not', async (command) => {
  const { exitCode, stderr } = await vhdx([command, '-'], { cwd });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^vhdx: cannot read an image from standard input \(-\)/);
});

test('a wrong header → refused before any image is looked at', async () => {
  const { exitCode, stderr } = await vhdx(['check', '--header', SECRET, 'http://127.0.0.1:9/a.vhdx'], { cwd });
  expect([exitCode, stderr]).toEqual([1, "vhdx: a header of --header does not have the form 'Name: value'\n"]);
});

test.each([
  [['info', 's3://bucket/a.vhdx'], 1],
  [['check', 's3://bucket/a.vhdx'], 1],
  [['map', 'gs://bucket/a.vhdx'], 1],
  [['convert', 'file:///srv/a.vhdx', 'out.raw'], 1],
])('%j → what addresses there are', async (words, code) => {
  const { exitCode, stderr } = await vhdx(words, { cwd });
  expect(exitCode).toBe(code);
  expect(stderr).toMatch(/files and from http: and https: URLs .*, not from (?:s3|gs|file): URLs/);
});
