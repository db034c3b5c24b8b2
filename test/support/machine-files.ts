/** Files that happen to be on this machine, to read real data with. */
import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

const PLACES = ['/usr/share', '/usr/lib', '/usr/bin', '/lib/terminfo'];
const MAX_VISITED = 200_000;

/** Up to `count` files for each name pattern, none above `maxSize` bytes; the same ones each time, as long as nothing is installed. */
export function findFiles(
  patterns: ReadonlyMap<string, RegExp>,
  count: number,
  maxSize: number,
): Map<string, string[]> {
  const found = new Map([...patterns.keys()].map((name): [string, string[]] => [name, []]));
  const folders = [...PLACES];
  for (let visited = 0; folders.length > 0 && visited < MAX_VISITED;) {
    const folder = folders.shift() ?? '';
    for (const entry of entriesOf(folder)) {
      visited++;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      if (!entry.isFile()) continue;
      for (const [name, pattern] of patterns) {
        const list = found.get(name) ?? [];
        if (list.length < count && pattern.test(path) && isSmall(path, maxSize)) list.push(path);
      }
    }
    if ([...found.values()].every((list) => list.length >= count)) break;
  }
  return found;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function isSmall(path: string, maxSize: number): boolean {
  try {
    const { size } = statSync(path);
    return size > 0 && size <= maxSize;
  } catch {
    return false;
  }
}
