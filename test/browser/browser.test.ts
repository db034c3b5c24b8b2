import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { VhdxPayloadBatEntryView } from '../../generated/index.js';
import * as library from '../../runtime/index.js';
import { noise } from '../support/bytes.js';
import { serve } from '../support/http-server.js';
import { IDS, MIB, TestImage } from '../support/image-builder.js';
import { type Bundle, bundleForBrowser } from './bundle.js';
import { startChromium, withoutChromium } from './chromium.js';
import { type Answers, ask, chooseFile, type Site, startSite } from './page.js';

const FIXTURE = fileURLToPath(new URL('../fixtures/dynamic-64m.vhdx', import.meta.url));

/**
 * A disk of 16 MiB whose block 1 is in the BAT, and whose block 2 is there only after the log's replay; and what the
 * disk has to read as.
 */
function dirtyImage(): { readonly bytes: Uint8Array; readonly contents: Uint8Array } {
  const image = new TestImage({ logGuid: IDS.log, allocate: [1] });
  const contents = new Uint8Array(16 * MIB);
  const [first, second] = [noise(MIB, 1), noise(MIB, 2)];
  image.source.write(first, image.dataOffset);
  contents.set(first, MIB);
  const fileOffsetMb = image.append(MIB);
  image.source.write(second, fileOffsetMb * MIB);
  contents.set(second, 2 * MIB);
  const sector = image.source.bytes(image.batOffset, 4096);
  new VhdxPayloadBatEntryView(sector).set(2, { state: 6, fileOffsetMb, reserved: 0 });
  image.addLogEntry(0, {
    sequenceNumber: 1n,
    writes: [{ kind: 'data', fileOffset: image.batOffset, bytes: sector }],
  });
  return { bytes: image.toBytes(), contents };
}

let bundle: Bundle;
/** The first start of Chromium on a busy machine takes its time. */
const START_MS = 60_000;

beforeAll(async () => {
  bundle = await bundleForBrowser();
}, START_MS);

