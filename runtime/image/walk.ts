/** The walk through an image: identifier, headers, log, region table, metadata, BAT. */
import { requireOneOf, requireOptions } from '../base/arguments.js';
import { Bat } from '../format/bat.js';
import { BatGeometry } from '../format/bat-geometry.js';
import type { SignalOptions } from '../base/options.js';
import { installChecksums } from '../format/checksum.js';
import { describeFile, hasVhdxStructures, readEnds } from '../format/format-detection.js';
import type { DamagedCopy } from '../format/copies.js';
import { hasSignature, readFileTypeIdentifier, SIGNATURE_LENGTH } from '../format/file-type-identifier.js';
import { isZeroGuid } from '../base/guid.js';
import { finding, type Report } from '../errors/findings.js';
import { chooseHeader, type HeaderCopy, isKnownVersion, type LogPlace, readCurrentHeader } from '../format/header.js';
import {
  BAT_ENTRY_SIZE,
  HEADER_OFFSETS,
  HEADER_SECTION_SIZE,
  HEADER_SLOT_SIZE,
  METADATA_TABLE_SIZE,
  REGION_TABLE_OFFSETS,
  REGION_TABLES_END,
} from '../base/limits.js';
import { type LogState, readLog } from '../log/read-log.js';
import { type LogSummary, refusePending, reportPending, summarizeLog } from '../log/summary.js';
import { judgeGrowth } from './log-growth.js';
import {
  type DiskParameters,
  type ItemBytes,
  readDiskParameters,
  reportMissingItems,
} from '../format/metadata-items.js';
import { type KnownItemName, type MetadataItem, readMetadataTable } from '../format/metadata-table.js';
import { OverlaySource } from '../io/overlay-source.js';
import { type ParentLocator, readParentLocator } from '../format/parent-locator.js';
import { readRegionTables, type RegionTableChoice, regionTitle } from '../format/region-table.js';
import type { Assume } from '../errors/assume.js';
import { guessHeader, missingEnd, readLogAnyway } from './guesses.js';
import { HoleSource } from '../io/hole-source.js';
import { availableFor } from '../io/ranged-reads.js';
import { type ByteSource, readAvailable, readExactly, readInto } from '../io/byte-source.js';
import type { Scratch } from '../io/scratch.js';
import { hex, KIB, sizeText, sizeTexts } from '../base/units.js';

/** The items of most images stand right behind the table: they come with it in one reading. */
const NEAR_ITEMS_END = METADATA_TABLE_SIZE + 4 * KIB;

/** Options for opening an image. */
export interface OpenOptions extends SignalOptions {
  /**
   * Handling of a pending log. `overlay` (default): it is replayed in memory. `refuse`: the image is refused with
   * VHDX_LOG_PENDING.
   */
  readonly log?: 'overlay' | 'refuse' | undefined;
}

/** What stands at the end of a walk. Parts that could not be read are `undefined`; a finding says why. */
export interface Walk {
  readonly kind: 'image';
  /** The file as it is stored. */
  readonly source: ByteSource;
  /** The file as it is after the log's replay; the same as `source` if there is nothing to replay, or no way to. */
  readonly view: ByteSource;
  readonly creator: string;
  /** The current header. */
  readonly header: HeaderCopy | undefined;
  /** The other header, if it is damaged. */
  readonly damagedHeader: DamagedCopy | undefined;
  readonly log: LogState | undefined;
  readonly logSummary: LogSummary | undefined;
  readonly regions: RegionTableChoice | undefined;
  readonly items: readonly MetadataItem[] | undefined;
  readonly disk: DiskParameters | undefined;
  readonly parent: ParentLocator | undefined;
  readonly bat: Bat | undefined;
}

/** The end of a walk that found no VHDX. */
export interface ForeignFile {
  readonly kind: 'foreign';
  /** What the file looks like instead, with its article. */
  readonly looksLike: string | undefined;
}

/** Options of a walk that goes on where a structure is damaged. */
export interface SalvageWalkOptions extends OpenOptions {
  /** Where the bytes of the structures are kept; new memory if left out. */
  readonly scratch?: Scratch | undefined;
  /**
   * Receives what is assumed where a structure is damaged but plausible. With it the bytes of `view` can be read
   * everywhere: they come from a `HoleSource`.
   */
  readonly assume?: Assume | undefined;
}

