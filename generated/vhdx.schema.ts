// @generated from vhdx.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { EnumSchema, SchemaOf } from './kaitai/reflect.js';
import { Vhdx, Vhdx_Bat, Vhdx_Chunk, Vhdx_Log, Vhdx_LogSector, Vhdx_Metadata, Vhdx_MetadataItem, Vhdx_PayloadBlock, Vhdx_SectorBitmapBlock } from './vhdx.js';
import { VhdxFileParametersSchema } from './vhdx_file_parameters.schema.js';
import { VhdxFileTypeIdentifierSchema } from './vhdx_file_type_identifier.schema.js';
import { VhdxHeaderSchema } from './vhdx_header.schema.js';
import { VhdxLogEntrySchema } from './vhdx_log_entry.schema.js';
import { VhdxLogEntryHeaderSchema } from './vhdx_log_entry_header.schema.js';
import { VhdxLogicalSectorSizeSchema } from './vhdx_logical_sector_size.schema.js';
import { VhdxMetadataTableSchema } from './vhdx_metadata_table.schema.js';
import { VhdxMetadataTableEntrySchema } from './vhdx_metadata_table_entry.schema.js';
import { VhdxParentLocatorSchema } from './vhdx_parent_locator.schema.js';
import { VhdxPayloadBatEntry_PayloadStateSchema } from './vhdx_payload_bat_entry.schema.js';
import { VhdxPhysicalSectorSizeSchema } from './vhdx_physical_sector_size.schema.js';
import { VhdxRegionTableSchema } from './vhdx_region_table.schema.js';
import { VhdxRegionTableEntrySchema } from './vhdx_region_table_entry.schema.js';
import { VhdxSectorBitmapBatEntry_SectorBitmapStateSchema } from './vhdx_sector_bitmap_bat_entry.schema.js';
import { VhdxVirtualDiskIdSchema } from './vhdx_virtual_disk_id.schema.js';
import { VhdxVirtualDiskSizeSchema } from './vhdx_virtual_disk_size.schema.js';

