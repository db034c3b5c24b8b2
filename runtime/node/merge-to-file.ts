/** Merges a chain into a new file. */
import { requireOptions } from '../base/arguments.js';
import type { ApplyOptions, ChangeReport } from '../change/apply.js';
import { Copier } from '../change/copies.js';
import { type MergePlan, mergeImage, type MergeRequest } from '../change/merge.js';
import { identitiesOf } from '../disk/levels.js';
import { VhdxError } from '../errors/errors.js';
import { readInto } from '../io/byte-source.js';
import type { OutputOptions, SyncOptions } from '../io/node/atomic-file.js';
import { makeFile } from '../io/node/atomic-target.js';
import { pathOf } from '../io/node/path.js';

/** How a child is to be merged into a copy of its parent. */
export interface MergeToFileOptions
  extends Omit<MergeRequest, 'child' | 'otherChildren' | 'force'>, ApplyOptions, OutputOptions, SyncOptions {}

/**
 * Copies the image of a parent to `path` and merges the child into the copy, as `mergeImage` of `vhdx/change`; all
 * images that are read stay as they are. The file has its name when it is complete, and not before; what goes wrong
 * leaves nothing behind. The copy of a differencing parent has the same paths to its own parent.
 *
 * @throws VhdxError as `mergeImage` and `makeFile`
 */
export async function mergeToFile(
  child: MergeRequest['child'],
  path: string | URL,
  options: MergeToFileOptions = {},
): Promise<ChangeReport<MergePlan>> {
  requireOptions(options);
  const { force, sync, onLeftover, depth = 1, ...rest } = options;
  const { signal, onProgress } = rest;
  const parent = child.levels()[depth]?.image.source;
  if (parent === undefined) {
    throw new VhdxError('VHDX_MERGE_TARGET_UNFIT', { message: `The child has no parent ${depth} images away.` });
  }
  const sources = identitiesOf(child);
  return makeFile(pathOf(path), { force, sync, onLeftover, signal, sources }, async (target) => {
    let done = 0;
    await new Copier().copy([{ from: 0, to: 0, length: parent.size }], async ({ from, to }, buffer) => {
      await readInto(parent, buffer, from, { signal });
      await target.write(buffer, to);
      done += buffer.length;
      onProgress?.(done);
    });
    return mergeImage(
      target,
      { child, depth },
      { ...rest, onProgress: onProgress === undefined ? undefined : (bytes) => onProgress(parent.size + bytes) },
    );
  });
}
