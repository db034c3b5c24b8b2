import {
  VhdxGuid,
  VhdxLogDataDescriptor,
  VhdxLogDataSector,
  VhdxLogEntry,
  VhdxLogEntry_Descriptor,
  VhdxLogEntryHeader,
  VhdxLogZeroDescriptor,
} from '../../generated/index.js';
import { checksumAround, checksums } from '../../generated/kaitai/checksums.js';
import { parseGuid } from '../../runtime/base/guid.js';
import { ANYTHING } from './anything.js';

/** A write that a log entry describes. `bytes` are the 4096 bytes of a data descriptor. */
export type LoggedWrite =
  | { readonly kind: 'data'; readonly fileOffset: number | bigint; readonly bytes: Uint8Array }
  | { readonly kind: 'zero'; readonly fileOffset: number | bigint; readonly length: number | bigint };

export interface LogEntrySpec {
  readonly guid: string;
  readonly sequenceNumber: bigint;
  /** Bytes from the start of the log. */
  readonly tail: number;
  readonly writes?: readonly LoggedWrite[];
  readonly flushedFileOffset: number | bigint;
  readonly lastFileOffset: number | bigint;
  /** Changes the finished bytes; the checksum is made right again afterwards. */
  readonly damage?: (bytes: Uint8Array) => void;
  /** Leaves the checksum wrong. */
  readonly breakChecksum?: boolean;
}

const SECTOR = 4096;

/** The bytes of a log entry, made by the generated writers. */
export function logEntryBytes(spec: LogEntrySpec): Uint8Array {
  const writes = spec.writes ?? [];
  const dataSectors: VhdxLogDataSector[] = [];
  const descriptors = writes.map((write) => {
    const common = { fileOffset: BigInt(write.fileOffset), sequenceNumber: spec.sequenceNumber };
    if (write.kind === 'zero') {
      const body = VhdxLogZeroDescriptor.create({ ...common, zeroLength: BigInt(write.length) });
      return VhdxLogEntry_Descriptor.create({ body });
    }
    dataSectors.push(
      VhdxLogDataSector.create({
        sequenceHigh: Number(spec.sequenceNumber >> 32n),
        data: write.bytes.slice(8, SECTOR - 4),
        sequenceLow: Number(spec.sequenceNumber & 0xffff_ffffn),
      }),
    );
    const body = VhdxLogDataDescriptor.create({
      ...common,
      leadingBytes: write.bytes.slice(0, 8),
      trailingBytes: write.bytes.slice(SECTOR - 4),
    });
    return VhdxLogEntry_Descriptor.create({ body });
  });
  const area = Math.ceil((64 + 32 * writes.length) / SECTOR) * SECTOR;
  const header = VhdxLogEntryHeader.create({
    entryLength: area + SECTOR * dataSectors.length,
    tail: spec.tail,
    sequenceNumber: spec.sequenceNumber,
    descriptorCount: writes.length,
    logGuid: VhdxGuid.create(parseGuid(spec.guid)),
    flushedFileOffset: BigInt(spec.flushedFileOffset),
    lastFileOffset: BigInt(spec.lastFileOffset),
  });
  const bytes = VhdxLogEntry.create({ header, descriptors, dataSectors }).toBytes(ANYTHING);
  spec.damage?.(bytes);
  refixChecksum(bytes, 4);
  if (spec.breakChecksum === true) bytes[4] = (bytes[4] ?? 0) ^ 1;
  return bytes;
}

/** Makes the CRC-32C at `field` of `bytes` right for all of them. */
export function refixChecksum(bytes: Uint8Array, field: number): void {
  const value = checksumAround(checksums.crc32c, bytes, 0, bytes.length, { offset: field, size: 4 });
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(field, value, true);
}
