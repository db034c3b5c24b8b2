/** Completion of paths into a tree of structures, such as `chunks[3].body`. */
import type { Candidate } from './complete.js';

/** Paths that are offered: a long list helps nobody at a prompt. */
const MAX_PATHS = 200;

/** `headers[0]` of `headers[0].checksum` below the path ``, `.checksum` below `headers[0]`. */
const COMPONENT = /^\.?[^.[\]]+(?:\[[^\]]*\])?/;

/** What stands at a path. */
export interface PathNode {
  /** From the top: `entries[3].name`. */
  readonly path: string;
  /** The type as a user knows it: it describes the candidate. */
  readonly type: string;
}

/** The nodes below a path, which is empty for all. */
export type NodesBelow = (parent: string) => AsyncIterable<PathNode> | Iterable<PathNode>;

/** The paths one level below `parent`, each with the type of what is there. */
async function pathsBelow(parent: string, nodesBelow: NodesBelow): Promise<Candidate[]> {
  const paths = new Map<string, string>();
  for await (const { path, type } of nodesBelow(parent)) {
    const [component] = COMPONENT.exec(path.slice(parent.length)) ?? [];
    if (component === undefined) continue;
    const below = `${parent}${component}`;
    if (!paths.has(below)) paths.set(below, below === path ? type : '');
    if (paths.size === MAX_PATHS) break;
  }
  return Array.from(paths, ([value, description]) => ({ value, description }));
}

/** The paths that continue `current`: those one level below its last whole component, and below it, if it is a path itself. */
export async function pathCandidates(current: string, nodesBelow: NodesBelow): Promise<Candidate[]> {
  const siblings = await pathsBelow(current.slice(0, Math.max(0, current.lastIndexOf('.'))), nodesBelow);
  const isWhole = siblings.some(({ value }) => value === current);
  return isWhole ? [...siblings, ...(await pathsBelow(current, nodesBelow))] : siblings;
}