/** The end of the walk for a file without the signature; undefined if a salvage takes it for a VHDX all the same. */
async function refuseForeign(
  source: ByteSource,
  report: Report,
  options: SalvageWalkOptions,
): Promise<ForeignFile | undefined> {
  const ends = await readEnds(source, options);
  const looksLike = describeFile(ends);
  const begins = Array.from(ends.head.subarray(0, SIGNATURE_LENGTH), (byte) => byte.toString(16).padStart(2, '0')).join(
    ' ',
  );
  const found =
    source.size < SIGNATURE_LENGTH ? `it has only ${sizeText(source.size)}` : `its first 8 bytes at 0x0 are ${begins}`;
  const kind = looksLike === undefined ? '' : ` It looks like ${looksLike}.`;
  report(
    finding('VHDX_SIGNATURE_MISMATCH', {
      fileOffset: 0,
      length: Math.min(source.size, SIGNATURE_LENGTH),
      path: 'file_type_identifier.signature',
      message: `Not a VHDX: ${found}, expected 76 68 64 78 66 69 6c 65 ("vhdxfile").${kind}`,
    }),
  );
  if (options.assume === undefined || !hasVhdxStructures(ends)) return { kind: 'foreign', looksLike };
  options.assume('It is taken for a VHDX: the structures of the header section are in their places.');
  return undefined;
}

/** The header that a checker goes on with where none is current: one that says that there is no log to replay. */
function headerToGoOnWith(copies: readonly HeaderCopy[]): HeaderCopy | undefined {
  const valid = copies.filter(({ damage }) => damage === undefined);
  return valid.length === 2 && valid.every(({ header }) => isZeroGuid(header.logGuid)) ? valid[0] : undefined;
}

/** The known items; those in `near`, the bytes from `start` on, are not read again. */
async function readItems(
  view: ByteSource,
  items: readonly MetadataItem[],
  { start, near }: { readonly start: number; readonly near: Uint8Array },
  options: OpenOptions,
): Promise<ItemBytes> {
  const bytes = new Map<KnownItemName, { item: MetadataItem; bytes: Uint8Array }>();
  for (const item of items) {
    if (item.name === undefined || !item.readable || bytes.has(item.name)) continue;
    const at = item.fileOffset - start;
    const isNear = item.length > 0 && at + item.length <= near.length;
    const own = isNear
      ? near.slice(at, at + item.length)
      : await readExactly(view, item.fileOffset, item.length, options);
    bytes.set(item.name, { item, bytes: own });
  }
  return bytes;
}

/** As `readExactly`, into the memory that was given for it. */
async function readStructures(
  view: ByteSource,
  position: number,
  length: number,
  options: SalvageWalkOptions,
): Promise<Uint8Array> {
  const bytes = options.scratch?.take(length) ?? new Uint8Array(length);
  await readInto(view, bytes, position, options);
  return bytes;
}

/** The source up to byte `end`, exclusive. */
function prefix(source: ByteSource, end: number): ByteSource {
  const size = Math.min(source.size, end);
  const read: ByteSource['read'] = (into, position, options) =>
    source.read(into.subarray(0, availableFor(size, position, into)), position, options);
  return { size, read };
}

/** I1: the BAT has room for the disk. */
function locateBat(
  view: ByteSource,
  region: { readonly fileOffset: number; readonly length: number } | undefined,
  disk: DiskParameters | undefined,
  report: Report,
  isSalvage: boolean,
): Bat | undefined {
  if (region === undefined || disk === undefined) return undefined;
  const geometry = new BatGeometry(disk);
  if (geometry.byteLength > region.length) {
    report(
      finding('VHDX_BAT_TOO_SMALL', {
        ...region,
        path: 'bat',
        message:
          `The BAT region at ${hex(region.fileOffset)} has room for ${region.length / BAT_ENTRY_SIZE} entries, but a ` +
          `${disk.type} disk of ${sizeText(disk.virtualSize)} with blocks of ${sizeText(disk.blockSize)} needs ${geometry.entries}.`,
      }),
    );
    if (!isSalvage) return undefined;
  }
  // In a salvage the entries that a region does not reach, or that cannot be read, are lost, and the others are not.
  const entries = isSalvage ? new HoleSource(prefix(view, region.fileOffset + region.length)) : view;
  return new Bat(entries, region.fileOffset, geometry);
}

