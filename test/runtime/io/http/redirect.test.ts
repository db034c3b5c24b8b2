import { describe, expect, test } from 'vitest';
import { headersForAnyone, mayBrowserFollow, redirectOf } from '../../../../runtime/io/http/redirect.js';
import { HttpSource } from '../../../../runtime/io/http/http-source.js';
import { readExactly } from '../../../../runtime/io/byte-source.js';
import { AT, BYTES } from '../../../support/http-scene.js';
import { serve, type TestServer, type Visit } from '../../../support/http-server.js';

const HEADERS = { Authorization: 'Bearer 1', 'X-Api-Key': '2', Cookie: '3', Accept: 'application/octet-stream' };

/** A server that redirects every request to `location`. */
function redirecting(location: string, status = 302): Promise<TestServer> {
  return serve({ bytes: BYTES, etag: '"a"' }, ({ response }: Visit) => {
    response.writeHead(status, { Location: location }).end('elsewhere');
  });
}

function open(url: string, options = {}): Promise<HttpSource> {
  return HttpSource.open(url, { headers: HEADERS, retries: 0, ...options });
}

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])(
    '%i to another origin → followed, with the headers for anyone',
    async (status) => {
      const target = await serve({ bytes: BYTES, etag: '"a"' });
      const { url } = await redirecting(target.url, status);
      const source = await open(url);
      expect(await readExactly(source, AT, 1000)).toEqual(BYTES.subarray(AT, AT + 1000));
      expect(target.requests).toHaveLength(2);
      for (const received of target.requests) {
        expect(received).toMatchObject({ accept: HEADERS.Accept, range: expect.any(String) as unknown });
        expect(Object.keys(received)).not.toContain('authorization');
        expect(Object.keys(received)).not.toContain('x-api-key');
        expect(Object.keys(received)).not.toContain('cookie');
      }
      expect(target.requests[1]).toMatchObject({ 'if-range': '"a"' });
    },
  );

  test('within one origin → followed, with all headers', async () => {
    const server = await serve({ bytes: BYTES }, (visit) => {
      if (visit.number % 2 === 0) visit.honest();
      else visit.response.writeHead(302, { Location: '/elsewhere#part' }).end();
    });
    await open(server.url);
    expect(server.requests[1]).toMatchObject({ authorization: 'Bearer 1', 'x-api-key': '2' });
  });

  test('to another origin and back → the headers do not come back', async () => {
    let other = '';
    const first = await serve({ bytes: BYTES }, (visit) => {
      if (visit.number === 1) visit.response.writeHead(302, { Location: other }).end();
      else visit.honest();
    });
    ({ url: other } = await redirecting(first.url));
    await open(first.url);
    expect(Object.keys(first.requests[1] ?? {})).not.toContain('x-api-key');
  });

  test.each([
    ['file:///etc/passwd', 'a file: URL'],
    ['data:text/plain,vhdxfile', 'a data: URL'],
    ['http://user:secret@127.0.0.1/', 'a URL with a user or password'],
    ['http://[', 'what is no URL'],
  ])('to %s → VHDX_SOURCE_ANSWER_INVALID', async (location, what) => {
    const { url, requests } = await redirecting(location);
    await expect(open(url, { retries: 2 })).rejects.toMatchObject({
      code: 'VHDX_SOURCE_ANSWER_INVALID',
      message: expect.stringContaining(`redirects to ${what}, which is not followed`) as unknown,
    });
    expect(requests).toHaveLength(1);
  });

  test('without end → VHDX_SOURCE_ANSWER_INVALID after ten', async () => {
    const { url, requests } = await redirecting('/again');
    await expect(open(url)).rejects.toMatchObject({
      code: 'VHDX_SOURCE_ANSWER_INVALID',
      message: expect.stringContaining('more than 10 redirects') as unknown,
    });
    expect(requests).toHaveLength(11);
  });

  test('maxRedirects: 0 → VHDX_SOURCE_ANSWER_INVALID', async () => {
    const { url, requests } = await redirecting('/again');
    await expect(open(url, { maxRedirects: 0 })).rejects.toMatchObject({ code: 'VHDX_SOURCE_ANSWER_INVALID' });
    expect(requests).toHaveLength(1);
  });

  test('without Location → VHDX_SOURCE_ANSWER_INVALID', async () => {
    const { url } = await serve({ bytes: BYTES }, ({ response }) => void response.writeHead(302).end());
    await expect(open(url)).rejects.toMatchObject({ code: 'VHDX_SOURCE_ANSWER_INVALID' });
  });
});

describe('a redirect to the host itself', () => {
  const to = (location: string, from: string): URL | undefined =>
    redirectOf(new Response(null, { status: 302, headers: { location } }), new URL(from), 'x');

  test.each([
    'http://localhost/',
    'http://a.localhost./',
    'http://127.1.2.3/',
    'http://0x7f000001/',
    'http://0/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[fe80::1]/',
  ])('%s from elsewhere → refused', (location) => {
    expect(() => to(location, 'https://example.com/')).toThrow('this host itself');
    expect(to(location, 'http://127.0.0.1/')?.href).toBe(new URL(location).href);
  });

  test.each(['http://localhost.example.com/', 'http://128.0.0.1/', 'http://[2001:db8::1]/', 'http://10.0.0.1/'])(
    '%s from elsewhere → followed',
    (location) => {
      expect(to(location, 'https://example.com/')?.href).toBe(location);
    },
  );
});

describe('in a browser, which shows no redirects', () => {
  /** Redirects are opaque until the platform is left to follow them. */
  const platform = (followed: RequestInit[]) => (_url: string, init: RequestInit) => {
    if (init.redirect === 'manual') {
      return Promise.resolve(Object.defineProperty(new Response(null), 'type', { value: 'opaqueredirect' }));
    }
    followed.push(init);
    const [, first, last] = /(\d+)-(\d+)/.exec(new Headers(init.headers).get('range') ?? '') ?? [];
    const headers = { 'Content-Range': `bytes ${first}-${last}/${BYTES.length}` };
    return Promise.resolve(new Response(BYTES.slice(Number(first), Number(last) + 1), { status: 206, headers }));
  };

  test('no headers but those that browsers keep → followed, later requests at once', async () => {
    const followed: RequestInit[] = [];
    const source = await HttpSource.open('http://x/', { fetch: platform(followed), headers: { Authorization: '1' } });
    expect(await readExactly(source, AT, 10)).toEqual(BYTES.subarray(AT, AT + 10));
    expect(followed).toHaveLength(2);
  });

  test.each([{ headers: { 'X-Api-Key': '1' } }, { maxRedirects: 0 }])('%o → refused', async (options) => {
    const followed: RequestInit[] = [];
    await expect(HttpSource.open('http://x/', { fetch: platform(followed), ...options })).rejects.toMatchObject({
      code: 'VHDX_SOURCE_ANSWER_INVALID',
    });
    expect(followed).toEqual([]);
  });

  test('headers → those for anyone, and those that browsers keep', () => {
    expect([...headersForAnyone(new Headers(HEADERS)).keys()]).toEqual(['accept']);
    expect(mayBrowserFollow(new Headers({ Accept: 'x', Authorization: 'y' }))).toBe(true);
    expect(mayBrowserFollow(new Headers(HEADERS))).toBe(false);
  });
});
