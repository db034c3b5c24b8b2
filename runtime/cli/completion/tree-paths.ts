/** Completion of the paths that `vhdx tree` takes, by the structures that the image has. */
import { imageTree } from '../../index.js';
import { openFile } from '../../node.js';

/** Paths that are offered: a long list helps nobody at a prompt. */
const MAX_PATHS = 200;
/** Milliseconds until a slow image is given up: a shell waits for the answer. */
const PATIENCE_MS = 2000;

type Described = readonly [path: string, description: string];

/** `headers[0]` of `headers[0].checksum` below the path ``, `.checksum` below `headers[0]`. */
const COMPONENT = /^\.?[^.[\]]+(?:\[[^\]]*\])?/;

/** The paths one level below `parent`, which is empty for those of the image. */
async function pathsBelow(image: string, parent: string): Promise<Described[]> {
  const source = await openFile(image);
  try {
    const paths = new Map<string, string>();
    const options = { signal: AbortSignal.timeout(PATIENCE_MS), ...(parent === '' ? {} : { path: parent }) };
    for await (const { path, type } of imageTree(source, options)) {
      const [component] = COMPONENT.exec(path.slice(parent.length)) ?? [];
      if (component === undefined) continue;
      const below = `${parent}${component}`;
      if (!paths.has(below)) paths.set(below, below === path ? type : '');
      if (paths.size === MAX_PATHS) break;
    }
    return [...paths];
  } finally {
    await source.close();
  }
}

/**
 * The paths that continue `current`: those one level below its last whole component, and below it, if it is a path itself.
 * Each with the type of what is there. None if the image cannot be read.
 */
export async function treePaths(image: string, current: string): Promise<readonly Described[]> {
  try {
    const siblings = await pathsBelow(image, current.slice(0, Math.max(0, current.lastIndexOf('.'))));
    const isWhole = siblings.some(([path]) => path === current);
    return isWhole ? [...siblings, ...(await pathsBelow(image, current))] : siblings;
  } catch {
    // The command itself says what is wrong with the image.
    return [];
  }
}
