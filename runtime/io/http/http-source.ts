/** A file on an HTTP server as a byte source. */
import { requireFunction, requireOptions } from '../../base/arguments.js';
import type { SignalOptions } from '../../base/options.js';
import { type CacheOptions, CachedSource } from '../cached-source.js';
import type { VhdxError } from '../../errors/errors.js';
import {
  type AnswerRange,
  findChange,
  httpError,
  readContentRange,
  requireUsable,
  type Validator,
} from './response.js';
import { readPart } from './body.js';
import { type FetchFunction, HttpConnection } from './connection.js';
import { openAnswer, type Opened } from './open.js';
import { type Clock, HOST_CLOCK, TransientError } from './retry.js';
import { availableFor } from '../ranged-reads.js';
import type { ByteSource, SourceReadOptions } from '../byte-source.js';
import { takeOver } from '../take-over.js';
import { KIB, MIB, sizeText } from '../../base/units.js';

/** Options for reading a file over HTTP. `signal` aborts the opening; later reads have signals of their own. */
export interface HttpSourceOptions extends SignalOptions {
  /** Makes the requests; the platform's `fetch` if left out. It has to honour `init.signal`. */
  readonly fetch?: FetchFunction | undefined;
  /**
   * Headers of every request, such as Authorization. A redirect to another origin gets Accept, Accept-Language and
   * User-Agent of them, and no other.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Number of retries of a request that failed for a transient reason: no connection, no response, 408, 429, 5xx, an
   * incomplete body. 4 by default. The count restarts after every 64 KiB.
   */
  readonly retries?: number | undefined;
  /** Milliseconds without a byte after which a request has failed; 30,000 if left out. */
  readonly timeout?: number | undefined;
  /** Milliseconds that one request may take in all; 600,000 if left out. A read goes on behind what has come by then. */
  readonly requestTimeout?: number | undefined;
  /**
   * Bytes per second below which a request has failed, taken over 10 seconds; 1024 if left out, 0 for none. What comes
   * more slowly, in one answer or in many, is no progress: a server that drips is given up after `retries`.
   */
  readonly minBytesPerSecond?: number | undefined;
  /**
   * Redirects of one request that are followed at most; 10 if left out, 0 for none. What redirects to the host itself
   * (localhost, link-local addresses) from elsewhere, or to anything but HTTP, is never followed.
   */
  readonly maxRedirects?: number | undefined;
  /** Most bytes per request; 8 MiB by default. A longer read takes several requests. */
  readonly maxBytesPerRequest?: number | undefined;
  /**
   * Most bytes of a file that is read into memory if the server does not support ranges; 32 MiB by default, 0 for none.
   */
  readonly maxWholeBytes?: number | undefined;
  /**
   * Bytes that are fetched in all, those of the opening included; no limit if left out. A read that needs more is
   * refused before its request.
   */
  readonly maxBytes?: number | undefined;
  /** Time and chance; replaced in tests. */
  readonly clock?: Clock | undefined;
}

/** As for `HttpSource`, and how much is kept in memory. */
export interface OpenUrlOptions extends HttpSourceOptions {
  /** Size of the cache. */
  readonly cache?: CacheOptions | undefined;
}

/**
 * Bytes of the first request. Headers and region tables of an image end after 320 KiB; this is the next multiple of a
 * page of the cache.
 */
const HEAD_BYTES = 512 * KIB;
/** The count of failures is reset after this many bytes: a server that fails now and then still delivers a disk. */
const PROGRESS = 64 * KIB;
/** Bytes that an answer has at least, unless it is the last of a read: it bounds the number of requests. */
const LEAST_ANSWER = 4 * KIB;

/** How much is fetched at once, and in all. */
interface Bounds {
  readonly maxBytesPerRequest: number;
  readonly maxBytes: number;
}

/** The option, or `fallback`; a RangeError if it is no integer of at least `least`. */
function integer(name: string, value: number | undefined, fallback: number, least: number): number {
  const chosen = value ?? fallback;
  if (Number.isSafeInteger(chosen) && chosen >= least) return chosen;
  throw new RangeError(`${name} must be an integer of at least ${least}, not ${chosen}`);
}

/** The address of a page or of its worker; `undefined` elsewhere. */
function pageUrl(): string | undefined {
  return 'location' in globalThis ? globalThis.location.href : undefined;
}

function parseUrl(url: string | URL): URL {
  const parsed = new URL(url, pageUrl());
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:') {
    throw new TypeError(`expected an http: or https: URL, not ${parsed.protocol}`);
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw new TypeError('a URL with a user or password cannot be requested: give an Authorization header');
  }
  parsed.hash = '';
  return parsed;
}