/** What lies at an offset of the file, apart from blocks. */
export function structureAt(fileOffset: number, regions: RegionTableChoice | undefined): string | undefined {
  if (fileOffset >= REGION_TABLE_OFFSETS[0] && fileOffset < REGION_TABLES_END) return 'the region tables';
  const region = regions?.regions.find(
    ({ fileOffset: start, length }) => start <= fileOffset && fileOffset < start + length,
  );
  return region === undefined ? undefined : regionTitle(region);
}

/**
 * Walks through an image from its first bytes to the BAT, for opener and checker alike, and reports what is wrong. With
 * a `report` that throws at errors the result has every part. Reads no BAT entry and no block.
 */
export async function walkImage(
  source: ByteSource,
  report: Report,
  options: SalvageWalkOptions = {},
): Promise<Walk | ForeignFile> {
  requireOptions(options);
  requireOneOf(options.log, 'log', ['overlay', 'refuse']);
  installChecksums();
  const { assume } = options;
  const stored = assume === undefined ? source : new HoleSource(source);
  const isSigned = hasSignature(await readAvailable(stored, 0, SIGNATURE_LENGTH, options));
  if (!isSigned) {
    const refused = await refuseForeign(stored, report, options);
    if (refused !== undefined) return refused;
  }
  if (source.size < HEADER_SECTION_SIZE) {
    report(
      finding('VHDX_FILE_TOO_SHORT', {
        fileOffset: source.size,
        length: HEADER_SECTION_SIZE - source.size,
        path: 'file',
        message: `The file ends at ${hex(source.size)}, inside its header section, which ends at ${hex(HEADER_SECTION_SIZE)}: it has been cut off.`,
      }),
    );
    return { ...emptyWalk(source), creator: '' };
  }
  const head = await readStructures(stored, 0, REGION_TABLE_OFFSETS[0], options);
  const creator = isSigned ? readFileTypeIdentifier(head.subarray(0, HEADER_SLOT_SIZE), report) : '';
  const { header, damagedHeader, place, log, isKnown } = await walkHeaders(source, head, report, options);
  if (!isKnown) return { ...emptyWalk(source), creator, header, damagedHeader };
  const replayed = replayedView(source, log, assume !== undefined);
  const view = assume === undefined ? replayed : new HoleSource(replayed);
  const regions = await walkRegions(view, place, report, options);
  const { items, disk, parent } = await walkMetadata(view, regions.metadata, report, options);
  const logSummary = log && judgePending(log, { source, regions, disk }, report);
  const bat = locateBat(replayed, regions.bat, disk, report, assume !== undefined);
  return {
    kind: 'image',
    source,
    view,
    creator,
    header,
    damagedHeader,
    log,
    logSummary,
    regions,
    items,
    disk,
    parent,
    bat,
  };
}

/** The headers in `head`, and the log of the current one. `isKnown`: false if that has a version that is not known. */
async function walkHeaders(
  source: ByteSource,
  head: Uint8Array,
  report: Report,
  options: SalvageWalkOptions,
): Promise<
  Pick<Walk, 'header' | 'damagedHeader' | 'log'> & { readonly place: LogPlace | undefined; readonly isKnown: boolean }
> {
  const { assume } = options;
  const [first = head, second = head] = HEADER_OFFSETS.map((at) => head.subarray(at, at + HEADER_SLOT_SIZE));
  const { current, copies, damagedCopy: damagedHeader } = chooseHeader([first, second], report);
  let header = current ?? headerToGoOnWith(copies);
  let place: LogPlace | undefined;
  let log: LogState | undefined;
  if (header !== undefined) {
    place = readCurrentHeader(header, source.size, report);
    if (!isKnownVersion(header)) return { header, damagedHeader, place, log, isKnown: false };
    log = await (assume === undefined ? readLog : readLogAnyway)(source, header, place, report, options);
  } else if (assume !== undefined) {
    ({ header, log } = await guessHeader(source, copies, assume, options));
    place = log.place;
  }
  if (log?.state === 'invalid') assume?.('Its log is not replayed: what is pending there is missing.');
  if (log !== undefined && options.log === 'refuse') {
    const summary = summarizeLog(log, () => undefined);
    refusePending(summary, source.size);
  }
  return { header, damagedHeader, place, log, isKnown: true };
}

