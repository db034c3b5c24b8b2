import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import type * as Library from '../../runtime/index.js';

/** What runs in the page sees the library here. */
declare global {
  var vhdx: typeof Library;
}

const HTML = `<!doctype html>
<meta charset="utf-8">
<title>vhdx</title>
<link rel="icon" href="data:,">
<input type="file">
<script type="module">
  import * as vhdx from './vhdx.js';
  globalThis.vhdx = vhdx;
</script>
`;

/** A site with one page, which has a file input and the library. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

export async function startSite(bundle: string): Promise<Site> {
  const files: Readonly<Record<string, readonly [string, string]>> = {
    '/': ['text/html', HTML],
    '/vhdx.js': ['text/javascript', bundle],
  };
  const server = createServer(({ url = '' }, response) => {
    const [type, body] = files[url] ?? ['text/plain', undefined];
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': type }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/`, close };
}

/** What the library says of an image, in a form that crosses from a page to the test. */
export interface Answers {
  /** JSON of `inspectImage`, `checkImage`. */
  readonly info: string;
  readonly report: string;
  /** SHA-256 of the whole virtual disk, in hex. */
  readonly hash: string;
}

/** Runs in the page and, unchanged, in Node: it must not refer to anything outside of itself. */
export async function ask(library: typeof Library, source: Library.ByteSource): Promise<Answers> {
  const json = (value: unknown): string =>
    JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  const info = json(await library.inspectImage(source));
  const report = json(await library.checkImage(source));
  const disk = await library.openDisk(source);
  const chunks: BlobPart[] = [];
  const reader = disk.stream().getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value as Uint8Array<ArrayBuffer>);
  }
  // The platform cannot hash piece by piece; the disks of the tests are short.
  const digest = await crypto.subtle.digest('SHA-256', await new Blob(chunks).arrayBuffer());
  const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { info, report, hash };
}

/** Gives the page's file input the file at `path`, as a person would. */
export async function chooseFile(page: Page, path: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(path);
}
