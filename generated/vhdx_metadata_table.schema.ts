// @generated from vhdx_metadata_table.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxMetadataTable } from './vhdx_metadata_table.js';
import { VhdxMetadataTableEntrySchema } from './vhdx_metadata_table_entry.schema.js';

/** What the schema says of `VhdxMetadataTable`. */
export const VhdxMetadataTableSchema: SchemaOf<VhdxMetadataTable> = { id: 'vhdx_metadata_table', type: VhdxMetadataTable, doc: 'The first 64 KiB of the metadata region: a header of 32 bytes, then the\nentries, in no particular order. The items that they describe follow the\ntable, packed freely.', origId: 'Metadata Table', section: '[MS-VHDX] 2.6.1', fields: [
  { id: 'signature', name: 'signature', offset: 0, size: 8, type: 'contents', origId: 'Signature', section: '[MS-VHDX] 2.6.1.1', kind: 'field', valid: [{ kind: 'contents', expected: '6d 65 74 61 64 61 74 61', rule: 'F1', severity: 'error' }], doc: '0x617461646174656d when it is read as a little-endian number.' },
  { id: 'reserved', name: 'reserved', offset: 8, size: 2, type: 'u2', origId: 'Reserved', section: '[MS-VHDX] 2.6.1.1', kind: 'field', valid: [{ kind: 'eq', expected: '0', rule: 'F3', severity: 'warning' }] },
  { id: 'entry_count', name: 'entryCount', offset: 10, size: 2, type: 'u2', origId: 'EntryCount', section: '[MS-VHDX] 2.6.1.1', kind: 'field', valid: [{ kind: 'max', expected: '2047', rule: 'F2', severity: 'error' }], doc: 'Number of entries in use.' },
  { id: 'reserved2', name: 'reserved2', offset: 12, size: 20, type: 'bytes', origId: 'Reserved2', section: '[MS-VHDX] 2.6.1.1', kind: 'field', valid: [{ kind: 'expr', expected: '_.length == 0', rule: 'F3', severity: 'warning' }], doc: 'All zero. The value is what is left without trailing zeros.' },
  { id: 'entries', name: 'entries', offset: 32, type: 'vhdx_metadata_table_entry[]', section: '[MS-VHDX] 2.6.1.2', kind: 'field', isList: true, structs: () => [VhdxMetadataTableEntrySchema] },
  { id: 'unused', name: 'unused', type: 'bytes', section: '[MS-VHDX] 2.6.1.1', kind: 'field', doc: 'The rest of the 64 KiB. It may hold data, which a reader disregards.' },
] };
