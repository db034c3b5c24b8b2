/** Makes a VHDX file of a disk, a raw image or a stream. */
import { requireOptions } from '../base/arguments.js';
import { identitiesOf } from '../disk/levels.js';
import { VhdxDisk } from '../disk/disk.js';
import { VhdxError } from '../errors/errors.js';
import type { OutputOptions, SyncOptions } from '../io/node/atomic-file.js';
import { makeFile } from '../io/node/atomic-target.js';
import { type PartOptions, partsOfDisk, partsOfRaw, partsOfStream } from './read-ahead.js';
import { findPartitionTable, PARTITION_TABLE_BYTES, type PartitionTable } from '../disk/partition-table.js';
import { pathOf } from '../io/node/path.js';
import type { ByteSource } from '../io/byte-source.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { roundUp } from '../base/units.js';
import { type CreateOptions, type CreateReport, createVhdx } from '../create/create.js';
import type { ContentsPart } from '../create/contents.js';

/** Bytes of the logical sectors of a new disk, and of what raw images are taken from, where nothing else is said. */
const DEFAULT_SECTOR_SIZE = 512;

/** Contents of a new VHDX: an open disk, the bytes of a raw image, or a stream of them. */
export type NewContents = VhdxDisk | Bytes | AsyncIterable<Uint8Array>;

/** The same, with bytes as a source. */
type OpenContents = VhdxDisk | ByteSource | AsyncIterable<Uint8Array>;

/** Options of `convertToVhdx`; the disk is dynamic or fixed. */
export interface ConvertToVhdxOptions extends Omit<CreateOptions, 'parent' | 'contents'>, OutputOptions, SyncOptions {}

/** Result of a conversion. */
export interface ConvertToVhdxReport extends CreateReport {
  /** Bytes at the end of the disk that the contents do not have: zeros, up to a whole sector or the size given. */
  readonly addedBytes: number;
  /**
   * Partition table of the contents that no system will find, since it counts in sectors of another size than the new
   * disk has.
   */
  readonly misfitPartitionTable: PartitionTable | undefined;
}

/**
 * Writes contents to a new dynamic or fixed image at `path`, by default with the sector sizes of the disk that they
 * come from. Blocks of zeros get no storage in a dynamic disk. The size is that of the contents, rounded up to a whole
 * sector, or the given greater one; the size of a stream need not be known. The file gets its name only when it is
 * complete; a failure leaves no file behind. A disk or source stays open.
 *
 * @throws VhdxError as `createVhdx` and `makeFile`; TypeError for contents or a path that are none; what reading the contents throws, or the signal's reason
 */
export async function convertToVhdx(
  contents: NewContents,
  path: string | URL,
  options: ConvertToVhdxOptions = {},
): Promise<ConvertToVhdxReport> {
  const to = pathOf(path);
  requireOptions(options);
  const source = isStream(contents) ? contents : toByteSource(contents);
  const { force, sync, onLeftover, ...rest } = options;
  const { signal } = rest;
  const head = new Uint8Array(PARTITION_TABLE_BYTES);
  const parts = recordHead(partsOf(source, { to, signal }), head);
  const disk = source instanceof VhdxDisk ? { ...rest, ...sectorsOf(source, rest) } : rest;
  const size = isStream(source) ? rest.size : sizeFor(source.size, disk);
  const report = await makeFile(to, { force, sync, onLeftover, signal, sources: sourcesOf(source) }, (target) =>
    createVhdx(target, { ...disk, size, contents: parts }),
  );
  const length = isStream(source) ? report.contentsEnd : source.size;
  const { logicalSectorSize = DEFAULT_SECTOR_SIZE } = disk;
  const from = source instanceof VhdxDisk ? source.image.disk.logicalSectorSize : DEFAULT_SECTOR_SIZE;
  const table = findPartitionTable(head, from, logicalSectorSize);
  const misfitPartitionTable = table?.sectorSize === logicalSectorSize ? undefined : table;
  return { ...report, addedBytes: report.virtualSize - length, misfitPartitionTable };
}

/** The same parts; what they have of the first bytes of the disk is copied to `head`. */
async function* recordHead(parts: AsyncIterable<ContentsPart>, head: Uint8Array): AsyncGenerator<ContentsPart> {
  for await (const part of parts) {
    const { position, bytes } = part;
    if (position < head.length) head.set(bytes.subarray(0, head.length - position), position);
    yield part;
  }
}

/** A stream of Node has a `read` of its own, which is not that of a source. */
function isStream(contents: NewContents): contents is AsyncIterable<Uint8Array> {
  return typeof contents === 'object' && contents !== null && Symbol.asyncIterator in contents;
}

function partsOf(contents: OpenContents, options: PartOptions): AsyncIterable<ContentsPart> {
  if (isStream(contents)) return partsOfStream(contents);
  return contents instanceof VhdxDisk ? partsOfDisk(contents, options) : partsOfRaw(contents, options);
}

/** The sectors of a disk, as far as others were not asked for. */
function sectorsOf(
  { image: { disk } }: VhdxDisk,
  { logicalSectorSize = disk.logicalSectorSize, physicalSectorSize }: ConvertToVhdxOptions,
): Pick<CreateOptions, 'logicalSectorSize' | 'physicalSectorSize'> {
  return {
    logicalSectorSize,
    physicalSectorSize: physicalSectorSize ?? Math.max(disk.physicalSectorSize, logicalSectorSize),
  };
}

/**
 * The size of the disk for contents of `length` bytes.
 *
 * @throws VhdxError VHDX_CREATE_SIZE_INVALID if the size that is asked for is less
 */
function sizeFor(length: number, { size, logicalSectorSize = DEFAULT_SECTOR_SIZE }: CreateOptions): number {
  if (size === undefined) return roundUp(length, logicalSectorSize);
  if (size >= length) return size;
  throw new VhdxError('VHDX_CREATE_SIZE_INVALID', {
    message: `The contents have ${length} bytes, which do not fit into a disk of ${size}.`,
  });
}

/** Names the files that are read. */
function sourcesOf(contents: OpenContents): string[] {
  if (contents instanceof VhdxDisk) return identitiesOf(contents);
  return isStream(contents) || contents.identity === undefined ? [] : [contents.identity];
}
