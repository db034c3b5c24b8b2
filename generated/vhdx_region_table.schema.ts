// @generated from vhdx_region_table.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxRegionTable } from './vhdx_region_table.js';
import { VhdxRegionTableEntrySchema } from './vhdx_region_table_entry.schema.js';

/** What the schema says of `VhdxRegionTable`. */
export const VhdxRegionTableSchema: SchemaOf<VhdxRegionTable> = { id: 'vhdx_region_table', type: VhdxRegionTable, doc: 'The identity and place of each region of the file: the BAT, the metadata\nregion, and any that a later version may add. Exactly 64 KiB; two equal\ncopies stand at 192 KiB and 256 KiB. Changes to it go through the log.', origId: 'Region Table', section: '[MS-VHDX] 2.2.3', fields: [
  { id: 'signature', name: 'signature', offset: 0, size: 4, type: 'contents', origId: 'Signature', section: '[MS-VHDX] 2.2.3.1', kind: 'field', valid: [{ kind: 'contents', expected: '72 65 67 69', rule: 'VHDX_REGION_TABLE_SIGNATURE_MISMATCH', severity: 'error' }], doc: '0x69676572 when it is read as a little-endian number.' },
  { id: 'checksum', name: 'checksum', offset: 4, size: 4, type: 'u4', origId: 'Checksum', section: '[MS-VHDX] 2.2.3.1', kind: 'field', valid: [{ kind: 'checksum', expected: 'crc32c', rule: 'VHDX_REGION_TABLE_CHECKSUM_MISMATCH', severity: 'error' }], doc: 'CRC-32C (Castagnoli) over all 65536 bytes, with this field taken as zero.' },
  { id: 'entry_count', name: 'entryCount', offset: 8, size: 4, type: 'u4', origId: 'EntryCount', section: '[MS-VHDX] 2.2.3.1', kind: 'field', valid: [{ kind: 'max', expected: '2047', rule: 'C3', severity: 'error' }], doc: 'Number of entries in use. They follow the table\'s header of 16 bytes.' },
  { id: 'reserved', name: 'reserved', offset: 12, size: 4, type: 'u4', origId: 'Reserved', section: '[MS-VHDX] 2.2.3.1', kind: 'field', valid: [{ kind: 'eq', expected: '0', rule: 'C4', severity: 'warning' }], doc: 'Zero; a reader ignores it.' },
  { id: 'entries', name: 'entries', offset: 16, type: 'vhdx_region_table_entry[]', section: '[MS-VHDX] 2.2.3.2', kind: 'field', isList: true, structs: () => [VhdxRegionTableEntrySchema] },
  { id: 'unused', name: 'unused', type: 'bytes', section: '[MS-VHDX] 2.2.3.2', kind: 'field', doc: 'The rest of the 64 KiB, which is reserved. A writer may set it to zero;\nthe checksum covers it.' },
] };
