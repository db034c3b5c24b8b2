/** What an image and its parents are known by from one check to the next. */
import { readImageState } from '../../format.js';
import { openDisk, VhdxError, type ByteSource } from '../../index.js';
import { type ParentCommandOptions, parentResolver } from '../commands/open-disk.js';
import { type ImageSource, nameOfSource, openSource } from '../sources/open-source.js';

/** A line for the image, and one for each of its parents. */
export type Identity = readonly string[];

export function isSame(one: Identity | undefined, other: Identity | undefined): boolean {
  if (one === undefined || other === undefined || one.length !== other.length) return false;
  return one.every((line, index) => line === other[index]);
}

/**
 * File state (size and times, or ETag), and what a writer changes of the header. `undefined` if one of them is not known:
 * such an image cannot be recognised. What the host has allocated is left out: it changes while nothing is written, and
 * makes no verdict.
 */
async function lineOf(source: ByteSource): Promise<string | undefined> {
  const revision = await source.revision?.();
  if (revision === undefined) return undefined;
  const state = await readImageState(source);
  if (state === undefined) return undefined;
  const { sequenceNumber, dataWriteGuid } = state;
  return JSON.stringify([revision, String(sequenceNumber), dataWriteGuid]);
}

/** The lines of the images of a chain, those of parents with their names; opened anew, as a check opens it. */
async function chainLines(image: string, options: ParentCommandOptions): Promise<Identity | undefined> {
  const source = await openSource(image, options);
  const disk = await openDisk(source, { parent: parentResolver(options) });
  try {
    const lines: string[] = [];
    for (const [depth, level] of disk.levels().entries()) {
      const line = await lineOf(level.image.source);
      if (line === undefined) return undefined;
      lines.push(depth === 0 ? line : `${nameOfSource(level.image.source)} ${line}`);
    }
    return lines;
  } finally {
    await disk.close();
  }
}

/**
 * The identity of the image in `source`; with `chain` that of its parents too, which are looked for as a check does.
 * `undefined` if it has none that can be relied on; also for a chain that cannot be opened, since that is not clean.
 *
 * @throws VhdxError as `openSource` and `source`
 */
export async function identify(
  image: string,
  source: ImageSource,
  options: ParentCommandOptions & { readonly chain: boolean },
): Promise<Identity | undefined> {
  const own = await lineOf(source);
  if (own === undefined) return undefined;
  if (!options.chain) return [own];
  try {
    const lines = await chainLines(image, options);
    // Another file may have the name by now.
    return lines?.[0] === own ? lines : undefined;
  } catch (error) {
    if (error instanceof VhdxError) return undefined;
    throw error;
  }
}
