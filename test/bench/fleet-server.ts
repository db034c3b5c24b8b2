/** Serves a folder on the loopback interface, with ranges, and counts what is fetched: `node fleet-server.js FOLDER`. */
import { once } from 'node:events';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What was fetched of a file. */
export interface Fetched {
  requests: number;
  bytes: number;
}

const [, , folder = '.'] = process.argv;
const fetched = new Map<string, Fetched>();

const server = createServer((request, response) => {
  const name = decodeURIComponent(request.url ?? '').slice(1);
  if (name === '') {
    response.end(JSON.stringify(Object.fromEntries(fetched)));
    fetched.clear();
    return;
  }
  const file = openSync(join(folder, name), 'r');
  const { size, mtimeMs } = fstatSync(file);
  const [, first = '0', last = String(size - 1)] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  const end = Math.min(Number(last) + 1, size);
  const bytes = Buffer.alloc(end - Number(first));
  readSync(file, bytes, 0, bytes.length, Number(first));
  closeSync(file);
  const count = fetched.get(name) ?? { requests: 0, bytes: 0 };
  fetched.set(name, { requests: count.requests + 1, bytes: count.bytes + bytes.length });
  response.writeHead(206, {
    ETag: `"${size.toString(16)}-${mtimeMs.toString(16)}"`,
    'Content-Length': bytes.length,
    'Content-Range': `bytes ${first}-${end - 1}/${size}`,
  });
  response.end(bytes);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
console.log(port);
