/** Opens an image for reading: the walk, with the first harmful finding thrown. */
import { InternalError } from '../errors/internal-error.js';
import type { Bat } from '../format/bat.js';
import { type Finding, type Report, throwOnError } from '../errors/findings.js';
import type { HeaderCopy } from '../format/header.js';
import type { LogState } from '../log/read-log.js';
import type { LogSummary } from '../log/summary.js';
import type { DiskParameters } from '../format/metadata-items.js';
import type { MetadataItem } from '../format/metadata-table.js';
import type { ParentLocator } from '../format/parent-locator.js';
import type { RegionTableChoice } from '../format/region-table.js';
import type { ByteSource } from '../io/byte-source.js';
import { takenFrom, takeOver } from '../io/take-over.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { type OpenOptions, walkImage } from './walk.js';

/** An image whose structures have been read and found safe to use. */
export interface VhdxImage {
  /** The file as it is stored. */
  readonly source: ByteSource;
  /** The file as it is after the log's replay, which every other part was read from. */
  readonly view: ByteSource;
  /** Creator that the file names, untrusted. */
  readonly creator: string;
  /** @internal The current header. */
  readonly header: HeaderCopy;
  /** State of the log; `logSummary` has its contents. */
  readonly log: LogState;
  /** Contents of the log. */
  readonly logSummary: LogSummary;
  /** @internal */
  readonly regions: RegionTableChoice;
  /** @internal The entries of the metadata table. */
  readonly items: readonly MetadataItem[];
  /** Parameters of the disk. */
  readonly disk: DiskParameters;
  /** Parent locator of a differencing disk. */
  readonly parent: ParentLocator | undefined;
  /** The block allocation table. */
  readonly bat: Bat;
  /** Findings that do not prevent reading. */
  readonly findings: readonly Finding[];
  /** Closes the source. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens an image for reading. A pending log is replayed in memory; the file is never changed. Reads the header section,
 * the log if it is not empty, and the metadata, but no BAT entry.
 *
 * The image takes the source over: closing the image closes it, and so does an error.
 *
 * @throws VhdxError with the code of the first finding of severity `error`; VHDX_LOG_PENDING with `log: 'refuse'`;
 * VHDX_SOURCE_SHORT_READ or what else `source` throws, if its bytes cannot be read; TypeError if `source` is none, or an
 * option of the wrong kind.
 */
export async function openVhdx(source: Bytes, options: OpenOptions = {}): Promise<VhdxImage> {
  const taken = takenFrom(source, toByteSource);
  return takeOver(taken, () => readVhdx(taken, options));
}

/** As `openVhdx`, with a source that stays the caller's. */
export async function readVhdx(source: ByteSource, options: OpenOptions = {}): Promise<VhdxImage> {
  const findings: Finding[] = [];
  const keep: Report = (found) => findings.push(found);
  const walk = await walkImage(source, throwOnError(keep), options);
  if (walk.kind === 'foreign') throw unexplained();
  const { header, log, logSummary, regions, items, disk, bat } = walk;
  if (header === undefined || log === undefined || logSummary === undefined) throw unexplained();
  if (regions === undefined || items === undefined || disk === undefined || bat === undefined) throw unexplained();
  const close = async (): Promise<void> => walk.source.close?.();
  return { ...walk, header, log, logSummary, regions, items, disk, bat, findings, close, [Symbol.asyncDispose]: close };
}

/** A part is missing, but no finding said why. */
function unexplained(): InternalError {
  return new InternalError('the image could not be opened, but no error was reported');
}
