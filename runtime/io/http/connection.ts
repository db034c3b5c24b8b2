/** HTTP requests with time limits, a least rate, redirects and retries. */
import { abortable, onAbort } from '../abort.js';
import { VhdxError } from '../../errors/errors.js';
import { httpError } from './response.js';
import { headersForAnyone, mayBrowserFollow, redirectOf } from './redirect.js';
import { type Clock, finalError, TransientError, pauseAfter } from './retry.js';

/** The part of the platform's `fetch` that is used. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** How requests are made. */
export interface ConnectionOptions {
  readonly fetch: FetchFunction;
  readonly headers: Headers;
  readonly retries: number;
  /** Milliseconds without a byte. */
  readonly timeout: number;
  /** Milliseconds of a whole request. */
  readonly requestTimeout: number;
  readonly minBytesPerSecond: number;
  readonly maxRedirects: number;
  readonly clock: Clock;
}

/** An answer whose body has not been read. */
export interface Exchange {
  readonly response: Response;
  /** Hands the body over piece by piece. */
  readonly readBody: (take: (bytes: Uint8Array) => void) => Promise<void>;
}

/** Milliseconds over which the rate of a body is taken: long enough for a network that falters. */
const RATE_WINDOW = 10_000;

/**
 * Says why `bytes` in `elapsed` milliseconds are too few to wait for more; `undefined` if they are not, or if that cannot
 * be told yet.
 */
function slowness(bytes: number, elapsed: number, minBytesPerSecond: number): TransientError | undefined {
  if (elapsed < RATE_WINDOW || bytes * 1000 >= minBytesPerSecond * elapsed) return undefined;
  return new TransientError(`the server sent only ${bytes} bytes in ${Math.round(elapsed / 1000)} s`);
}

/** Finds out bodies that come, but too slowly to wait for them. */
class Pace {
  readonly #options: ConnectionOptions;
  readonly #begin: number;
  #windowBegin: number;
  #windowBytes = 0;
  #failure: TransientError | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#begin = options.clock.now();
    this.#windowBegin = this.#begin;
  }

  /** A request without an answer so far has no rate. */
  answered(): void {
    this.#windowBegin = this.#options.clock.now();
  }

  /**
   * Takes down a piece of the body.
   *
   * @throws TransientError if the body came too slowly before it, or the request took too long: what comes last, however
   * late, is no reason to ask for it again
   */
  received(bytes: number): void {
    if (this.#failure !== undefined) throw this.#failure;
    this.#failure = this.#judge(bytes);
  }

  #judge(bytes: number): TransientError | undefined {
    const { clock, requestTimeout, minBytesPerSecond } = this.#options;
    const now = clock.now();
    this.#windowBytes += bytes;
    if (now - this.#begin > requestTimeout) {
      return new TransientError(`the answer was not complete after ${requestTimeout / 1000} s`);
    }
    const elapsed = now - this.#windowBegin;
    if (elapsed < RATE_WINDOW) return undefined;
    const failure = slowness(this.#windowBytes, elapsed, minBytesPerSecond);
    this.#windowBegin = now;
    this.#windowBytes = 0;
    return failure;
  }
}

/** Requests to one URL: each ends by itself when it hangs, when its caller gives up, or when the source is closed. */
export class HttpConnection {
  readonly url: URL;
  /** The URL as it is shown. What stands behind `?` may be a secret: the signature of Azure and S3 is there. */
  readonly shown: string;
  readonly #options: ConnectionOptions;
  readonly #closed = new AbortController();
  /** In a browser, whose redirects cannot be seen: it is left to follow them. */
  #redirect: 'manual' | 'follow' = 'manual';