/** What the schema says of `Vhdx`. */
export const VhdxSchema: SchemaOf<Vhdx> = { id: 'vhdx', type: Vhdx, size: 0, doc: 'A virtual disk in a file, as used by Hyper-V, WSL and Azure.\n\nThe file begins with a header section of 1 MiB. What follows are a log,\nregions (the block allocation table and the metadata region, both found\nthrough the region table) and blocks, at multiples of 1 MiB and in any order.\nThe structures have types of their own, in files whose names begin with\n`vhdx_`; the instances of this type lead to all of them.\n\nChecksums cannot be verified here: both headers and the first region table\nare taken to be valid. If the log has entries to replay, the file is shown\nas it is before the replay; everything but the headers and the log itself\nhas to be read as it is afterwards.', origId: 'VHDX', section: 'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-vhdx/83e061f8-f6e2-4de1-91bd-5d518a43d477 [MS-VHDX] 2.2', fields: [
  { id: 'alignment', name: 'alignment', kind: 'value', type: 'value', doc: 'Alignment in bytes of every object after the header section.', section: '[MS-VHDX] 2.1' },
  { id: 'header_section_size', name: 'headerSectionSize', kind: 'value', type: 'value', doc: 'Size of the header section in bytes, and of the shortest file.', section: '[MS-VHDX] 2.2' },
  { id: 'header_slot_size', name: 'headerSlotSize', kind: 'value', type: 'value', doc: 'Size in bytes of each of the five items of the header section.', section: '[MS-VHDX] 2.2' },
  { id: 'file_type_identifier_offset', name: 'fileTypeIdentifierOffset', kind: 'value', type: 'value', doc: 'Byte offset of the file type identifier.', section: '[MS-VHDX] 2.2.1' },
  { id: 'header_1_offset', name: 'header1Offset', kind: 'value', type: 'value', doc: 'Byte offset of the first header, 64 KiB.', section: '[MS-VHDX] 2.2.2' },
  { id: 'header_2_offset', name: 'header2Offset', kind: 'value', type: 'value', doc: 'Byte offset of the second header, 128 KiB.', section: '[MS-VHDX] 2.2.2' },
  { id: 'region_table_1_offset', name: 'regionTable1Offset', kind: 'value', type: 'value', doc: 'Byte offset of the first copy of the region table, 192 KiB.', section: '[MS-VHDX] 2.2.3' },
  { id: 'region_table_2_offset', name: 'regionTable2Offset', kind: 'value', type: 'value', doc: 'Byte offset of the second copy of the region table, 256 KiB.', section: '[MS-VHDX] 2.2.3' },
  { id: 'region_entries_offset', name: 'regionEntriesOffset', kind: 'value', type: 'value', doc: 'Byte offset of the first entry from the start of a region table.', section: '[MS-VHDX] 2.2.3' },
  { id: 'file_type_identifier', name: 'fileTypeIdentifier', kind: 'instance', type: 'vhdx_file_type_identifier', structs: () => [VhdxFileTypeIdentifierSchema], origId: 'File Type Identifier', section: '[MS-VHDX] 2.2.1' },
  { id: 'header_1', name: 'header1', kind: 'instance', type: 'vhdx_header', structs: () => [VhdxHeaderSchema], doc: 'The rest of the slot, from 4 KiB to 64 KiB, is reserved.', origId: 'Header', section: '[MS-VHDX] 2.2.2' },
  { id: 'header_2', name: 'header2', kind: 'instance', type: 'vhdx_header', structs: () => [VhdxHeaderSchema], doc: 'Laid out as `header_1`. The valid one of the two with the greater sequence\nnumber counts.', origId: 'Header', section: '[MS-VHDX] 2.2.2' },
  { id: 'region_table_1', name: 'regionTable1', kind: 'instance', type: 'vhdx_region_table', structs: () => [VhdxRegionTableSchema], origId: 'Region Table', section: '[MS-VHDX] 2.2.3' },
  { id: 'region_table_2', name: 'regionTable2', kind: 'instance', type: 'vhdx_region_table', structs: () => [VhdxRegionTableSchema], doc: 'The same contents as `region_table_1`.', origId: 'Region Table', section: '[MS-VHDX] 2.2.3' },
  { id: 'header', name: 'header', kind: 'value', type: 'value', structs: () => [VhdxHeaderSchema], doc: 'The current header, if both copies are valid.', section: '[MS-VHDX] 2.2.2' },
  { id: 'log', name: 'log', kind: 'instance', type: 'log', isOptional: true, structs: () => [Vhdx_LogSchema], origId: 'Log', section: '[MS-VHDX] 2.3' },
  { id: 'bat_region_entries', name: 'batRegionEntries', kind: 'instance', type: 'vhdx_region_table_entry[]', isElsewhere: true, isList: true, structs: () => [VhdxRegionTableEntrySchema], doc: 'The entries of the region table up to that of the BAT.', section: '[MS-VHDX] 2.2.3.2' },
  { id: 'bat', name: 'bat', kind: 'instance', type: 'bat', structs: () => [Vhdx_BatSchema], origId: 'BAT', section: '[MS-VHDX] 2.5' },
  { id: 'metadata_region_entries', name: 'metadataRegionEntries', kind: 'instance', type: 'vhdx_region_table_entry[]', isElsewhere: true, isList: true, structs: () => [VhdxRegionTableEntrySchema], doc: 'The entries of the region table up to that of the metadata region.', section: '[MS-VHDX] 2.2.3.2' },
  { id: 'metadata', name: 'metadata', kind: 'instance', type: 'metadata', structs: () => [Vhdx_MetadataSchema], origId: 'Metadata region', section: '[MS-VHDX] 2.6' },
] };

