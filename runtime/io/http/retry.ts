/** When a failed request is repeated, and after how long. */
import { abortable } from '../abort.js';
import { type VhdxCode, VhdxError } from '../../errors/errors.js';

/** Time and chance as the HTTP source sees them, so that tests need not wait. All times are milliseconds. */
export interface Clock {
  /** Since 1970-01-01 UTC. */
  now(): number;
  /** At least 0 and less than 1. */
  random(): number;
  /** Ends after `time`, or is rejected with the signal's reason when `signal` is aborted. */
  pause(time: number, signal: AbortSignal): Promise<void>;
  /** Calls `expire` after `time`, unless the returned function is called before. */
  timer(time: number, expire: () => void): () => void;
}

function timer(time: number, expire: () => void): () => void {
  const id = setTimeout(expire, time);
  return () => {
    clearTimeout(id);
  };
}

/** The clock of the host. */
export const HOST_CLOCK: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  timer,
  async pause(time, signal) {
    let cancel: (() => void) | undefined;
    const elapsed = new Promise<void>((resolve) => {
      cancel = timer(time, resolve);
    });
    try {
      await abortable(elapsed, signal);
    } finally {
      cancel?.();
    }
  },
};

/** A request failed, but the next one may succeed. Never leaves the HTTP source: `finalError` does. */
export class TransientError extends Error {
  /** What the server asks to wait before the next request, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(message: string, detail: { readonly cause?: unknown; readonly retryAfter?: number | undefined } = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.retryAfter = detail.retryAfter;
  }
}

/** The first pause is about this long, in milliseconds; each further one twice as long, … */
const FIRST_PAUSE = 250;
/** … but no longer than this. */
const LONGEST_PAUSE = 10_000;
/** A server that wants a longer pause is not going to answer while somebody waits: that is a failure, not a pause. */
const LONGEST_RETRY_AFTER = 60_000;

/**
 * Milliseconds to wait after the failure number `failures`, which counts from 1. Between half and all of an
 * exponentially growing time, by chance, so that many clients that failed together do not come back together; what the
 * server asks for counts if that is longer. `undefined` if the server asks for more than a minute.
 */
export function pauseAfter(failures: number, retryAfter: number | undefined, clock: Clock): number | undefined {
  if (retryAfter !== undefined && retryAfter > LONGEST_RETRY_AFTER) return undefined;
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1));
  return Math.max(retryAfter ?? 0, longest * (0.5 + clock.random() / 2));
}

/**
 * Milliseconds that a Retry-After header asks for: seconds or a date, which may be past; `undefined` if it says neither.
 * RFC 9110 10.2.3
 */
export function parseRetryAfter(value: string | null, clock: Clock): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date - clock.now();
}

/** What the caller is told when no further request is made. */
export function finalError(failure: TransientError, url: string, tries: number): VhdxError {
  const code: VhdxCode = 'VHDX_SOURCE_UNAVAILABLE';
  const times = tries === 1 ? '' : ` (${tries} tries)`;
  const later =
    failure.retryAfter !== undefined && failure.retryAfter > LONGEST_RETRY_AFTER
      ? `; the server asks to come back in ${Math.ceil(failure.retryAfter / 1000)} seconds`
      : '';
  return new VhdxError(code, {
    message: `Cannot read ${url}: ${failure.message}${later}${times}.`,
    cause: failure.cause,
  });
}
