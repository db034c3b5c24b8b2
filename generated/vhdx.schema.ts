// @generated from vhdx.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { Vhdx } from './vhdx.js';
import { VhdxFileTypeIdentifierSchema } from './vhdx_file_type_identifier.schema.js';
import { VhdxHeaderSchema } from './vhdx_header.schema.js';
import { VhdxRegionTableSchema } from './vhdx_region_table.schema.js';

/** What the schema says of `Vhdx`. */
export const VhdxSchema: SchemaOf<Vhdx> = { id: 'vhdx', type: Vhdx, size: 0, doc: 'A virtual disk in a file, as used by Hyper-V, WSL and Azure.\n\nThe file begins with a header section of 1 MiB, which this type reads. What\nfollows are a log, regions (the block allocation table and the metadata\nregion, both found through the region table) and blocks, at multiples of\n1 MiB and in any order. Each has a type of its own, in a file whose name\nbegins with `vhdx_`.\n\nIf the log has entries to replay, everything but the headers and the log\nitself must be read as it is after the replay.', origId: 'VHDX', section: 'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-vhdx/83e061f8-f6e2-4de1-91bd-5d518a43d477 [MS-VHDX] 2.2', fields: [
  { id: 'alignment', name: 'alignment', kind: 'value', type: 'value', doc: 'Alignment in bytes of every object after the header section.', section: '[MS-VHDX] 2.1' },
  { id: 'header_section_size', name: 'headerSectionSize', kind: 'value', type: 'value', doc: 'Size of the header section in bytes, and of the shortest file.', section: '[MS-VHDX] 2.2' },
  { id: 'header_slot_size', name: 'headerSlotSize', kind: 'value', type: 'value', doc: 'Size in bytes of each of the five items of the header section.', section: '[MS-VHDX] 2.2' },
  { id: 'file_type_identifier_offset', name: 'fileTypeIdentifierOffset', kind: 'value', type: 'value', doc: 'Byte offset of the file type identifier.', section: '[MS-VHDX] 2.2.1' },
  { id: 'header_1_offset', name: 'header1Offset', kind: 'value', type: 'value', doc: 'Byte offset of the first header, 64 KiB.', section: '[MS-VHDX] 2.2.2' },
  { id: 'header_2_offset', name: 'header2Offset', kind: 'value', type: 'value', doc: 'Byte offset of the second header, 128 KiB.', section: '[MS-VHDX] 2.2.2' },
  { id: 'region_table_1_offset', name: 'regionTable1Offset', kind: 'value', type: 'value', doc: 'Byte offset of the first copy of the region table, 192 KiB.', section: '[MS-VHDX] 2.2.3' },
  { id: 'region_table_2_offset', name: 'regionTable2Offset', kind: 'value', type: 'value', doc: 'Byte offset of the second copy of the region table, 256 KiB.', section: '[MS-VHDX] 2.2.3' },
  { id: 'file_type_identifier', name: 'fileTypeIdentifier', kind: 'instance', type: 'vhdx_file_type_identifier', structs: () => [VhdxFileTypeIdentifierSchema], origId: 'File Type Identifier', section: '[MS-VHDX] 2.2.1' },
  { id: 'header_1', name: 'header1', kind: 'instance', type: 'vhdx_header', structs: () => [VhdxHeaderSchema], doc: 'The rest of the slot, from 4 KiB to 64 KiB, is reserved.', origId: 'Header', section: '[MS-VHDX] 2.2.2' },
  { id: 'header_2', name: 'header2', kind: 'instance', type: 'vhdx_header', structs: () => [VhdxHeaderSchema], doc: 'Laid out as `header_1`. The valid one of the two with the greater sequence\nnumber counts.', origId: 'Header', section: '[MS-VHDX] 2.2.2' },
  { id: 'region_table_1', name: 'regionTable1', kind: 'instance', type: 'vhdx_region_table', structs: () => [VhdxRegionTableSchema], origId: 'Region Table', section: '[MS-VHDX] 2.2.3' },
  { id: 'region_table_2', name: 'regionTable2', kind: 'instance', type: 'vhdx_region_table', structs: () => [VhdxRegionTableSchema], doc: 'The same contents as `region_table_1`.', origId: 'Region Table', section: '[MS-VHDX] 2.2.3' },
] };