/** What the schema says of `Vhdx_LogSectorKind`. */
export const Vhdx_LogSectorKindSchema: EnumSchema = { id: 'vhdx::log_sector_kind', values: [
  { id: 'entry', name: 'ENTRY', value: 0x65676f6c, doc: 'The four characters `loge`.' },
  { id: 'data', name: 'DATA', value: 0x61746164, doc: 'The four characters `data`.' },
] };

/** What the schema says of `Vhdx_MetadataItemKind`. */
export const Vhdx_MetadataItemKindSchema: EnumSchema = { id: 'vhdx::metadata_item_kind', values: [
  { id: 'unknown', name: 'UNKNOWN', value: 0, doc: 'User metadata, or system metadata of a later version.' },
  { id: 'file_parameters', name: 'FILE_PARAMETERS', value: 1 },
  { id: 'virtual_disk_size', name: 'VIRTUAL_DISK_SIZE', value: 2 },
  { id: 'virtual_disk_id', name: 'VIRTUAL_DISK_ID', value: 3 },
  { id: 'logical_sector_size', name: 'LOGICAL_SECTOR_SIZE', value: 4 },
  { id: 'physical_sector_size', name: 'PHYSICAL_SECTOR_SIZE', value: 5 },
  { id: 'parent_locator', name: 'PARENT_LOCATOR', value: 6 },
] };

/** What the schema says of `Vhdx_Log`. */
export const Vhdx_LogSchema: SchemaOf<Vhdx_Log> = { id: 'vhdx::log', type: Vhdx_Log, doc: 'A ring of entries that is read in sectors of 4 KiB, since any sector may\nbe the first of an entry. Which entries are to be replayed follows from\ntheir checksums and sequence numbers.', origId: 'Log', section: '[MS-VHDX] 2.3', fields: [
  { id: 'sectors', name: 'sectors', offset: 0, type: 'log_sector[]', section: '[MS-VHDX] 2.3.1', kind: 'field', isList: true, structs: () => [Vhdx_LogSectorSchema] },
] };

/** What the schema says of `Vhdx_LogSector`. */
export const Vhdx_LogSectorSchema: SchemaOf<Vhdx_LogSector> = { id: 'vhdx::log_sector', type: Vhdx_LogSector, size: 4, doc: 'The first sector of an entry, another sector of one, or one that was\nnever written.', section: '[MS-VHDX] 2.3.1', fields: [
  { id: 'index', name: 'index', kind: 'param', type: 'int', doc: 'Number of the sector in the log, from 0.' },
  { id: 'signature', name: 'signature', offset: 0, size: 4, type: 'u4', section: '[MS-VHDX] 2.3.1.1', kind: 'field', enum: () => Vhdx_LogSectorKindSchema, doc: 'The first four bytes. In a sector that holds neither an entry\'s header\nnor data they are a descriptor\'s, or anything.' },
  { id: 'offset', name: 'offset', kind: 'value', type: 'value', doc: 'Byte offset of the sector in the log.', section: '[MS-VHDX] 2.3.1' },
  { id: 'entry_header', name: 'entryHeader', kind: 'instance', type: 'vhdx_log_entry_header', isOptional: true, structs: () => [VhdxLogEntryHeaderSchema], origId: 'Entry Header', section: '[MS-VHDX] 2.3.1.1' },
  { id: 'is_whole', name: 'isWhole', kind: 'value', type: 'value', doc: 'An entry begins here that does not run past the end of the log. The\nothers go on at its start.', section: '[MS-VHDX] 2.3.1' },
  { id: 'is_current', name: 'isCurrent', kind: 'value', type: 'value', doc: 'An entry begins here that carries the LogGuid of the header. The\nothers are left over, and are not replayed.', section: '[MS-VHDX] 2.2.2' },
  { id: 'entry', name: 'entry', kind: 'instance', type: 'vhdx_log_entry', isElsewhere: true, isOptional: true, structs: () => [VhdxLogEntrySchema], origId: 'Log Entry', section: '[MS-VHDX] 2.3.1' },
] };

