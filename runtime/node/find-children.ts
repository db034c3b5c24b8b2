/** Finds the images beside a parent that name it. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SignalOptions } from '../base/options.js';
import { formatGuid } from '../base/guid.js';
import type { VhdxDisk } from '../disk/disk.js';
import { identitiesOf } from '../disk/levels.js';
import { VhdxError } from '../errors/errors.js';
import { linkagesOf } from '../format/parent-locator.js';
import { readVhdx, type VhdxImage } from '../image/open.js';
import { NodeFileSource } from '../io/node/file-source.js';
import { pathOf } from '../io/node/path.js';

/** Names that images have: those of checkpoints too. */
const IMAGE_NAME = /\.(?:a?vhdx|vhdpmem|mrt)$/i;

/** The DataWriteGuids that the image at `path` has for its parent; none if it is no differencing image. */
async function parentsOf(path: string, known: readonly string[], options: SignalOptions): Promise<readonly string[]> {
  let source: NodeFileSource | undefined;
  try {
    source = await NodeFileSource.open(path);
    if (known.includes(source.identity)) return [];
    const { parent } = await readVhdx(source, options);
    return parent === undefined ? [] : linkagesOf(parent);
  } catch (error) {
    // What cannot be opened is nobody's child.
    if (error instanceof VhdxError) return [];
    throw error;
  } finally {
    await source?.close();
  }
}

/** The images in `folder` that take one with a DataWriteGuid of `guids` for their parent, but for those that are known. */
async function childrenIn(
  folder: string,
  guids: readonly string[],
  known: readonly string[],
  options: SignalOptions,
): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    options.signal?.throwIfAborted();
    if (!IMAGE_NAME.test(name)) continue;
    const path = join(folder, name);
    if ((await parentsOf(path, known, options)).some((guid) => guids.includes(guid))) found.push(path);
  }
  return found;
}

const guidOf = ({ header: { header } }: VhdxImage): string => formatGuid(header.dataWriteGuid);

/**
 * The images that take one of `parents` for their parent, as paths: those beside it that have the name of an image, but
 * for the images of `disk` itself. Opens each of them.
 */
export async function findChildren(
  disk: VhdxDisk,
  parents: readonly VhdxDisk[],
  options: SignalOptions = {},
): Promise<string[]> {
  const known = identitiesOf(disk);
  const guids = parents.map(({ image }) => guidOf(image));
  const folders = new Set(
    parents.flatMap(({ image: { source } }) => (source.path === undefined ? [] : [dirname(source.path)])),
  );
  const found: string[] = [];
  for (const folder of folders) found.push(...(await childrenIn(folder, guids, known, options)));
  return found;
}

/**
 * The images beside the one at `path` that take it for their parent, as paths: the `findChildren` of a change of it.
 * Opens each file in its folder that has the name of an image.
 *
 * @throws VhdxError as `openFile` and `openVhdx` for the image itself
 */
export async function findChildrenOf(path: string | URL, options: SignalOptions = {}): Promise<string[]> {
  const parent = pathOf(path);
  const source = await NodeFileSource.open(parent);
  try {
    const image = await readVhdx(source, options);
    return await childrenIn(dirname(parent), [guidOf(image)], [source.identity], options);
  } finally {
    await source.close();
  }
}
