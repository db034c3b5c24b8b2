/** Paths and `file:` URLs of callers. */
import { fileURLToPath } from 'node:url';
import { describeValue } from '../../base/arguments.js';

function hintOf(value: unknown): string {
  if (value instanceof URL) return ': `openUrl` of vhdx reads from a server';
  if (typeof value !== 'object' || value === null) return '';
  return 'fd' in value ? ': `NodeHandleSource.open` takes a FileHandle' : '';
}

/**
 * The path that a caller names a file by: as it is, or as a `file:` URL.
 *
 * @throws TypeError for anything else, and for a `file:` URL that names no path of this host
 */
export function pathOf(path: string | URL): string {
  if (typeof path === 'string') return path;
  const given: unknown = path;
  if (given instanceof URL && given.protocol === 'file:') return fileURLToPath(given);
  throw new TypeError(`expected a path or a file: URL, not ${describeValue(given)}${hintOf(given)}`);
}
