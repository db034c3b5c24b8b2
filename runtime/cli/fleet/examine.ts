/** Checks one image, in whatever thread. */
import { type ByteSource, checkChain, checkImage, type CheckReport, type Profile } from '../../index.js';
import { parentResolver } from '../commands/open-disk.js';
import type { ImageReport } from '../reports/outcome.js';
import { nameOfSource, openSource, type SourceCommandOptions } from '../sources/open-source.js';

/** How images are checked. Can be sent to another thread. */
export interface Examination extends SourceCommandOptions {
  readonly profiles: readonly Profile[];
  /** How many findings of a kind a report lists at most. */
  readonly findingsPerGroup?: number;
  /** Whether parents are checked. */
  readonly chain: boolean;
  readonly parent?: string;
  /** Folders that parents may be in beside that of an image. */
  readonly parentRoots: readonly string[];
}

/** What a report lists: the summary of a log can be long, and stays behind. */
function listed({ verdict, findings, groups, counts, view, space, checked }: CheckReport): ImageReport {
  return { verdict, findings, groups, counts, view, space, checked };
}

/**
 * Checks an image, and its parents if that is wanted.
 *
 * @throws VhdxError, UsageError as `openSource` and `checkImage`
 */
export async function examine(image: string, options: Examination): Promise<ImageReport> {
  const { profiles, chain, parentRoots, findingsPerGroup } = options;
  const source = await openSource(image, options);
  try {
    if (!chain) return listed(await checkImage(source, { profiles, findingsPerGroup }));
    const parent = parentResolver({ ...options, parentRoot: parentRoots });
    const nameOf = (found: ByteSource, depth: number): string => nameOfSource(found) || `parent ${depth}`;
    const report = await checkChain(source, { profiles, findingsPerGroup, parent, nameOf });
    return { ...listed(report), parents: report.parents };
  } finally {
    await source.close();
  }
}