/** D21 and E12: what a pending log means for the image. */
function judgePending(
  log: LogState,
  { source, regions, disk }: Pick<Walk, 'source' | 'disk'> & { readonly regions: RegionTableChoice },
  report: Report,
): LogSummary {
  const summary = summarizeLog(log, (at) => structureAt(at, regions));
  if (log.state !== 'pending') return summary;
  const { sequence } = log;
  const isReplayable = sequence === undefined || judgeGrowth(sequence, source.size, regions, disk, report);
  reportPending(summary, source.size, report, isReplayable);
  return summary;
}

function emptyWalk(source: ByteSource): Omit<Walk, 'creator'> {
  return {
    kind: 'image',
    source,
    view: source,
    header: undefined,
    damagedHeader: undefined,
    log: undefined,
    logSummary: undefined,
    regions: undefined,
    items: undefined,
    disk: undefined,
    parent: undefined,
    bat: undefined,
  };
}

/**
 * The file as it is after the replay, which makes zeros of what lies between its end and that which the log states. In a
 * salvage that cannot be read, if the file was longer. [MS-VHDX] 2.3.3, footnote 5
 */
function replayedView(source: ByteSource, log: LogState | undefined, isSalvage: boolean): ByteSource {
  const { sequence } = log ?? {};
  if (log?.state !== 'pending' || sequence?.replay === undefined) return source;
  const patches = [...(isSalvage ? missingEnd(source, log) : []), ...sequence.replay.patches];
  return new OverlaySource(source, patches, sequence.lastFileOffset);
}

async function walkRegions(
  view: ByteSource,
  log: LogPlace | undefined,
  report: Report,
  options: SalvageWalkOptions,
): Promise<RegionTableChoice> {
  const [first, second] = REGION_TABLE_OFFSETS;
  const tables = await readStructures(view, first, REGION_TABLES_END - first, options);
  const slots = [tables.subarray(0, second - first), tables.subarray(second - first)] as const;
  return readRegionTables(slots, log, view.size, report, options.assume);
}

async function walkMetadata(
  view: ByteSource,
  region: { readonly fileOffset: number; readonly length: number } | undefined,
  report: Report,
  options: SalvageWalkOptions,
): Promise<Pick<Walk, 'items' | 'disk' | 'parent'>> {
  if (region === undefined) return { items: undefined, disk: undefined, parent: undefined };
  if (region.length < METADATA_TABLE_SIZE) {
    const [there, needed] = sizeTexts(region.length, METADATA_TABLE_SIZE);
    report(
      finding('VHDX_METADATA_REGION_TOO_SHORT', {
        ...region,
        path: 'metadata_table',
        message: `The metadata region at ${hex(region.fileOffset)} has ${there}, too few for its table of ${needed}.`,
      }),
    );
    return { items: undefined, disk: undefined, parent: undefined };
  }
  const near = await readStructures(view, region.fileOffset, Math.min(region.length, NEAR_ITEMS_END), options);
  const table = near.subarray(0, METADATA_TABLE_SIZE);
  const items = readMetadataTable(table, region, report, options.assume);
  if (items === undefined) return { items, disk: undefined, parent: undefined };
  reportMissingItems(items, { fileOffset: region.fileOffset, path: 'metadata_table' }, report);
  const bytes = await readItems(view, items, { start: region.fileOffset, near }, options);
  const disk = readDiskParameters(items, bytes, report);
  const locator = bytes.get('parent_locator');
  const parent =
    disk?.hasParent === true && locator !== undefined
      ? readParentLocator(locator.bytes, locator.item.fileOffset, report)
      : undefined;
  return { items, disk, parent };
}