/**
 * A file on an HTTP server, read by range requests. Every response is compared with the first one: by ETag if there is
 * one, otherwise by Last-Modified, and by length. Redirects are followed. Only the first 512 KiB, which the opening
 * returned and which contain the headers and region tables of an image, are kept in memory. See `openUrl` for a source
 * with a cache.
 *
 * In a browser, a server of another origin must allow the header Range (browsers that treat it as a safelisted header
 * do not ask for permission), and list Content-Range and ETag in Access-Control-Expose-Headers.
 */
export class HttpSource implements ByteSource {
  readonly size: number;
  /** The URL, without its fragment. */
  readonly identity: string;
  readonly #connection: HttpConnection;
  readonly #validator: Validator;
  readonly #head: Uint8Array;
  readonly #maxBytesPerRequest: number;
  readonly #maxBytes: number;
  #fetched: number;
  /** What If-Range is given. */
  readonly #condition: string | undefined;

  private constructor(
    connection: HttpConnection,
    { size, validator, head }: Opened,
    { maxBytesPerRequest, maxBytes }: Bounds,
  ) {
    this.size = size;
    this.identity = connection.url.href;
    this.#connection = connection;
    this.#validator = validator;
    this.#head = head;
    this.#maxBytesPerRequest = maxBytesPerRequest;
    this.#maxBytes = maxBytes;
    this.#fetched = head.length;
    // To another origin a browser would have to ask for permission first, which many servers do not give for If-Range;
    // the comparison of every answer finds a change as well.
    const page = pageUrl();
    const foreign = page !== undefined && new URL(page).origin !== connection.url.origin;
    this.#condition = foreign ? undefined : validator.strong;
  }

  /**
   * Opens the file at `url`, in a page also a relative one. Costs one request, for the first 512 KiB.
   *
   * @throws VhdxError VHDX_SOURCE_NOT_FOUND (404, 410), VHDX_SOURCE_NOT_PERMITTED (401, 403, 407),
   * VHDX_SOURCE_REQUEST_REFUSED (any other 4xx), VHDX_SOURCE_RANGES_UNSUPPORTED (the server sends only whole files, and
   * this one is longer than `maxWholeBytes`), VHDX_SOURCE_ANSWER_INVALID, VHDX_SOURCE_UNAVAILABLE (no success in
   * `retries` + 1 tries); the signal's reason; TypeError or RangeError for a URL or option that cannot be.
   */
  static async open(url: string | URL, options: HttpSourceOptions = {}): Promise<HttpSource> {
    requireOptions(options);
    requireFunction(options.fetch, 'fetch');
    const maxBytesPerRequest = integer('maxBytesPerRequest', options.maxBytesPerRequest, 8 * MIB, 1);
    const maxBytes = integer('maxBytes', options.maxBytes, Number.MAX_SAFE_INTEGER, 1);
    const maxWholeBytes = Math.min(maxBytes, integer('maxWholeBytes', options.maxWholeBytes, 32 * MIB, 0));
    const connection = new HttpConnection(parseUrl(url), {
      // Called as a function of its own: a browser's `fetch` insists on it.
      fetch: options.fetch ?? ((address, init) => fetch(address, init)),
      headers: new Headers(options.headers ?? {}),
      retries: integer('retries', options.retries, 4, 0),
      timeout: integer('timeout', options.timeout, 30_000, 1),
      requestTimeout: integer('requestTimeout', options.requestTimeout, 600_000, 1),
      minBytesPerSecond: integer('minBytesPerSecond', options.minBytesPerSecond, 1024, 0),
      maxRedirects: integer('maxRedirects', options.maxRedirects, 10, 0),
      clock: options.clock ?? HOST_CLOCK,
    });
    const { signal } = options;
    const asked = Math.min(HEAD_BYTES, maxBytesPerRequest, maxBytes);
    const headers = { Range: `bytes=0-${asked - 1}` };
    const opened = await connection.retrying(signal, () =>
      connection.exchange(headers, signal, (exchange) => openAnswer(exchange, connection, asked, maxWholeBytes)),
    );
    return new HttpSource(connection, opened, { maxBytesPerRequest, maxBytes });
  }

