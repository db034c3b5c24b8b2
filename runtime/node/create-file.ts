/** Creates an image file. */
import { requireOptions, requireString } from '../base/arguments.js';
import { identitiesOf } from '../disk/levels.js';
import { openDisk, type VhdxDisk } from '../disk/disk.js';
import { VhdxError } from '../errors/errors.js';
import type { OutputOptions } from '../io/node/atomic-file.js';
import { makeFile } from '../io/node/atomic-target.js';
import { NodeFileSource } from '../io/node/file-source.js';
import { pathOf } from '../io/node/path.js';
import { parentPaths } from './parent-paths.js';
import { nodeParentResolver } from './parent-resolver.js';
import { takeOver } from '../io/take-over.js';
import { type CreateOptions, type CreateReport, createVhdx } from '../create/create.js';
import type { NewParent } from '../create/options.js';

/** Options of `createFile`. */
export interface CreateFileOptions extends Omit<CreateOptions, 'parent' | 'contents'>, OutputOptions {
  /** Path of the parent of a differencing disk. */
  readonly parent?: string | undefined;
  /** Folders, besides its own, that the parent's own parents may be in. */
  readonly parentRoots?: readonly string[] | undefined;
}

/** Result of a creation. */
export interface CreateFileReport extends CreateReport {
  /** True if the parent has a log that must be replayed before anything writes to it, by what keeps its DataWriteGuid. */
  readonly parentLogPending: boolean;
}

/**
 * Creates an image file. It gets its name only when it is complete and on stable storage; a failure leaves no file
 * behind. A parent is only read, must not be open for writing, and its whole chain must be sound. A pending log of the
 * parent is permitted, since its replay changes nothing that a child sees.
 *
 * @throws VhdxError and TypeError as `createVhdx`, `openDisk` for the parent, and `makeFile`
 */
export async function createFile(path: string | URL, options: CreateFileOptions): Promise<CreateFileReport> {
  const to = pathOf(path);
  requireOptions(options);
  requireString(options.parent, 'parent');
  const { parent: parentPath, parentRoots, force, onLeftover, ...rest } = options;
  if (parentPath === undefined) {
    const report = await makeFile(to, { force, onLeftover, sync: true, signal: rest.signal }, (target) =>
      createVhdx(target, rest),
    );
    return { ...report, parentLogPending: false };
  }
  const disk = await openParent(parentPath, parentRoots);
  try {
    const parent: NewParent = { image: disk.image, ...(await parentPaths(to, parentPath)) };
    const sources = identitiesOf(disk);
    const report = await makeFile(to, { force, sources, onLeftover, sync: true, signal: rest.signal }, (target) =>
      createVhdx(target, { ...rest, parent }),
    );
    return { ...report, parentLogPending: disk.image.log.state !== 'clean' };
  } finally {
    await disk.close();
  }
}

async function openParent(path: string, roots: readonly string[] | undefined): Promise<VhdxDisk> {
  const source = await NodeFileSource.open(path);
  try {
    return await takeOver(source, async () => {
      // What writes to it gives it another DataWriteGuid, and it would be the parent of nobody.
      await source.keepFromWriters();
      return openDisk(source, { parent: nodeParentResolver({ roots }) });
    });
  } catch (cause) {
    if (!(cause instanceof VhdxError)) throw cause;
    const { code, message, fileOffset } = cause;
    throw new VhdxError(code, { message: `The parent ${path} cannot be used. ${message}`, fileOffset, cause });
  }
}
