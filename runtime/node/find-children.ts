/** Finds the images beside a parent that name it. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SignalOptions } from '../base/options.js';
import { formatGuid } from '../base/guid.js';
import { findParent } from '../disk/chain.js';
import type { VhdxDisk } from '../disk/disk.js';
import { identitiesOf } from '../disk/levels.js';
import { VhdxError } from '../errors/errors.js';
import { linkagesOf } from '../format/parent-locator.js';
import { readVhdx, type VhdxImage } from '../image/open.js';
import { NodeFileSource } from '../io/node/file-source.js';
import { pathOf } from '../io/node/path.js';
import { nodeParentResolver } from './parent-resolver.js';

/** Names that images have: those of checkpoints too. */
const IMAGE_NAME = /\.(?:a?vhdx|vhdpmem|mrt)$/i;

/** Images that may have children. */
interface Parents {
  /** Their DataWriteGuids. */
  readonly guids: readonly string[];
  /** Their files. */
  readonly identities: readonly (string | undefined)[];
  /** Files that are none of the children that are looked for. */
  readonly known: readonly string[];
}

/** Whether a child finds its parent in a file that is none of `identities`: they are copies of that one. */
async function hasOther(child: VhdxImage, identities: Parents['identities']): Promise<boolean> {
  try {
    const found = await findParent([child], { parent: nodeParentResolver() });
    await found.close?.();
    return !identities.includes(found.identity);
  } catch (error) {
    // It finds none, and may have been moved away from it.
    if (error instanceof VhdxError) return false;
    throw error;
  }
}

/** Whether the image at `path` takes one of `parents` for its parent. */
async function isChild(path: string, { guids, identities, known }: Parents, options: SignalOptions): Promise<boolean> {
  let source: NodeFileSource | undefined;
  try {
    source = await NodeFileSource.open(path);
    if (known.includes(source.identity)) return false;
    const image = await readVhdx(source, options);
    if (image.parent === undefined || !linkagesOf(image.parent).some((guid) => guids.includes(guid))) return false;
    return !(await hasOther(image, identities));
  } catch (error) {
    // What cannot be opened is nobody's child.
    if (error instanceof VhdxError) return false;
    throw error;
  } finally {
    await source?.close();
  }
}

async function childrenIn(folder: string, parents: Parents, options: SignalOptions): Promise<string[]> {
  const found: string[] = [];
  for (const name of (await readdir(folder)).toSorted()) {
    options.signal?.throwIfAborted();
    const path = join(folder, name);
    if (IMAGE_NAME.test(name) && (await isChild(path, parents, options))) found.push(path);
  }
  return found;
}

const guidOf = ({ header: { header } }: VhdxImage): string => formatGuid(header.dataWriteGuid);

/**
 * The images that take one of `parents` for their parent, as paths: those beside it that have the name of an image, but
 * for the images of `disk` itself, and those that find their parent in another file. Opens each of them.
 */
export async function findChildren(
  disk: VhdxDisk,
  parents: readonly VhdxDisk[],
  options: SignalOptions = {},
): Promise<string[]> {
  const among = {
    guids: parents.map(({ image }) => guidOf(image)),
    identities: parents.map(({ image }) => image.source.identity),
    known: identitiesOf(disk),
  };
  const folders = new Set(
    parents.flatMap(({ image: { source } }) => (source.path === undefined ? [] : [dirname(source.path)])),
  );
  const found: string[] = [];
  for (const folder of folders) found.push(...(await childrenIn(folder, among, options)));
  return found;
}

/**
 * The images beside the one at `path` that take it for their parent, as paths: the `findChildren` of a change of it. An
 * image that finds its parent in another file, of which this one is a copy, is none. Opens each file in the folder that
 * has the name of an image.
 *
 * @throws VhdxError as `openFile` and `openVhdx` for the image itself
 */
export async function findChildrenOf(path: string | URL, options: SignalOptions = {}): Promise<string[]> {
  const parent = pathOf(path);
  const source = await NodeFileSource.open(parent);
  try {
    const image = await readVhdx(source, options);
    const among = { guids: [guidOf(image)], identities: [source.identity], known: [source.identity] };
    return await childrenIn(dirname(parent), among, options);
  } finally {
    await source.close();
  }
}
