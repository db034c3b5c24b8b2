/** Where the structures of a new file are, and its headers and tables. */
import {
  VhdxFileTypeIdentifier,
  VhdxGuid,
  VhdxHeader,
  VhdxRegionTable,
  VhdxRegionTableEntry,
} from '../../generated/index.js';
import { type GuidFields, GUIDS, parseGuid } from '../base/guid.js';
import { HEADER_OFFSETS, HEADER_SECTION_SIZE, REGION_TABLE_OFFSETS } from '../base/limits.js';
import type { Piece } from '../io/byte-target.js';
import { encodeUtf16 } from '../base/utf16.js';

/** A part of the file, in bytes. */
export interface Area {
  readonly offset: number;
  readonly length: number;
}

/** Where everything of a new file is but its blocks. Nothing overlaps, and all is in whole MiB. [MS-VHDX] 2.1 */
export interface Layout {
  readonly log: Area;
  readonly metadata: Area;
  readonly bat: Area;
}

/** The identities of a file and its contents. [MS-VHDX] 2.2.2 */
export interface FileIds {
  readonly fileWriteGuid: GuidFields;
  readonly dataWriteGuid: GuidFields;
}

/** Log and metadata region as Hyper-V lays them out: side by side behind the header section. */
export function layoutFront(logLength: number, metadataLength: number): Pick<Layout, 'log' | 'metadata'> {
  const log = { offset: HEADER_SECTION_SIZE, length: logLength };
  return { log, metadata: { offset: end(log), length: metadataLength } };
}

/** First byte behind an area. */
export function end({ offset, length }: Area): number {
  return offset + length;
}

/** Sequence numbers of the two headers: different ones, so that one of the headers is the current one (B4). */
const SEQUENCE_NUMBERS = [1n, 2n] as const;

/** Both headers, with no log to replay. [MS-VHDX] 2.2.2 */
export function headerPieces({ log }: Pick<Layout, 'log'>, { fileWriteGuid, dataWriteGuid }: FileIds): Piece[] {
  return HEADER_OFFSETS.map((offset, index) => {
    const header = VhdxHeader.create({
      sequenceNumber: SEQUENCE_NUMBERS[index] ?? 0n,
      fileWriteGuid: VhdxGuid.create(fileWriteGuid),
      dataWriteGuid: VhdxGuid.create(dataWriteGuid),
      logGuid: VhdxGuid.create(parseGuid(GUIDS.zero)),
      logVersion: 0,
      version: 1,
      logLength: log.length,
      logOffset: BigInt(log.offset),
    });
    return { offset, bytes: header.toBytes() };
  });
}

/** Both copies of the region table. [MS-VHDX] 2.2.3 */
export function regionTablePieces({ bat, metadata }: Layout): Piece[] {
  const regions = [
    [GUIDS.batRegion, bat],
    [GUIDS.metadataRegion, metadata],
  ] as const;
  const entries = regions.map(([id, { offset, length }]) =>
    VhdxRegionTableEntry.create({
      guid: VhdxGuid.create(parseGuid(id)),
      fileOffset: BigInt(offset),
      length,
      required: true,
    }),
  );
  const bytes = VhdxRegionTable.create({ entries }).toBytes();
  return REGION_TABLE_OFFSETS.map((offset) => ({ offset, bytes }));
}

/** The file type identifier, which makes a file a VHDX. [MS-VHDX] 2.2.1 */
export function identifierPiece(creator: string): Piece {
  const identifier = VhdxFileTypeIdentifier.create({});
  identifier.creator.set(encodeUtf16(creator));
  return { offset: 0, bytes: identifier.toBytes() };
}