  /**
   * @throws VhdxError VHDX_SOURCE_CHANGED if the file is not the one that was opened any more;
   * VHDX_SOURCE_LIMIT_EXCEEDED if that takes more than `maxBytes`; VHDX_SOURCE_IO after `close`; and what `open` throws, for the same reasons.
   */
  async read(into: Uint8Array, position: number, options: SourceReadOptions = {}): Promise<number> {
    const { signal } = options;
    const length = availableFor(this.size, position, into);
    signal?.throwIfAborted();
    this.#connection.requireOpen();
    const known = this.#head.subarray(position, position + length);
    into.set(known);
    for (let done = known.length; done < length;) {
      const part = into.subarray(done, Math.min(length, done + this.#maxBytesPerRequest));
      await this.#fill(part, position + done, signal);
      done += part.length;
    }
    return length;
  }

  /**
   * A strong ETag or, without an ETag, a Last-Modified at least a second before the answer. Every read is compared with
   * it, so it is that of all bytes that were read.
   */
  revision(): Promise<string | undefined> {
    const { strong } = this.#validator;
    return Promise.resolve(strong === undefined ? undefined : `${this.size} ${strong}`);
  }

  /** Ends all reads; later ones are refused. */
  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Fills `part` from `position` on, with as many requests as that takes. */
  async #fill(part: Uint8Array, position: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#connection;
    let done = 0;
    let failures = 0;
    // Since the count of failures was reset; pauses do not count as the server's time.
    let bytes = 0;
    let elapsed = 0;
    while (done < part.length) {
      const begin = clock.now();
      if (this.#fetched + part.length - done > this.#maxBytes) throw this.#tooMuch();
      const { length, failure } = await this.#request(part.subarray(done), position + done, signal);
      done += length;
      this.#fetched += length;
      if (done === part.length) return;
      bytes += length;
      elapsed += clock.now() - begin;
      const slowness = this.#connection.slowness(bytes, elapsed);
      if (bytes >= PROGRESS && slowness === undefined) [failures, bytes, elapsed] = [0, 0, 0];
      const reason = failure ?? slowness;
      if (reason === undefined) {
        // A server may give less than was asked for, but not a disk in handfuls of bytes.
        if (length < LEAST_ANSWER) throw this.#tooLittle(length);
        continue;
      }
      failures += 1;
      await this.#connection.recover(reason, failures, signal);
    }
  }

  #tooMuch(): VhdxError {
    const what = `no more than ${sizeText(this.#maxBytes)} of it may be fetched, and ${sizeText(this.#fetched)} have been`;
    return httpError('VHDX_SOURCE_LIMIT_EXCEEDED', this.#connection.shown, what);
  }

  #tooLittle(length: number): VhdxError {
    const what = `the server gives only ${length} bytes at once`;
    return httpError('VHDX_SOURCE_ANSWER_INVALID', this.#connection.shown, what);
  }

  /** One request for `into`. How many bytes it brought, and why not more if that may pass. */
  async #request(
    into: Uint8Array,
    position: number,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly length: number; readonly failure: TransientError | undefined }> {
    const end = position + into.length;
    const range = { Range: `bytes=${position}-${end - 1}` };
    const headers = this.#condition === undefined ? range : { ...range, 'If-Range': this.#condition };
    const { shown } = this.#connection;
    try {
      return await this.#connection.exchange(headers, signal, async (exchange) => {
        const answer = this.#judge(exchange.response, position, end);
        return readPart(exchange, into.subarray(0, answer.end - position), shown);
      });
    } catch (error) {
      if (error instanceof TransientError) return { length: 0, failure: error };
      throw error;
    }
  }

  /** The range that an answer brings of the file that was opened. */
  #judge(response: Response, position: number, end: number): AnswerRange {
    const { shown, clock } = this.#connection;
    const changed = (what: string): never => {
      throw httpError('VHDX_SOURCE_CHANGED', shown, `the file has changed since it was opened: ${what}`);
    };
    if (response.status === 412) changed('the server answered 412');
    requireUsable(response, shown, clock);
    if (response.status === 416) changed(`it had ${this.size} bytes and ends before ${position} now`);
    const vouched = this.#condition !== undefined && response.status === 206;
    const change = findChange(this.#validator, response, vouched);
    if (change !== undefined) changed(change);
    if (response.status === 200) {
      throw httpError(
        'VHDX_SOURCE_RANGES_UNSUPPORTED',
        shown,
        'the server sent the whole file instead of a part of it',
      );
    }
    const range = readContentRange(response, position, end, shown);
    if (range.size !== this.size) changed(`it had ${this.size} bytes and has ${range.size}`);
    return range;
  }
}

/**
 * Opens the file at `url` as `HttpSource.open` does, with a cache in front of it (`CachedSource`), so that reading an
 * image costs few requests: opening and describing one takes about four.
 *
 * @throws as `HttpSource.open`.
 */
export async function openUrl(url: string | URL, options: OpenUrlOptions = {}): Promise<CachedSource> {
  const source = await HttpSource.open(url, options);
  return takeOver(source, async () => new CachedSource(source, options.cache));
}
