import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a server has, and says of it. May be changed between requests. */
export interface Served {
  bytes: Uint8Array;
  etag?: string | undefined;
  lastModified?: string | undefined;
}

/** A request that a script may answer in another way than an honest server would. */
export interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Counts from 1. */
  readonly number: number;
  /** First byte asked for, and first behind; `undefined` without a Range. */
  readonly range: { readonly start: number; readonly end: number } | undefined;
  /** Answers as a server with range requests does. */
  readonly honest: () => void;
}

export interface TestServer {
  readonly url: string;
  readonly served: Served;
  /** Headers of the requests so far. */
  readonly requests: readonly IncomingHttpHeaders[];
  /** Ends when request `number` has come in. */
  arrived(number: number): Promise<void>;
  close(): Promise<void>;
}

function parseRange(request: IncomingMessage, size: number): Visit['range'] {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  return first === undefined ? undefined : { start: Number(first), end: Math.min(Number(last) + 1, size) };
}

/** RFC 9110 14.2, for a single range and If-Range. */
function answer(request: IncomingMessage, response: ServerResponse, { bytes, etag, lastModified }: Served): void {
  if (etag !== undefined) response.setHeader('ETag', etag);
  if (lastModified !== undefined) response.setHeader('Last-Modified', lastModified);
  const condition = request.headers['if-range'];
  const range = condition === undefined || condition === etag || condition === lastModified;
  const asked = range ? parseRange(request, bytes.length) : undefined;
  if (asked === undefined) {
    response.writeHead(200, { 'Content-Length': bytes.length }).end(bytes);
  } else if (asked.start >= bytes.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
  } else {
    const { start, end } = asked;
    const headers = { 'Content-Range': `bytes ${start}-${end - 1}/${bytes.length}`, 'Content-Length': end - start };
    response.writeHead(206, headers).end(bytes.subarray(start, end));
  }
}

/** A server on the loopback interface. `script` answers a request, or lets the honest server do it with `honest()`. */
export async function startServer(
  served: Served,
  script: (visit: Visit) => void = ({ honest }) => {
    honest();
  },
): Promise<TestServer> {
  const requests: IncomingHttpHeaders[] = [];
  const waiting: { number: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    const number = requests.push(request.headers);
    const range = parseRange(request, served.bytes.length);
    script({ request, response, number, range, honest: () => answer(request, response, served) });
    for (const { number: awaited, resolve } of waiting) if (number >= awaited) resolve();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const arrived = (number: number): Promise<void> =>
    new Promise((resolve) => {
      if (requests.length >= number) resolve();
      else waiting.push({ number, resolve });
    });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/disks/disk.vhdx`, served, requests, arrived, close };
}

/** As `startServer`; stops when the test is over. */
export async function serve(served: Served, script?: (visit: Visit) => void): Promise<TestServer> {
  const server = await startServer(served, script);
  onTestFinished(() => server.close());
  return server;
}
