/** Paths of images as reports for CI write them. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { systemPath } from '../../node.js';
import { isUrl } from '../sources/image-name.js';

/** What the paths of a report count from. */
export interface Locations {
  /** Folder that relative paths of the command start from. */
  readonly folder: string;
  /** Folder that relative paths of a report start from, for whoever shows it beside the sources. */
  readonly workspace: string;
}

/** The workspace of a GitHub job, else the top of the repository that `folder` is in, else `folder` itself. */
export function findLocations(folder: string, env: Readonly<Record<string, string | undefined>>): Locations {
  const given = env['GITHUB_WORKSPACE'] ?? '';
  if (given !== '') return { folder, workspace: resolve(folder, given) };
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return { folder, workspace: at };
    if (dirname(at) === at) return { folder, workspace: folder };
  }
}

function wayInto(folder: string, path: string): string | undefined {
  const way = relative(folder, path);
  return way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : way;
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The path as the report has it, with slashes: relative to the workspace, or absolute outside of it; an address without its query. */
export function locationOf(path: string, { folder, workspace }: Locations): string {
  if (isUrl(path)) return path.replace(/\?…$/, '');
  const whole = resolve(folder, path);
  // The workspace, or the way to it, may be a link.
  const way =
    wayInto(workspace, whole) ?? wayInto(real(workspace), join(real(dirname(whole)), relative(dirname(whole), whole)));
  return (way ?? whole).replaceAll(sep, '/');
}

/** `locationOf` as a reference for SARIF: the bytes of the path, percent-encoded. */
export function locationUri(path: string, locations: Locations): string {
  const location = locationOf(path, locations);
  if (isUrl(path)) return location;
  const encoded = location.split('/').map(percentEncode).join('/');
  if (location.startsWith('/')) return `file://${encoded}`;
  // The colon behind a drive stays.
  return isAbsolute(location) ? `file:///${encoded.replace('%3A', ':')}` : encoded;
}

function percentEncode(part: string): string {
  const bytes = systemPath(part);
  // Through bytes: a lone surrogate would be refused.
  if (typeof bytes === 'string') return encodeURIComponent(Buffer.from(bytes).toString());
  return Array.from(bytes, (byte) =>
    byte < 0x80 ? encodeURIComponent(String.fromCodePoint(byte)) : `%${byte.toString(16).toUpperCase()}`,
  ).join('');
}
