// @generated from vhdx_region_table_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxGuidSchema } from './vhdx_guid.schema.js';
import { VhdxRegionTableEntry } from './vhdx_region_table_entry.js';

/** What the schema says of `VhdxRegionTableEntry`. */
export const VhdxRegionTableEntrySchema: SchemaOf<VhdxRegionTableEntry> = { id: 'vhdx_region_table_entry', type: VhdxRegionTableEntry, size: 32, doc: 'One region: what it is and where it lies. 32 bytes. Regions overlap neither\neach other nor the log nor any block.', origId: 'Region Table Entry', section: '[MS-VHDX] 2.2.3.2', fields: [
  { id: 'guid', name: 'guid', offset: 0, size: 16, type: 'vhdx_guid', origId: 'Guid', section: '[MS-VHDX] 2.2.3.2', kind: 'field', structs: () => [VhdxGuidSchema], doc: 'What the region is; unique within the table. The known ones are\n2dc27766-f623-4200-9d64-115e9bfd4a08 (`is_bat`) and\n8b7ca206-4790-4b9a-b8fe-575f050f886e (`is_metadata_region`).' },
  { id: 'file_offset', name: 'fileOffset', offset: 16, size: 8, type: 'u8', origId: 'FileOffset', section: '[MS-VHDX] 2.2.3.2', kind: 'field', valid: [{ kind: 'expr', expected: '_ >= 0x100000 and _ % 0x100000 == 0', rule: 'C6', severity: 'error' }], doc: 'Byte offset of the region in the file, a multiple of 1 MiB and at least\n1 MiB.' },
  { id: 'length', name: 'length', offset: 24, size: 4, type: 'u4', origId: 'Length', section: '[MS-VHDX] 2.2.3.2', kind: 'field', valid: [{ kind: 'expr', expected: '_ % 0x100000 == 0', rule: 'C7', severity: 'error' }], doc: 'Size of the region in bytes, a multiple of 1 MiB.' },
  { id: 'required', name: 'required', offset: 28, size: 4, bitOffset: 0, bits: 1, type: 'b1', origId: 'Required', section: '[MS-VHDX] 2.2.3.2', kind: 'field', doc: 'The low bit of the 32-bit field Required. If it is set, a reader that\ndoes not know the region must refuse the file.' },
  { id: 'reserved', name: 'reserved', offset: 28, size: 4, bitOffset: 1, bits: 31, type: 'b31', origId: 'Required (bits 1 to 31)', section: '[MS-VHDX] 2.2.3.2', kind: 'field', valid: [{ kind: 'eq', expected: '0', rule: 'C14', severity: 'warning' }], doc: 'The only values that the field Required is given are 0 and 1.' },
  { id: 'is_bat', name: 'isBat', kind: 'value', type: 'value', doc: 'The region is the block allocation table.', origId: 'BAT', section: '[MS-VHDX] 2.2.3.2' },
  { id: 'is_metadata_region', name: 'isMetadataRegion', kind: 'value', type: 'value', doc: 'The region is the metadata region, which begins with the metadata table.', origId: 'Metadata region', section: '[MS-VHDX] 2.2.3.2' },
] };
