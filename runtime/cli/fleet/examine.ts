/** Checks one image, in whatever thread. */
import { type ByteSource, checkChain, checkImage, type CheckReport, type Profile } from '../../index.js';
import { type ParentCommandOptions, parentResolver } from '../commands/open-disk.js';
import type { ImageReport } from '../reports/outcome.js';
import { type ImageSource, nameOfSource, openSource, type SourceCommandOptions } from '../sources/open-source.js';
import type { Identity } from './identity.js';

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
  /** Whether images that are clean are to be recognised in a later run. */
  readonly identifies?: boolean;
}

/** An image to check. */
export interface Task {
  readonly image: string;
  /** What it was known by when it was found clean: if it still is, it is not checked again. */
  readonly known?: Identity | undefined;
}

/** What came of a task. */
export interface Examined {
  /** Left out if the image is what it was known to be. */
  readonly report?: ImageReport;
  /** What a clean image can be known by from now on, if there is something that can be relied on. */
  readonly identity?: Identity;
}

/** What came of a task, or the error that it ended with, and how long that took. */
export type Timed = { readonly milliseconds: number } & ({ readonly examined: Examined } | { readonly error: unknown });

/** What a report lists: the summary of a log can be long, and stays behind. */
function listed({ verdict, findings, groups, counts, view, space, checked }: CheckReport): ImageReport {
  return { verdict, findings, groups, counts, view, space, checked };
}

async function check(
  source: ImageSource,
  { profiles, chain, findingsPerGroup }: Examination,
  parents: ParentCommandOptions,
): Promise<ImageReport> {
  if (!chain) return listed(await checkImage(source, { profiles, findingsPerGroup }));
  const parent = parentResolver(parents);
  const nameOf = (found: ByteSource, depth: number): string => nameOfSource(found) || `parent ${depth}`;
  const report = await checkChain(source, { profiles, findingsPerGroup, parent, nameOf });
  return { ...listed(report), parents: report.parents };
}

/** As `check`, unless the image is known. Its identity is that before and after the check. */
async function checkUnlessKnown(
  { image, known }: Task,
  source: ImageSource,
  options: Examination,
  parents: ParentCommandOptions,
): Promise<Examined> {
  const { identify, isSame } = await import('./identity.js');
  const how = { ...parents, chain: options.chain };
  const before = await identify(image, source, how);
  if (isSame(known, before)) return {};
  const report = await check(source, options, parents);
  if (before === undefined || report.verdict !== 'clean') return { report };
  const after = await identify(image, source, how);
  return isSame(before, after) ? { report, identity: before } : { report };
}

/**
 * Checks an image, and its parents if that is wanted.
 *
 * @throws VhdxError, UsageError as `openSource` and `checkImage`
 */
export async function examine(task: Task, options: Examination): Promise<Examined> {
  const source = await openSource(task.image, options);
  const parents = { ...options, parentRoot: options.parentRoots };
  try {
    if (options.identifies === true) return await checkUnlessKnown(task, source, options, parents);
    return { report: await check(source, options, parents) };
  } finally {
    await source.close();
  }
}
