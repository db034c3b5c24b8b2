import { requireOneOf, requireOptions } from './arguments.js';
import { Bat, BatGeometry } from './bat.js';
import { installChecksums } from './checksum.js';
import { describeFile, readEnds } from './file-kind.js';
import { hasSignature, readFileTypeIdentifier, SIGNATURE_LENGTH } from './file-type-identifier.js';
import { finding, type Report } from './findings.js';
import { chooseHeader, type HeaderCopy, isKnownVersion, type LogPlace, readCurrentHeader } from './header.js';
import {
  BAT_ENTRY_SIZE,
  HEADER_OFFSETS,
  HEADER_SECTION_SIZE,
  HEADER_SLOT_SIZE,
  METADATA_TABLE_SIZE,
  REGION_TABLE_OFFSETS,
  REGION_TABLES_END,
} from './limits.js';
import { type LogState, type LogSummary, readLog, refusePending, reportPending, summarizeLog } from './log.js';
import { judgeGrowth } from './log-growth.js';
import { type DiskParameters, type ItemBytes, readDiskParameters, reportMissingItems } from './metadata-items.js';
import { type KnownItemName, type MetadataItem, readMetadataTable } from './metadata-table.js';
import { OverlaySource } from './overlay-source.js';
import { type ParentLocator, readParentLocator } from './parent-locator.js';
import { readRegionTables, type RegionTableChoice, regionTitle } from './region-table.js';
import { type ByteSource, readAvailable, readExactly, type SourceReadOptions } from './source.js';
import { hex, sizeText, sizeTexts } from './units.js';

/** How a walk is to go. */
export interface WalkOptions extends SourceReadOptions {
  /** `refuse`: end with VHDX_LOG_PENDING where a log would have to be replayed. `overlay`: replay it in memory. */
  readonly log?: 'overlay' | 'refuse' | undefined;
}

/** What stands at the end of a walk. Parts that could not be read are `undefined`; a finding says why. */
export interface Walk {
  /** The file as it is stored. */
  readonly source: ByteSource;
  /** The file as it is after the log's replay; the same as `source` if there is nothing to replay, or no way to. */
  readonly view: ByteSource;
  readonly creator: string;
  /** The current header. */
  readonly header: HeaderCopy | undefined;
  readonly log: LogState | undefined;
  readonly logSummary: LogSummary | undefined;
  readonly regions: RegionTableChoice | undefined;
  readonly items: readonly MetadataItem[] | undefined;
  readonly disk: DiskParameters | undefined;
  readonly parent: ParentLocator | undefined;
  readonly bat: Bat | undefined;
}

/** The end of a walk that found no VHDX. */
export interface NoImage {
  /** What the file looks like instead, with its article. */
  readonly looksLike: string | undefined;
}

async function refuseForeign(source: ByteSource, report: Report, options: WalkOptions): Promise<NoImage> {
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
  return { looksLike };
}

/** The header that a checker goes on with where none is current: one that says that there is no log to replay. */
function headerToGoOnWith(copies: readonly HeaderCopy[]): HeaderCopy | undefined {
  const valid = copies.filter(({ damage }) => damage === undefined);
  return valid.length === 2 && valid.every(({ header }) => header.logGuid.isZero) ? valid[0] : undefined;
}

async function readItems(view: ByteSource, items: readonly MetadataItem[], options: WalkOptions): Promise<ItemBytes> {
  const bytes = new Map<KnownItemName, { item: MetadataItem; bytes: Uint8Array }>();
  for (const item of items) {
    if (item.name === undefined || !item.readable || bytes.has(item.name)) continue;
    bytes.set(item.name, { item, bytes: await readExactly(view, item.fileOffset, item.length, options) });
  }
  return bytes;
}