/** What the schema says of `Vhdx_Bat`. */
export const Vhdx_BatSchema: SchemaOf<Vhdx_Bat> = { id: 'vhdx::bat', type: Vhdx_Bat, doc: 'For each chunk of the virtual disk, the entries of its payload blocks, and\nthen that of its sector bitmap block. The rest of the region is unused.', origId: 'BAT', section: '[MS-VHDX] 2.5', fields: [
  { id: 'chunks', name: 'chunks', offset: 0, type: 'chunk[]', section: '[MS-VHDX] 2.4', kind: 'field', isList: true, structs: () => [Vhdx_ChunkSchema] },
  { id: 'num_payload_blocks', name: 'numPayloadBlocks', kind: 'value', type: 'value', doc: 'Number of payload blocks; the last may be used in part.', section: '[MS-VHDX] 2.5' },
  { id: 'chunk_ratio', name: 'chunkRatio', kind: 'value', type: 'value', doc: 'Number of payload blocks in a chunk.', origId: 'Chunk Ratio', section: '[MS-VHDX] 2.4' },
  { id: 'num_chunks', name: 'numChunks', kind: 'value', type: 'value', doc: 'Number of chunks of the virtual disk; the last may be used in part.', section: '[MS-VHDX] 2.5' },
] };

/** What the schema says of `Vhdx_Chunk`. */
export const Vhdx_ChunkSchema: SchemaOf<Vhdx_Chunk> = { id: 'vhdx::chunk', type: Vhdx_Chunk, doc: 'The BAT entries of one chunk. In a file without a parent the last chunk has\nentries for the payload blocks of the disk only, and none for a sector\nbitmap block; in a differencing file all chunks have all entries.', origId: 'Chunk', section: '[MS-VHDX] 2.5', fields: [
  { id: 'index', name: 'index', kind: 'param', type: 'int', doc: 'Number of the chunk, from 0.' },
  { id: 'payload_blocks', name: 'payloadBlocks', offset: 0, type: 'payload_block[]', section: '[MS-VHDX] 2.5.1.1', kind: 'field', isList: true, structs: () => [Vhdx_PayloadBlockSchema] },
  { id: 'sector_bitmap_block', name: 'sectorBitmapBlock', type: 'sector_bitmap_block', section: '[MS-VHDX] 2.5.1.2', kind: 'field', isOptional: true, structs: () => [Vhdx_SectorBitmapBlockSchema] },
  { id: 'unused', name: 'unused', type: 'bytes', section: '[MS-VHDX] 2.5.1.2', kind: 'field', isOptional: true, doc: 'The entry of a sector bitmap block, which a file without a parent does\nnot have. Older versions of QEMU do not clear it.' },
  { id: 'has_parent', name: 'hasParent', kind: 'value', type: 'value', doc: 'The file is a differencing file.', section: '[MS-VHDX] 2.6.2.1' },
  { id: 'is_last', name: 'isLast', kind: 'value', type: 'value', doc: 'No chunk follows.', section: '[MS-VHDX] 2.5' },
  { id: 'num_payload_blocks', name: 'numPayloadBlocks', kind: 'value', type: 'value', doc: 'Number of payload blocks that have an entry here.', section: '[MS-VHDX] 2.5' },
] };

