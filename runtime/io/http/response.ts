/** What the headers of an HTTP response say: ranges, validators, faults. */
import { type VhdxCode, VhdxError } from '../../errors/errors.js';
import { excerpt, quote } from '../../base/excerpt.js';
import { type Clock, parseRetryAfter, TransientError } from './retry.js';

/** What tells one version of a file from another. RFC 9110 8.8 */
export interface Validator {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** What If-Range can be given: a strong ETag, or a date that is old enough to be one of its own. RFC 9110 13.1.5 */
  readonly strong: string | undefined;
}

/** Which bytes of the file an answer brings. */
export interface AnswerRange {
  /** First byte. */
  readonly start: number;
  /** First byte behind. */
  readonly end: number;
  /** Bytes of the whole file. */
  readonly size: number;
}

/** An error that no further request would mend. */
export function httpError(code: VhdxCode, url: string, what: string): VhdxError {
  return new VhdxError(code, { message: `Cannot read ${url}: ${what}.` });
}

export function readValidator({ headers }: Response): Validator {
  const etag = headers.get('etag') ?? undefined;
  const lastModified = headers.get('last-modified') ?? undefined;
  if (etag !== undefined) {
    return { etag, lastModified, strong: etag.startsWith('"') ? etag : undefined };
  }
  // A file that changes twice within a second has one date for two versions.
  const age = Date.parse(headers.get('date') ?? '') - Date.parse(lastModified ?? '');
  return { etag, lastModified, strong: age >= 1000 ? lastModified : undefined };
}

/**
 * In which header the answer shows another version of the file than `opened`, if it does.
 *
 * @param vouched whether the server was told the version and had to answer otherwise with 200. It may then leave the
 * date out (RFC 9110 15.3.7).
 */
export function findChange(opened: Validator, response: Response, vouched: boolean): string | undefined {
  const now = readValidator(response);
  const differs = (before: string | undefined, after: string | undefined): boolean =>
    before !== undefined && before !== after && !(after === undefined && vouched);
  const describe = (name: string, before = '', after = 'no longer given'): string =>
    `its ${name} was ${excerpt(before)} and is ${excerpt(after)}`;
  if (opened.etag !== undefined) {
    return differs(opened.etag, now.etag) ? describe('ETag', opened.etag, now.etag) : undefined;
  }
  const { lastModified } = opened;
  return differs(lastModified, now.lastModified)
    ? describe('Last-Modified', lastModified, now.lastModified)
    : undefined;
}

/** A server of another origin shows a page only the headers that it lists. */
function hint(response: Response, header: string): string {
  return response.type === 'cors'
    ? `; a server of another origin has to list ${header} in Access-Control-Expose-Headers`
    : '';
}

/** Statuses below 500 that say: later. RFC 9110 15.5.9, RFC 6585 4 */
const LATER: ReadonlySet<number> = new Set([408, 429]);

const REFUSALS: Readonly<Record<number, VhdxCode>> = {
  401: 'VHDX_SOURCE_NOT_PERMITTED',
  403: 'VHDX_SOURCE_NOT_PERMITTED',
  404: 'VHDX_SOURCE_NOT_FOUND',
  407: 'VHDX_SOURCE_NOT_PERMITTED',
  410: 'VHDX_SOURCE_NOT_FOUND',
};

/**
 * Lets an answer through whose status is 200, 206 or 416, and whose bytes are those of the file.
 *
 * @throws VhdxError VHDX_SOURCE_NOT_PERMITTED, VHDX_SOURCE_NOT_FOUND, VHDX_SOURCE_REQUEST_REFUSED,
 * VHDX_SOURCE_ANSWER_INVALID; TransientError.
 */
export function requireUsable(response: Response, url: string, clock: Clock): void {
  const { status, statusText, headers } = response;
  const said = `the server answered ${status}${statusText === '' ? '' : ` ${excerpt(statusText)}`}`;
  if (status >= 500 || LATER.has(status)) {
    throw new TransientError(said, { retryAfter: parseRetryAfter(headers.get('retry-after'), clock) });
  }
  if (status !== 200 && status !== 206 && status !== 416) {
    const other = status >= 400 ? 'VHDX_SOURCE_REQUEST_REFUSED' : 'VHDX_SOURCE_ANSWER_INVALID';
    throw httpError(REFUSALS[status] ?? other, url, said);
  }
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity') {
    // Offsets would be those of the encoded bytes.
    throw httpError(
      'VHDX_SOURCE_ANSWER_INVALID',
      url,
      `the server encoded its answer (Content-Encoding: ${excerpt(encoding)})`,
    );
  }
}

/**
 * The range that a 206 brings. It begins with the byte that was asked for, and may end before the last.
 *
 * @param start first byte asked for. @param end first byte behind those asked for.
 * @throws VhdxError VHDX_SOURCE_ANSWER_INVALID.
 */
export function readContentRange(response: Response, start: number, end: number, url: string): AnswerRange {
  const invalid = (what: string): VhdxError => httpError('VHDX_SOURCE_ANSWER_INVALID', url, what);
  const { headers } = response;
  const type = headers.get('content-type') ?? '';
  if (/^multipart\/byteranges/i.test(type)) throw invalid('the server answered one range with several');
  const value = headers.get('content-range');
  const asked = `bytes ${start}-${end - 1} were asked for`;
  if (value === null) {
    throw invalid(`the answer has no Content-Range${hint(response, 'Content-Range')}`);
  }
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/i.exec(value.trim()) ?? [];
  const range = { start: Number(first), end: Number(last) + 1, size: Number(total) };
  const fits = range.start === start && range.end > start && range.end <= end && range.end <= range.size;
  if (!fits || !Number.isSafeInteger(range.size)) {
    throw invalid(`${asked}, but Content-Range is ${quote(value)}`);
  }
  return range;
}
