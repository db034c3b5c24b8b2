import type { VhdxDisk } from './disk.js';

/** The disk, its parent, and so on. */
export function levelsOf(disk: VhdxDisk): VhdxDisk[] {
  return [disk, ...(disk.parent === undefined ? [] : levelsOf(disk.parent))];
}

/** Names the files of the disk and its parents, as far as they have names. */
export function identitiesOf(disk: VhdxDisk): string[] {
  return levelsOf(disk).flatMap(({ image: { source } }) => (source.identity === undefined ? [] : [source.identity]));
}
