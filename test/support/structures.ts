/** Every structure of an image as the bytes it stands in, found without the runtime: plain offsets of the specification. */
import { closeSync, openSync, readSync } from 'node:fs';
import {
  VhdxFileParameters,
  VhdxFileTypeIdentifier,
  VhdxHeader,
  VhdxLogDataDescriptor,
  VhdxLogDataSector,
  VhdxLogEntry,
  VhdxLogEntryHeader,
  VhdxLogZeroDescriptor,
  VhdxLogicalSectorSize,
  VhdxMetadataTable,
  VhdxMetadataTableEntry,
  VhdxPayloadBatEntry,
  VhdxPhysicalSectorSize,
  VhdxRegionTable,
  VhdxRegionTableEntry,
  VhdxSectorBitmapBatEntry,
  VhdxVirtualDiskId,
  VhdxVirtualDiskSize,
} from '../../generated/index.js';
import { KIB } from './units.js';
import type { ReadOptions } from '../../generated/kaitai/constraints.js';
import type { WritableStruct } from '../../generated/kaitai/write.js';

export interface StructureClass {
  readonly name: string;
  fromBytes(bytes: Uint8Array, options?: ReadOptions): WritableStruct;
}

export interface Structure {
  readonly type: StructureClass;
  /** Schema id. */
  readonly id: string;
  readonly fileOffset: number;
  readonly bytes: Uint8Array;
}

const LOGE = 0x65676f6c;

export function structuresOf(path: string): Structure[] {
  const file = openSync(path, 'r');
  try {
    return collect((offset, length) => {
      const bytes = new Uint8Array(length);
      readSync(file, bytes, 0, length, offset);
      return bytes;
    });
  } finally {
    closeSync(file);
  }
}

type ReadAt = (offset: number, length: number) => Uint8Array;

function collect(read: ReadAt): Structure[] {
  const found: Structure[] = [];
  const add = (type: StructureClass, id: string, fileOffset: number, length: number): Uint8Array => {
    const bytes = read(fileOffset, length);
    found.push({ type, id, fileOffset, bytes });
    return bytes;
  };
  add(VhdxFileTypeIdentifier, 'vhdx_file_type_identifier', 0, 520);
  const headers = [64 * KIB, 128 * KIB].map((offset) =>
    VhdxHeader.fromBytes(add(VhdxHeader, 'vhdx_header', offset, 4096)),
  );
  for (const offset of [192 * KIB, 256 * KIB]) {
    const table = VhdxRegionTable.fromBytes(add(VhdxRegionTable, 'vhdx_region_table', offset, 64 * KIB));
    for (const [index, entry] of table.entries.entries()) {
      add(VhdxRegionTableEntry, 'vhdx_region_table_entry', offset + 16 + 32 * index, 32);
      if (entry.isMetadataRegion) metadata(add, Number(entry.fileOffset));
      if (entry.isBat) bat(add, Number(entry.fileOffset));
    }
  }
  for (const { logOffset, logLength } of headers.slice(0, 1)) log(read, add, Number(logOffset), logLength);
  return found;
}

type Add = (type: StructureClass, id: string, fileOffset: number, length: number) => Uint8Array;

function metadata(add: Add, region: number): void {
  const table = VhdxMetadataTable.fromBytes(add(VhdxMetadataTable, 'vhdx_metadata_table', region, 64 * KIB));
  for (const [index, entry] of table.entries.entries()) {
    add(VhdxMetadataTableEntry, 'vhdx_metadata_table_entry', region + 32 + 32 * index, 32);
    const item = (type: StructureClass, id: string): unknown => add(type, id, region + entry.offset, entry.length);
    if (entry.isFileParameters) item(VhdxFileParameters, 'vhdx_file_parameters');
    if (entry.isVirtualDiskSize) item(VhdxVirtualDiskSize, 'vhdx_virtual_disk_size');
    if (entry.isVirtualDiskId) item(VhdxVirtualDiskId, 'vhdx_virtual_disk_id');
    if (entry.isLogicalSectorSize) item(VhdxLogicalSectorSize, 'vhdx_logical_sector_size');
    if (entry.isPhysicalSectorSize) item(VhdxPhysicalSectorSize, 'vhdx_physical_sector_size');
  }
}

/** The first entries are enough: all have one layout. */
function bat(add: Add, region: number): void {
  for (let index = 0; index < 512; index++) {
    add(VhdxPayloadBatEntry, 'vhdx_payload_bat_entry', region + index * 8, 8);
  }
  add(VhdxSectorBitmapBatEntry, 'vhdx_sector_bitmap_bat_entry', region + 4096 * 8, 8);
}

/** Every entry in the log's space, stale ones too; those that wrap are left out. */
function log(read: ReadAt, add: Add, start: number, length: number): void {
  for (let offset = start; offset < start + length; offset += 4096) {
    const head = read(offset, 64);
    if (new DataView(head.buffer).getUint32(0, true) !== LOGE) continue;
    const header = VhdxLogEntryHeader.fromBytes(head);
    if (offset + header.entryLength > start + length) continue;
    add(VhdxLogEntryHeader, 'vhdx_log_entry_header', offset, header.entryLength);
    const entry = VhdxLogEntry.fromBytes(add(VhdxLogEntry, 'vhdx_log_entry', offset, header.entryLength));
    for (const [index, { body }] of entry.descriptors.entries()) {
      const at = offset + 64 + 32 * index;
      if (body instanceof VhdxLogDataDescriptor) add(VhdxLogDataDescriptor, 'vhdx_log_data_descriptor', at, 32);
      if (body instanceof VhdxLogZeroDescriptor) add(VhdxLogZeroDescriptor, 'vhdx_log_zero_descriptor', at, 32);
    }
    for (const index of entry.dataSectors.keys()) {
      add(VhdxLogDataSector, 'vhdx_log_data_sector', offset + entry.lenDescriptorSectors + 4096 * index, 4096);
    }
  }
}
