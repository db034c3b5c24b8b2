/** Writers as one would write them for these structures alone, and values to write. */
import { VhdxGuid, VhdxHeader, VhdxRegionTableEntry } from '../../generated/index.js';
import { checksums } from '../../generated/kaitai/checksums.js';

const guid = (data1: number): VhdxGuid =>
  VhdxGuid.create({ data1, data2: 0x1234, data3: 0x5678, data4: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) });
export const HEADER: VhdxHeader = VhdxHeader.create({
  sequenceNumber: 42n,
  fileWriteGuid: guid(1),
  dataWriteGuid: guid(2),
  logGuid: guid(3),
  logVersion: 0,
  logLength: 1 << 20,
  logOffset: 1n << 20n,
});
export const ENTRY: VhdxRegionTableEntry = VhdxRegionTableEntry.create({
  guid: guid(4),
  fileOffset: 3n << 20n,
  length: 1 << 20,
  required: true,
});

/** What one would write for this one structure, with the same checks. */
export function writeHeader(value: VhdxHeader, bytes: Uint8Array, offset: number): void {
  if (offset + 4096 > bytes.length) throw new RangeError('offset');
  const { sequenceNumber, logVersion, version, logLength, logOffset, reserved } = value;
  if (!(sequenceNumber >= 0n && sequenceNumber <= 0xffffffffffffffffn)) throw new RangeError('sequence number');
  if (!isUnsigned(logVersion, 0xffff)) throw new RangeError('log version');
  if (version !== 1) throw new RangeError('version');
  if (!isUnsigned(logLength, 0xffffffff) || logLength % 0x100000 !== 0) throw new RangeError('log length');
  if (!(logOffset >= 0n && logOffset <= 0xffffffffffffffffn)) throw new RangeError('log offset');
  if (logOffset % 0x100000n !== 0n || (logOffset === 0n && logLength !== 0)) throw new RangeError('log offset');
  if (logVersion !== 0 && !value.logGuid.isZero) throw new RangeError('log version');
  if (reserved.length > 4016 || (reserved.length > 0 && reserved[reserved.length - 1] === 0))
    throw new RangeError('reserved');
  checkGuid(value.fileWriteGuid);
  checkGuid(value.dataWriteGuid);
  checkGuid(value.logGuid);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(offset, 0x68656164);
  view.setUint32(offset + 4, 0);
  view.setBigUint64(offset + 8, sequenceNumber, true);
  storeGuid(value.fileWriteGuid, bytes, view, offset + 16);
  storeGuid(value.dataWriteGuid, bytes, view, offset + 32);
  storeGuid(value.logGuid, bytes, view, offset + 48);
  view.setUint16(offset + 64, logVersion, true);
  view.setUint16(offset + 66, version, true);
  view.setUint32(offset + 68, logLength, true);
  view.setBigUint64(offset + 72, logOffset, true);
  bytes.set(reserved, offset + 80);
  bytes.fill(0, offset + 80 + reserved.length, offset + 4096);
  view.setUint32(offset + 4, checksums.crc32c(bytes.subarray(offset, offset + 4096)), true);
}

/** As `writeHeader`. */
export function writeEntry(value: VhdxRegionTableEntry, bytes: Uint8Array, offset: number): void {
  if (offset + 32 > bytes.length) throw new RangeError('offset');
  checkGuid(value.guid);
  if (!(value.fileOffset >= 0n && value.fileOffset <= 0xffffffffffffffffn)) throw new RangeError('file offset');
  if (value.fileOffset % 0x100000n !== 0n || value.fileOffset < 0x100000n) throw new RangeError('file offset');
  if (!isUnsigned(value.length, 0xffffffff) || value.length % 0x100000 !== 0) throw new RangeError('length');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  storeGuid(value.guid, bytes, view, offset);
  view.setBigUint64(offset + 16, value.fileOffset, true);
  view.setUint32(offset + 24, value.length, true);
  view.setUint32(offset + 28, Number(value.required), true);
}

function checkGuid({ data1, data2, data3, data4 }: VhdxGuid): void {
  if (!isUnsigned(data1, 0xffffffff) || !isUnsigned(data2, 0xffff) || !isUnsigned(data3, 0xffff))
    throw new RangeError('guid');
  if (data4.length !== 8) throw new RangeError('guid');
}

function storeGuid(value: VhdxGuid, bytes: Uint8Array, view: DataView, at: number): void {
  view.setUint32(at, value.data1, true);
  view.setUint16(at + 4, value.data2, true);
  view.setUint16(at + 6, value.data3, true);
  bytes.set(value.data4, at + 8);
}

function isUnsigned(value: number, max: number): boolean {
  return value >= 0 && value <= max && Number.isInteger(value);
}
