// @generated from vhdx_log_data_sector.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxLogDataSector } from './vhdx_log_data_sector.js';

/** What the schema says of `VhdxLogDataSector`. */
export const VhdxLogDataSectorSchema: SchemaOf<VhdxLogDataSector> = { id: 'vhdx_log_data_sector', type: VhdxLogDataSector, size: 4096, doc: 'The contents of a 4 KiB update, but for the 12 bytes that its data\ndescriptor keeps. 4096 bytes. The sequence number is split over the two\nends, so that a torn write shows.', origId: 'Data Sector', section: '[MS-VHDX] 2.3.1.4', fields: [
  { id: 'data_signature', name: 'dataSignature', offset: 0, size: 4, type: 'contents', origId: 'DataSignature', section: '[MS-VHDX] 2.3.1.4', kind: 'field', valid: [{ kind: 'contents', expected: '64 61 74 61', rule: 'D16', severity: 'error' }], doc: '0x61746164 when it is read as a little-endian number.' },
  { id: 'sequence_high', name: 'sequenceHigh', offset: 4, size: 4, type: 'u4', origId: 'SequenceHigh', section: '[MS-VHDX] 2.3.1.4', kind: 'field', doc: 'The upper 32 bits of the entry\'s sequence number.' },
  { id: 'data', name: 'data', offset: 8, size: 4084, type: 'bytes', origId: 'Data', section: '[MS-VHDX] 2.3.1.4', kind: 'field', doc: 'Bytes 8 to 4091 of the update.' },
  { id: 'sequence_low', name: 'sequenceLow', offset: 4092, size: 4, type: 'u4', origId: 'SequenceLow', section: '[MS-VHDX] 2.3.1.4', kind: 'field', doc: 'The lower 32 bits of the entry\'s sequence number.' },
  { id: 'sequence_number', name: 'sequenceNumber', kind: 'value', type: 'value', doc: 'Both halves together; equals the sequence number of the entry\'s header.', origId: 'SequenceNumber', section: '[MS-VHDX] 2.3.1.4' },
] };
