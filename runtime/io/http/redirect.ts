/** Redirects, and which headers go along with them. */
import { httpError } from './response.js';

/** Statuses that name another place in Location, which is asked for in the same way. RFC 9110 15.4 */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What another origin is sent of the caller's headers: what says nothing of the caller's rights. */
const FOR_ANYONE: ReadonlySet<string> = new Set(['accept', 'accept-language', 'user-agent']);

/** What browsers themselves keep from another origin. Fetch 4.4, HTTP-redirect fetch */
const KEPT_BY_BROWSERS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** What `headers` has for any origin. */
export function headersForAnyone(headers: Headers): Headers {
  return new Headers([...headers].filter(([name]) => FOR_ANYONE.has(name)));
}

/** Whether a browser, whose redirects nothing here can see, may follow them with these headers. */
export function mayBrowserFollow(headers: Headers): boolean {
  return [...headers].every(([name]) => FOR_ANYONE.has(name) || KEPT_BY_BROWSERS.has(name));
}

/** Names of the host itself, and the addresses of its network where clouds tell secrets: for no server to point at. */
function isPrivateToHost({ hostname }: URL): boolean {
  return (
    /(?:^|\.)localhost\.?$/.test(hostname) ||
    /^(?:127\.|169\.254\.|0\.)/.test(hostname) ||
    /^\[(?:::1?|fe[89ab][0-9a-f]:.*|::ffff:(?:7f|a9fe|0)[0-9a-f]*:.*)\]$/.test(hostname)
  );
}

/**
 * Where an answer sends the request on; `undefined` if it does not.
 *
 * @param from what was asked for
 * @throws VhdxError VHDX_SOURCE_ANSWER_INVALID for a place that is not followed: no HTTP, with a user or a password, or
 * on the host itself if `from` is not
 */
export function redirectOf(response: Response, from: URL, shown: string): URL | undefined {
  const location = response.headers.get('location');
  if (!REDIRECTS.has(response.status) || location === null) return undefined;
  const refuse = (why: string): never => {
    throw httpError('VHDX_SOURCE_ANSWER_INVALID', shown, `the server redirects to ${why}, which is not followed`);
  };
  if (!URL.canParse(location, from)) return refuse('what is no URL');
  const to = new URL(location, from);
  if (to.protocol !== 'http:' && to.protocol !== 'https:') return refuse(`a ${to.protocol} URL`);
  if (to.username !== '' || to.password !== '') return refuse('a URL with a user or password');
  if (isPrivateToHost(to) && !isPrivateToHost(from)) return refuse(`this host itself (${to.hostname})`);
  to.hash = '';
  return to;
}
