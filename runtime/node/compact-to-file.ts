/** Compacts an image into a new file. */
import { requireOptions } from '../base/arguments.js';
import type { ApplyOptions } from '../change/apply.js';
import { type CompactCopyReport, copyCompacted } from '../change/compact.js';
import type { CompactRequest } from '../change/compact-request.js';
import type { OutputOptions, SyncOptions } from '../io/node/atomic-file.js';
import { makeFile } from '../io/node/atomic-target.js';
import { pathOf } from '../io/node/path.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';

/** How a compacted copy is to be made; `move` means nothing for it, and its blocks are sorted anyway. */
export interface CompactToFileOptions
  extends Omit<CompactRequest, 'move' | 'sort' | 'punchHoles'>, ApplyOptions, OutputOptions, SyncOptions {}

/**
 * Writes a compacted copy of an image to `path`, as `copyCompacted` of `vhdx/change`. The file has its name when it is
 * complete, and not before; what goes wrong leaves nothing behind. The source stays open.
 *
 * @throws VhdxError as `copyCompacted` and `makeFile`
 */
export async function compactToFile(
  input: Bytes,
  path: string | URL,
  options: CompactToFileOptions = {},
): Promise<CompactCopyReport> {
  requireOptions(options);
  const source = toByteSource(input);
  const { force, sync, onLeftover, signal, fileWriteGuid, dataWriteGuid, onProgress, ...request } = options;
  const sources = source.identity === undefined ? [] : [source.identity];
  return makeFile(pathOf(path), { force, sync, onLeftover, signal, sources }, (target) =>
    copyCompacted(source, target, request, { signal, fileWriteGuid, dataWriteGuid, onProgress }),
  );
}
