/** The headers of requests for images on servers. */
import { readFileSync } from 'node:fs';
import { systemPath } from '../../node.js';
import { UsageError } from '../usage-error.js';
import { findLogin } from './netrc.js';

/** Where the headers of requests come from. */
export interface HeaderOptions {
  /** `Name: value`, or `@FILE` with one a line. */
  readonly header?: readonly string[] | undefined;
  /** A file in the form of netrc. */
  readonly netrc?: string | undefined;
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(systemPath(path), 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${what} ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** Adds a header. What is wrong is said without its text: it is a secret as a rule. */
function addLine(headers: Headers, line: string, origin: string): void {
  const colon = line.indexOf(':');
  const name = colon === -1 ? '' : line.slice(0, colon).trim();
  if (name === '') throw new UsageError(`a header of ${origin} does not have the form 'Name: value'`);
  if (/^(?:range|if-range|host|content-length|connection|accept-encoding)$/i.test(name)) {
    throw new UsageError(`a header of ${origin} is ${name}, which is not for users to set`);
  }
  // RFC 9110 5.5: visible letters, spaces and tabs; bytes above stand for themselves.
  if (!/^[\t\u0020-\u007e\u0080-\u00ff]*$/.test(line)) {
    throw new UsageError(`a header of ${origin} has letters that a header cannot have`);
  }
  try {
    headers.set(name, line.slice(colon + 1).trim());
  } catch {
    throw new UsageError(`a header of ${origin} has letters that a header cannot have`);
  }
}

function basic(login: string, password: string): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

/**
 * The headers of the requests for `url`: those of the environment (VHDX_HTTP_HEADERS), over them those of the options;
 * and, where none of them is Authorization, the user and password in the URL or in a netrc file (`netrc`, else NETRC).
 *
 * @throws UsageError
 */
export function headersFor(
  url: URL,
  { header = [], netrc }: HeaderOptions,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const headers = new Headers();
  for (const line of linesOf(env['VHDX_HTTP_HEADERS'] ?? '')) addLine(headers, line, 'VHDX_HTTP_HEADERS');
  for (const each of header) {
    if (!each.startsWith('@')) addLine(headers, each, '--header');
    else for (const line of linesOf(readText(each.slice(1), 'the headers in'))) addLine(headers, line, each.slice(1));
  }
  if (!headers.has('authorization')) {
    const file = netrc ?? env['NETRC'] ?? '';
    if (url.username !== '' || url.password !== '') {
      headers.set('authorization', basic(decodeURIComponent(url.username), decodeURIComponent(url.password)));
    } else if (file !== '') {
      const found = findLogin(readText(file, 'the netrc file'), url.hostname);
      if (found !== undefined) headers.set('authorization', basic(found.login, found.password));
    }
  }
  return Object.fromEntries(headers);
}
