import { HttpSource, type HttpSourceOptions } from '../../runtime/io/http/http-source.js';
import { readExactly } from '../../runtime/io/byte-source.js';
import { noise } from './bytes.js';
import { FakeClock } from './fake-clock.js';
import { serve, type Served, type TestServer, type Visit } from './http-server.js';
import { MIB } from './image-builder.js';

/** The file. */
export const BYTES = noise(MIB);
/** Behind what the opening brings. */
export const AT = 600_000;

/** A source on a server that is going to misbehave. */
export interface Scene {
  readonly server: TestServer;
  readonly source: HttpSource;
  readonly clock: FakeClock;
  /** Reads `length` bytes at `AT`. */
  readonly read: (length?: number, signal?: AbortSignal) => Promise<Uint8Array>;
}

/** A source whose opening went well; `script` answers what comes after. */
export async function scene(
  script: (visit: Visit) => void,
  options: HttpSourceOptions = {},
  served: Served = { bytes: BYTES, etag: '"a"' },
): Promise<Scene> {
  const server = await serve(served, (visit) => {
    if (visit.number === 1) visit.honest();
    else script(visit);
  });
  const clock = new FakeClock();
  const source = await HttpSource.open(server.url, { clock, ...options });
  const read = (length = 1000, signal?: AbortSignal): Promise<Uint8Array> =>
    readExactly(source, AT, length, { signal });
  return { server, source, clock, read };
}

/** A 206 with other bytes or headers than those asked for. */
export function partial(
  { response }: Visit,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array = BYTES,
): void {
  response.writeHead(206, { ETag: '"a"', ...headers }).end(body.subarray(0, 1000));
}

/** The Content-Range of the 1000 bytes at `AT`. */
export const RIGHT = { 'Content-Range': `bytes ${AT}-${AT + 999}/${MIB}` };
