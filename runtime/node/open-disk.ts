/** Opens disks by path, with their parents. */
import type { FileHandle } from 'node:fs/promises';
import { requireOptions, requireString } from '../base/arguments.js';
import type { SignalOptions } from '../base/options.js';
import type { ParentOptions, ParentResolver } from '../disk/chain.js';
import { type DiskOptions, openDisk as openDiskOf, type VhdxDisk } from '../disk/disk.js';
import type { ByteTarget } from '../io/byte-target.js';
import { NodeFileSource } from '../io/node/file-source.js';
import { NodeFileTarget } from '../io/node/file-target.js';
import { NodeHandleSource } from '../io/node/handle-source.js';
import { pathOf } from '../io/node/path.js';
import { takenFrom, takeOver } from '../io/take-over.js';
import { type Bytes, hasMethod, toByteSource } from '../io/to-byte-source.js';
import { requireTarget } from '../io/to-byte-target.js';
import {
  openWritableDisk as openWritableDiskOf,
  type WritableDisk,
  type WritableDiskOptions,
} from '../write/writable-disk.js';
import { nodeParentResolver } from './parent-resolver.js';

/** Location of the parents of a disk in the file system. */
export interface ParentFileOptions {
  /** Path of the parent, whatever the image names, or a resolver; by default, the parents are looked up. */
  readonly parent?: string | ParentResolver | undefined;
  /** Folders, besides that of the image itself, that parents are looked for in. */
  readonly parentRoots?: readonly string[] | undefined;
}

/** Options of `openDisk`. */
export interface OpenDiskOptions extends Omit<DiskOptions, 'parent'>, ParentFileOptions {}

/** Options of `openWritableDisk`. */
export interface OpenWritableDiskOptions extends Omit<WritableDiskOptions, 'parent'>, ParentFileOptions {}

/** Input for opening a disk: a path, a `file:` URL, an open file, or bytes. */
export type DiskInput = string | URL | FileHandle | Bytes;

/**
 * As `openDisk` of `vhdx`, also of a path, a `file:` URL or a `FileHandle`; parents are found in the file system, by
 * default in the image's own folder (`nodeParentResolver`).
 *
 * Closing the disk closes what has been opened here, and a source that was given; so does an error. A `FileHandle` stays
 * open.
 *
 * @throws VhdxError and TypeError as `openFile` and `openDisk` of `vhdx`
 */
export async function openDisk(input: DiskInput, options: OpenDiskOptions = {}): Promise<VhdxDisk> {
  const source = takenFrom(await sourceOf(input), toByteSource);
  const known = await takeOver(source, async () => withResolver(options));
  return openDiskOf(source, known);
}

/**
 * As `openWritableDisk` of `vhdx`, also of a path or a `file:` URL, which is opened as `openFileForWriting` does; parents
 * are found as by `openDisk`. Closing the disk closes the file and a target that was given; so does an error.
 *
 * @throws VhdxError and TypeError as `openFileForWriting` and `openWritableDisk` of `vhdx`
 */
export async function openWritableDisk(
  input: string | URL | ByteTarget,
  options: OpenWritableDiskOptions = {},
): Promise<WritableDisk> {
  const target = isPath(input) ? await NodeFileTarget.open(pathOf(input)) : input;
  takenFrom(target, requireTarget);
  const known = await takeOver(target, async () => withResolver(options));
  return openWritableDiskOf(target, known);
}

/** The same options for the functions that know no files. @throws TypeError for options that are none */
function withResolver<Options extends ParentFileOptions & SignalOptions>(
  options: Options,
): Omit<Options, keyof ParentFileOptions> & ParentOptions {
  requireOptions(options);
  const { parent, parentRoots: roots, ...rest } = options;
  if (typeof parent === 'function') return { ...rest, parent };
  requireString(parent, 'parent');
  return { ...rest, parent: nodeParentResolver({ parent, roots }) };
}

async function sourceOf(input: DiskInput): Promise<Bytes> {
  if (isPath(input)) return NodeFileSource.open(pathOf(input));
  return isHandle(input) ? NodeHandleSource.open(input) : input;
}

function isPath(input: unknown): input is string | URL {
  return typeof input === 'string' || input instanceof URL;
}

function isHandle(input: unknown): input is FileHandle {
  return typeof input === 'object' && input !== null && 'fd' in input && hasMethod(input, 'stat');
}