/** I1: the BAT has room for the disk. */
function locateBat(
  view: ByteSource,
  region: { readonly fileOffset: number; readonly length: number } | undefined,
  disk: DiskParameters | undefined,
  report: Report,
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
    return undefined;
  }
  return new Bat(view, region.fileOffset, geometry);
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
  options: WalkOptions = {},
): Promise<Walk | NoImage> {
  requireOptions(options);
  requireOneOf(options.log, 'log', ['overlay', 'refuse']);
  installChecksums();
  if (!hasSignature(await readAvailable(source, 0, SIGNATURE_LENGTH, options))) {
    return refuseForeign(source, report, options);
  }
  if (source.size < HEADER_SECTION_SIZE) {
    report(
      finding('VHDX_FILE_TOO_SHORT', {
        fileOffset: source.size,
        length: HEADER_SECTION_SIZE - source.size,
        path: 'file',
        message: `The file ends at ${hex(source.size)}, inside of its header section, which ends at ${hex(HEADER_SECTION_SIZE)}: it has been cut off.`,
      }),
    );
    return { ...emptyWalk(source), creator: '' };
  }
  const head = await readExactly(source, 0, REGION_TABLE_OFFSETS[0], options);
  const creator = readFileTypeIdentifier(head.subarray(0, HEADER_SLOT_SIZE), report);
  const slots = HEADER_OFFSETS.map((at) => head.subarray(at, at + HEADER_SLOT_SIZE));
  const [first = head, second = head] = slots;
  const { current, copies } = chooseHeader([first, second], report);
  const header = current ?? headerToGoOnWith(copies);
  let place: LogPlace | undefined;
  let log: LogState | undefined;
  if (header !== undefined) {
    place = readCurrentHeader(header, source.size, report);
    if (!isKnownVersion(header)) return { ...emptyWalk(source), creator, header };
    log = await readLog(source, header, place, report, options);
    if (options.log === 'refuse')
      refusePending(
        summarizeLog(log, () => undefined),
        source.size,
      );
  }
  const view = replayedView(source, log);
  const regions = await walkRegions(view, place, report, options);
  const { items, disk, parent } = await walkMetadata(view, regions.metadata, report, options);
  const logSummary = log === undefined ? undefined : summarizeLog(log, (at) => structureAt(at, regions));
  if (log?.state === 'pending' && logSummary !== undefined) {
    const { sequence } = log;
    const isReplayable = sequence === undefined || judgeGrowth(sequence, source.size, regions, disk, report);
    reportPending(logSummary, source.size, report, isReplayable);
  }
  const bat = locateBat(view, regions.bat, disk, report);
  return { source, view, creator, header, log, logSummary, regions, items, disk, parent, bat };
}

function emptyWalk(source: ByteSource): Omit<Walk, 'creator'> {
  return {
    source,
    view: source,
    header: undefined,
    log: undefined,
    logSummary: undefined,
    regions: undefined,
    items: undefined,
    disk: undefined,
    parent: undefined,
    bat: undefined,
  };
}

/** The file as it is after the replay. [MS-VHDX] 2.3.3, footnote 5 */
function replayedView(source: ByteSource, log: LogState | undefined): ByteSource {
  const { sequence } = log ?? {};
  if (log?.state !== 'pending' || sequence?.replay === undefined) return source;
  return new OverlaySource(source, sequence.replay.patches, sequence.lastFileOffset);
}

async function walkRegions(
  view: ByteSource,
  log: LogPlace | undefined,
  report: Report,
  options: WalkOptions,
): Promise<RegionTableChoice> {
  const [first, second] = REGION_TABLE_OFFSETS;
  const tables = await readExactly(view, first, REGION_TABLES_END - first, options);
  const slots = [tables.subarray(0, second - first), tables.subarray(second - first)] as const;
  return readRegionTables(slots, log, view.size, report);
}

async function walkMetadata(
  view: ByteSource,
  region: { readonly fileOffset: number; readonly length: number } | undefined,
  report: Report,
  options: WalkOptions,
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
  const table = await readExactly(view, region.fileOffset, METADATA_TABLE_SIZE, options);
  const items = readMetadataTable(table, region, report);
  if (items === undefined) return { items, disk: undefined, parent: undefined };
  reportMissingItems(items, { fileOffset: region.fileOffset, path: 'metadata_table' }, report);
  const bytes = await readItems(view, items, options);
  const disk = readDiskParameters(items, bytes, report);
  const locator = bytes.get('parent_locator');
  const parent =
    disk?.hasParent === true && locator !== undefined
      ? readParentLocator(locator.bytes, locator.item.fileOffset, report)
      : undefined;
  return { items, disk, parent };
}