describe('bundle for browsers', () => {
  test('bundled → nothing of Node, no warning', () => {
    const { code, imports, warnings } = bundle;
    expect({ imports, warnings }).toEqual({ imports: [], warnings: [] });
    expect(code).not.toMatch(/\bnode:|\brequire\(['"`]|\bprocess\./);
    const sizes = [code.length, gzipSync(code).length].map((bytes) => `${(bytes / 1024).toFixed(1)} KiB`);
    process.stdout.write(`bundle for browsers, minified: ${sizes[0]}, with gzip ${sizes[1]}\n`);
  });

  test('checksum → the table in JavaScript, not the native module', () => {
    const names = bundle.modules.map((path) => path.replaceAll('\\', '/'));
    expect(names.filter((name) => /crc32/.test(name))).toEqual([expect.stringMatching(/\/runtime\/base\/crc32c\.js$/)]);
  });

  test('modules of Node in it → none', () => {
    expect(bundle.modules.filter((path) => /[\\/]runtime[\\/](?:node|cli|io[\\/]node)/.test(path))).toEqual([]);
  });
});

describe.skipIf(withoutChromium())('Chromium', () => {
  let browser: Browser;
  let site: Site;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vhdx-browser-'));
    site = await startSite(bundle.code);
    browser = await startChromium();
  }, START_MS);
  afterAll(async () => {
    await browser.close();
    await site.close();
    await rm(folder, { recursive: true });
  }, START_MS);

  /** A new page with the library. The test fails if the page has an error of its own. */
  async function openPage(): Promise<Page> {
    const page = await browser.newPage();
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    onTestFinished(async () => {
      await page.close();
      expect(errors).toEqual([]);
    });
    await page.goto(site.url);
    await page.waitForFunction(() => 'vhdx' in globalThis);
    return page;
  }

  /** What the page says of the file at `path`, which is chosen in its file input. */
  async function askPage(path: string): Promise<Answers> {
    const page = await openPage();
    await chooseFile(page, path);
    const asker = await page.evaluateHandle(`(${ask.toString()})`);
    return page.evaluate(async (given) => {
      const file = document.querySelector('input')?.files?.item(0);
      if (file === null || file === undefined) throw new Error('no file was chosen');
      return (given as typeof ask)(globalThis.vhdx, new globalThis.vhdx.BlobSource(file));
    }, asker);
  }

  test('clean image as a File → described, checked and read as in Node', async () => {
    const answers = await askPage(FIXTURE);
    expect(answers).toEqual(await ask(library, new library.MemorySource(await readFile(FIXTURE))));
    expect(answers.report).toContain('"verdict":"clean"');
  });

  test('image with a pending log as a File → replayed in memory, the file is not changed', async () => {
    const { bytes, contents } = dirtyImage();
    const path = join(folder, 'dirty.vhdx');
    await writeFile(path, bytes);
    const answers = await askPage(path);
    expect(answers).toEqual(await ask(library, new library.MemorySource(bytes)));
    expect(answers.report).toContain('VHDX_LOG_PENDING');
    expect(answers.report).toContain('"view":"replayed"');
    expect(answers.hash).toBe(createHash('sha256').update(contents).digest('hex'));
    expect(Buffer.compare(await readFile(path), bytes)).toBe(0);
  });

  test('File that is changed while the image is open → VHDX_SOURCE_CHANGED', async () => {
    const path = join(folder, 'changed.vhdx');
    await writeFile(path, await readFile(FIXTURE));
    const page = await openPage();
    await chooseFile(page, path);
    const disk = await page.evaluateHandle(() => {
      const file = document.querySelector('input')?.files?.item(0);
      if (file === null || file === undefined) throw new Error('no file was chosen');
      return globalThis.vhdx.openDisk(new globalThis.vhdx.BlobSource(file));
    });
    // Chromium compares the time of the last change in whole seconds.
    const later = new Date(Date.now() + 10_000);
    await utimes(path, later, later);
    const error = await page.evaluate(async (opened) => {
      try {
        await opened.image.source.read(new Uint8Array(1), 0x100);
        return undefined;
      } catch (cause) {
        return cause instanceof globalThis.vhdx.VhdxError
          ? { code: cause.code, message: cause.message }
          : String(cause);
      }
    }, disk);
    expect(error).toMatchObject({
      code: 'VHDX_SOURCE_CHANGED',
      message: expect.stringContaining('Cannot read changed.vhdx at offset 0x100: the file was changed') as unknown,
    });
  });

  describe('image of another origin', () => {
    /** Describes the image at `url` in a page; what went wrong if that failed. */
    async function inspectUrl(url: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
      const page = await openPage();
      return page.evaluate(
        async ([address, given]) => {
          try {
            const source = await globalThis.vhdx.openUrl(address, { headers: given, retries: 0 });
            const { type, virtualSize } = await globalThis.vhdx.inspectImage(source);
            return { type, virtualSize };
          } catch (cause) {
            return cause instanceof globalThis.vhdx.VhdxError ? `${cause.code} ${cause.message}` : String(cause);
          }
        },
        [url, headers] as const,
      );
    }

    test('headers that are needed are shown → described with three requests, none of them for permission', async () => {
      const methods: (string | undefined)[] = [];
      const server = await serve({ bytes: await readFile(FIXTURE), etag: '"a"' }, ({ request, response, honest }) => {
        methods.push(request.method);
        response.setHeader('Access-Control-Allow-Origin', '*');
        response.setHeader('Access-Control-Expose-Headers', 'Content-Range, ETag');
        honest();
      });
      expect(await inspectUrl(server.url)).toEqual({ type: 'dynamic', virtualSize: 64 * MIB });
      expect(methods).toEqual(['GET', 'GET', 'GET']);
      expect(server.requests.map((headers) => headers['accept-encoding'])).toEqual(Array(3).fill('identity'));
    });

    test.each([
      ['no headers', {}, true],
      ['Authorization', { Authorization: 'Bearer 1' }, true],
      ['a header of the application', { 'X-Api-Key': '1' }, false],
    ])('redirect, %s → followed: %s', async (_title, headers, isFollowed) => {
      const bytes = await readFile(FIXTURE);
      const server = await serve({ bytes }, ({ request, response, honest }) => {
        response.setHeader('Access-Control-Allow-Origin', '*');
        response.setHeader('Access-Control-Allow-Headers', 'Authorization, X-Api-Key, Range');
        response.setHeader('Access-Control-Expose-Headers', 'Content-Range');
        if (request.method === 'OPTIONS') response.writeHead(204).end();
        else if (request.url === '/elsewhere') honest();
        else response.writeHead(302, { Location: '/elsewhere' }).end();
      });
      const answer = await inspectUrl(server.url, headers);
      if (isFollowed) expect(answer).toEqual({ type: 'dynamic', virtualSize: 64 * MIB });
      else expect(answer).toMatch(/^VHDX_SOURCE_ANSWER_INVALID .* a page cannot see where to/);
    });

    test('Content-Range is not shown → VHDX_SOURCE_ANSWER_INVALID, which says what the server lacks', async () => {
      const server = await serve({ bytes: await readFile(FIXTURE) }, ({ response, honest }) => {
        response.setHeader('Access-Control-Allow-Origin', '*');
        honest();
      });
      expect(await inspectUrl(server.url)).toMatch(
        /^VHDX_SOURCE_ANSWER_INVALID .* has to list Content-Range in Access-Control-Expose-Headers\.$/,
      );
    });
  });
});