/** What the schema says of `Vhdx_PayloadBlock`. */
export const Vhdx_PayloadBlockSchema: SchemaOf<Vhdx_PayloadBlock> = { id: 'vhdx::payload_block', type: Vhdx_PayloadBlock, size: 8, doc: 'What a `vhdx_payload_bat_entry` is, with the last field in two parts: the\nJavaScript that the Web IDE of Kaitai Struct runs reads up to 32 bits.', origId: 'BAT Entry', section: '[MS-VHDX] 2.5.1', fields: [
  { id: 'state', name: 'state', offset: 0, size: 8, bitOffset: 0, bits: 3, type: 'b3', origId: 'State', section: '[MS-VHDX] 2.5.1.1', kind: 'field', enum: () => VhdxPayloadBatEntry_PayloadStateSchema },
  { id: 'reserved', name: 'reserved', offset: 0, size: 8, bitOffset: 3, bits: 17, type: 'b17', origId: 'Reserved', section: '[MS-VHDX] 2.5.1', kind: 'field' },
  { id: 'file_offset_mb_low', name: 'fileOffsetMbLow', offset: 0, size: 8, bitOffset: 20, bits: 12, type: 'b12', origId: 'FileOffsetMB (bits 0 to 11)', section: '[MS-VHDX] 2.5.1', kind: 'field' },
  { id: 'file_offset_mb_high', name: 'fileOffsetMbHigh', offset: 0, size: 8, bitOffset: 32, bits: 32, type: 'b32', origId: 'FileOffsetMB (bits 12 to 43)', section: '[MS-VHDX] 2.5.1', kind: 'field' },
  { id: 'file_offset_mb', name: 'fileOffsetMb', kind: 'value', type: 'value', doc: 'Place of the block in the file, in MiB.', origId: 'FileOffsetMB', section: '[MS-VHDX] 2.5.1' },
] };

/** What the schema says of `Vhdx_SectorBitmapBlock`. */
export const Vhdx_SectorBitmapBlockSchema: SchemaOf<Vhdx_SectorBitmapBlock> = { id: 'vhdx::sector_bitmap_block', type: Vhdx_SectorBitmapBlock, size: 8, doc: 'What a `vhdx_sector_bitmap_bat_entry` is, in parts as a `payload_block` is,\nand the block that it leads to.', origId: 'BAT Entry', section: '[MS-VHDX] 2.5.1', fields: [
  { id: 'state', name: 'state', offset: 0, size: 8, bitOffset: 0, bits: 3, type: 'b3', origId: 'State', section: '[MS-VHDX] 2.5.1.2', kind: 'field', enum: () => VhdxSectorBitmapBatEntry_SectorBitmapStateSchema },
  { id: 'reserved', name: 'reserved', offset: 0, size: 8, bitOffset: 3, bits: 17, type: 'b17', origId: 'Reserved', section: '[MS-VHDX] 2.5.1', kind: 'field' },
  { id: 'file_offset_mb_low', name: 'fileOffsetMbLow', offset: 0, size: 8, bitOffset: 20, bits: 12, type: 'b12', origId: 'FileOffsetMB (bits 0 to 11)', section: '[MS-VHDX] 2.5.1', kind: 'field' },
  { id: 'file_offset_mb_high', name: 'fileOffsetMbHigh', offset: 0, size: 8, bitOffset: 32, bits: 32, type: 'b32', origId: 'FileOffsetMB (bits 12 to 43)', section: '[MS-VHDX] 2.5.1', kind: 'field' },
  { id: 'file_offset_mb', name: 'fileOffsetMb', kind: 'value', type: 'value', doc: 'Place of the block in the file, in MiB.', origId: 'FileOffsetMB', section: '[MS-VHDX] 2.5.1' },
  { id: 'bitmap', name: 'bitmap', kind: 'instance', type: 'bytes', isElsewhere: true, isOptional: true, doc: 'A bit for each sector of the chunk, from the least significant bit of\nthe first byte on: set if the sector is in this file, where its block\nis partially present.', origId: 'Sector Bitmap Block', section: '[MS-VHDX] 2.4' },
] };

