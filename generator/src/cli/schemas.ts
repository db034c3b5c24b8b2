/** Which schemas are meant: files, and all below a folder. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../diagnostics.js';

export const EXTENSION = '.ksy';
/** Folders of other people's files. */
const SKIPPED = new Set(['node_modules', '.git']);

/** The schemas at `path`: itself, or those below it. @throws {Error} where there are none */
export function schemasAt(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const found = schemasBelow(path);
  if (found.length === 0) throw new Error(`${path}: no ${EXTENSION} file is below this folder`);
  return found.toSorted(compareText);
}

/** Links are not followed: a folder that leads back to itself has no end. */
function schemasBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : schemasBelow(path);
    return entry.name.endsWith(EXTENSION) ? [path] : [];
  });
}
