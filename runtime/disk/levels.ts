/** A disk and its parents as a list. */
import type { VhdxDisk } from './disk.js';

/** Names the files of the disk and its parents, as far as they have names. */
export function identitiesOf(disk: VhdxDisk): string[] {
  return disk.levels().flatMap(({ image: { source } }) => (source.identity === undefined ? [] : [source.identity]));
}
