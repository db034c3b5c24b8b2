/** Completion of the paths that `vhdx tree` takes, by the structures that the image has. */
import { pathCandidates, type Candidate } from 'ksy-ts/completion';
import { imageTree } from '../../index.js';
import { openFile } from '../../node.js';

/** Milliseconds until a slow image is given up: a shell waits for the answer. */
const PATIENCE_MS = 2000;

/** The paths that continue `current`. None if the image cannot be read. */
export async function treePaths(image: string, current: string): Promise<readonly Candidate[]> {
  try {
    const source = await openFile(image);
    try {
      return await pathCandidates(current, (parent) => {
        const options = { signal: AbortSignal.timeout(PATIENCE_MS), ...(parent === '' ? {} : { path: parent }) };
        return imageTree(source, options);
      });
    } finally {
      await source.close();
    }
  } catch {
    // The command itself says what is wrong with the image.
    return [];
  }
}
