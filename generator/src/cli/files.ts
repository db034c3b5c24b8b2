/** Files and folders as the command reads them. */
import { readFileSync } from 'node:fs';
import { STDIN } from './schemas.js';
import { reasonOf } from '../diagnostics.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'reading it is not permitted',
  EISDIR: 'is a folder',
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  ERR_FS_FILE_TOO_LARGE: 'is too large to be read at once',
};

/** A file's bytes, or those of standard input (`-`). @throws {Error} that says why there are none, but not of which file */
export function readBytes(path: string): Uint8Array {
  try {
    // Of an array of its own: small files share one in Node.
    return Uint8Array.from(readFileSync(path === STDIN ? 0 : path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new Error(REASONS[code] ?? reasonOf(error), { cause: error });
  }
}

/** A file's text; undefined where there is none. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