  constructor(url: URL, options: ConnectionOptions) {
    this.url = url;
    this.shown = `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;
    this.#options = options;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** Says why `bytes` in `elapsed` milliseconds, over any number of requests, are too few to go on. */
  slowness(bytes: number, elapsed: number): TransientError | undefined {
    return slowness(bytes, elapsed, this.#options.minBytesPerSecond);
  }

  /** Ends all requests. */
  close(): void {
    this.#closed.abort(
      new VhdxError('VHDX_SOURCE_IO', { message: `Cannot read ${this.shown}: the source has been closed.` }),
    );
  }

  requireOpen(): void {
    this.#closed.signal.throwIfAborted();
  }

  /**
   * Makes a request and gives its answer to `use`. The rest of a body that `use` does not read is given up.
   *
   * @throws TransientError if the network fails, nothing comes for the time of the timeout, or the body comes too slowly;
   * VhdxError VHDX_SOURCE_ANSWER_INVALID for a redirect that is not followed; the signal's reason; the reason of a closed
   * source; and what `use` throws.
   */
  async exchange<T>(
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
    use: (exchange: Exchange) => Promise<T>,
  ): Promise<T> {
    const { clock, timeout } = this.#options;
    const { controller: request, unlink } = this.#linked(signal);
    const pace = new Pace(this.#options);
    let missing = 'the server did not answer within';
    let stop = (): void => undefined;
    const alive = (): void => {
      stop();
      stop = clock.timer(timeout, () => {
        request.abort(new TransientError(`${missing} ${timeout / 1000} s`));
      });
    };
    try {
      alive();
      const response = await this.#network(this.#send(headers, request.signal), request.signal);
      missing = 'the server sent nothing for';
      alive();
      pace.answered();
      const readBody = async (take: (bytes: Uint8Array) => void): Promise<void> => {
        const reader = response.body?.getReader();
        if (reader === undefined) return;
        for (;;) {
          const { done, value } = await this.#network(reader.read(), request.signal);
          if (done) return;
          alive();
          take(value);
          pace.received(value.length);
        }
      };
      return await use({ response, readBody });
    } finally {
      stop();
      unlink();
      // Nothing to give up if the body has been read.
      request.abort();
    }
  }

  /**
   * Runs `attempt` until it succeeds, with pauses after passing failures.
   *
   * @throws VhdxError VHDX_SOURCE_UNAVAILABLE after the last; and what else `attempt` throws.
   */
  async retrying<T>(signal: AbortSignal | undefined, attempt: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        await this.recover(error, failures, signal);
      }
    }
  }

  /**
   * Waits after `failures` failures one after the other, the last of which is `failure`.
   *
   * @throws VhdxError VHDX_SOURCE_UNAVAILABLE if there have been enough of them; the signal's reason.
   */
  async recover(failure: TransientError, failures: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock, retries } = this.#options;
    const pause = pauseAfter(failures, failure.retryAfter, clock);
    if (failures > retries || pause === undefined) throw finalError(failure, this.shown, failures);
    const { controller, unlink } = this.#linked(signal);
    try {
      controller.signal.throwIfAborted();
      await clock.pause(pause, controller.signal);
    } finally {
      unlink();
    }
  }

  /**
   * A controller that is aborted with `signal` and when the source is closed. AbortSignal.any would do the same, but
   * keeps memory for every request as long as `signal` lives (Node 20).
   */
  #linked(signal: AbortSignal | undefined): { controller: AbortController; unlink: () => void } {
    const controller = new AbortController();
    const givers = signal === undefined ? [this.#closed.signal] : [signal, this.#closed.signal];
    const cuts = givers.map((giver) => follow(giver, controller));
    const unlink = (): void => {
      for (const cut of cuts) cut();
    };
    return { controller, unlink };
  }

  /**
   * Makes the request, and follows redirects: that is done here, because `fetch` hands all headers but the best known
   * secrets on to another origin.
   */
  async #send(own: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    const { maxRedirects } = this.#options;
    let { url } = this;
    let { headers } = this.#options;
    for (let hops = 0; ; hops += 1) {
      const response = await this.#ask(url, headers, own, signal);
      if (response.type === 'opaqueredirect') return this.#letFollow(own, signal);
      const next = redirectOf(response, url, this.shown);
      if (next === undefined) return response;
      // Its body keeps the connection busy.
      response.body?.cancel().catch(() => undefined);
      if (hops >= maxRedirects) {
        const what = maxRedirects === 0 ? 'the server redirects' : `more than ${maxRedirects} redirects`;
        throw httpError('VHDX_SOURCE_ANSWER_INVALID', this.shown, what);
      }
      // Also on the way back: whoever is in between could have chosen it.
      if (next.origin !== url.origin) headers = headersForAnyone(headers);
      url = next;
    }
  }

  /** Has the browser follow redirects, if it hands nothing on that is meant for the first origin. */
  #letFollow(own: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    const { headers, maxRedirects } = this.#options;
    if (maxRedirects === 0 || !mayBrowserFollow(headers)) {
      const why = 'the server redirects, and a page cannot see where to: its headers might go to another origin';
      throw httpError('VHDX_SOURCE_ANSWER_INVALID', this.shown, why);
    }
    this.#redirect = 'follow';
    return this.#ask(this.url, headers, own, signal);
  }

  async #ask(
    { href }: URL,
    callers: Headers,
    own: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    signal.throwIfAborted();
    const headers = new Headers(callers);
    for (const [name, value] of Object.entries(own)) headers.set(name, value);
    // Accept-Encoding is not among them: with a Range, `fetch` asks by itself for bytes that are not compressed.
    // A cache of the browser would keep ranges of different versions, and disks that are larger than it.
    return this.#options.fetch(href, { headers, signal, cache: 'no-store', redirect: this.#redirect });
  }

  /** What comes over the network, in time; why it does not is told apart from mistakes of this library. */
  async #network<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await abortable(promise, signal);
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      if (cause instanceof VhdxError) throw cause;
      throw new TransientError(`the network failed: ${describe(cause)}`, { cause });
    }
  }
}

/** Has `controller` aborted with `signal`, until the returned function is called. */
function follow(signal: AbortSignal, controller: AbortController): () => void {
  const abort = (): void => {
    controller.abort(signal.reason);
  };
  if (!signal.aborted) return onAbort(signal, abort);
  abort();
  return () => undefined;
}

/** Node says only "fetch failed"; why stands in the cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause instanceof Error ? error.cause.message : '';
  return inner === '' ? error.message : `${error.message} (${inner})`;
}