/** What the schema says of `Vhdx_Metadata`. */
export const Vhdx_MetadataSchema: SchemaOf<Vhdx_Metadata> = { id: 'vhdx::metadata', type: Vhdx_Metadata, doc: 'The metadata table, and the items that its entries lead to.', origId: 'Metadata region', section: '[MS-VHDX] 2.6', fields: [
  { id: 'table', name: 'table', offset: 0, type: 'vhdx_metadata_table', origId: 'Metadata Table', section: '[MS-VHDX] 2.6.1', kind: 'field', structs: () => [VhdxMetadataTableSchema] },
  { id: 'items', name: 'items', type: 'metadata_item[]', section: '[MS-VHDX] 2.6.2', kind: 'field', isList: true, structs: () => [Vhdx_MetadataItemSchema], doc: 'In the order of the table.' },
  { id: 'len_table', name: 'lenTable', kind: 'value', type: 'value', doc: 'Size of the metadata table in bytes.', section: '[MS-VHDX] 2.6.1' },
  { id: 'entries_offset', name: 'entriesOffset', kind: 'value', type: 'value', doc: 'Byte offset of the first entry from the start of the table.', section: '[MS-VHDX] 2.6.1' },
  { id: 'file_parameters_entries', name: 'fileParametersEntries', kind: 'instance', type: 'vhdx_metadata_table_entry[]', isElsewhere: true, isList: true, structs: () => [VhdxMetadataTableEntrySchema], doc: 'The entries up to that of the file parameters.', section: '[MS-VHDX] 2.6.2.1' },
  { id: 'file_parameters', name: 'fileParameters', kind: 'instance', type: 'vhdx_file_parameters', structs: () => [VhdxFileParametersSchema], origId: 'File Parameters', section: '[MS-VHDX] 2.6.2.1' },
  { id: 'virtual_disk_size_entries', name: 'virtualDiskSizeEntries', kind: 'instance', type: 'vhdx_metadata_table_entry[]', isElsewhere: true, isList: true, structs: () => [VhdxMetadataTableEntrySchema], doc: 'The entries up to that of the virtual disk size.', section: '[MS-VHDX] 2.6.2.2' },
  { id: 'virtual_disk_size', name: 'virtualDiskSize', kind: 'instance', type: 'vhdx_virtual_disk_size', structs: () => [VhdxVirtualDiskSizeSchema], origId: 'Virtual Disk Size', section: '[MS-VHDX] 2.6.2.2' },
  { id: 'logical_sector_size_entries', name: 'logicalSectorSizeEntries', kind: 'instance', type: 'vhdx_metadata_table_entry[]', isElsewhere: true, isList: true, structs: () => [VhdxMetadataTableEntrySchema], doc: 'The entries up to that of the logical sector size.', section: '[MS-VHDX] 2.6.2.4' },
  { id: 'logical_sector_size', name: 'logicalSectorSize', kind: 'instance', type: 'vhdx_logical_sector_size', structs: () => [VhdxLogicalSectorSizeSchema], origId: 'Logical Sector Size', section: '[MS-VHDX] 2.6.2.4' },
] };

/** What the schema says of `Vhdx_MetadataItem`. */
export const Vhdx_MetadataItemSchema: SchemaOf<Vhdx_MetadataItem> = { id: 'vhdx::metadata_item', type: Vhdx_MetadataItem, size: 0, doc: 'One entry of the metadata table with its item.', section: '[MS-VHDX] 2.6.2', fields: [
  { id: 'index', name: 'index', kind: 'param', type: 'int', doc: 'Number of the item\'s entry in the table, from 0.' },
  { id: 'entry', name: 'entry', kind: 'value', type: 'value', structs: () => [VhdxMetadataTableEntrySchema], origId: 'Metadata Table Entry', section: '[MS-VHDX] 2.6.1.2' },
  { id: 'kind', name: 'kind', kind: 'value', type: 'value', enum: () => Vhdx_MetadataItemKindSchema, section: '[MS-VHDX] 2.6.2' },
  { id: 'item', name: 'item', kind: 'instance', type: 'vhdx_file_parameters | vhdx_virtual_disk_size | vhdx_virtual_disk_id | vhdx_logical_sector_size | vhdx_physical_sector_size | vhdx_parent_locator', isElsewhere: true, structs: () => [VhdxFileParametersSchema, VhdxVirtualDiskSizeSchema, VhdxVirtualDiskIdSchema, VhdxLogicalSectorSizeSchema, VhdxPhysicalSectorSizeSchema, VhdxParentLocatorSchema], doc: 'Its bytes as they are, if the item is not a known one.', section: '[MS-VHDX] 2.6.2' },
] };
