// @generated from vhdx_log_data_descriptor.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxLogDataDescriptor } from './vhdx_log_data_descriptor.js';

/** What the schema says of `VhdxLogDataDescriptor`. */
export const VhdxLogDataDescriptorSchema: SchemaOf<VhdxLogDataDescriptor> = { id: 'vhdx_log_data_descriptor', type: VhdxLogDataDescriptor, size: 32, doc: 'A 4 KiB update of the file. 32 bytes. The update\'s bytes 8 to 4091 are in\nthe data sector that belongs to this descriptor; the others are kept here,\nas the data sector has its signature and sequence number in their place.', origId: 'Data Descriptor', section: '[MS-VHDX] 2.3.1.3', fields: [
  { id: 'data_signature', name: 'dataSignature', offset: 0, size: 4, type: 'contents', origId: 'DataSignature', section: '[MS-VHDX] 2.3.1.3', kind: 'field', valid: [{ kind: 'contents', expected: '64 65 73 63', rule: 'D13', severity: 'error' }], doc: '0x63736564 when it is read as a little-endian number.' },
  { id: 'trailing_bytes', name: 'trailingBytes', offset: 4, size: 4, type: 'bytes', origId: 'TrailingBytes', section: '[MS-VHDX] 2.3.1.3', kind: 'field', doc: 'Bytes 4092 to 4095 of the update.' },
  { id: 'leading_bytes', name: 'leadingBytes', offset: 8, size: 8, type: 'bytes', origId: 'LeadingBytes', section: '[MS-VHDX] 2.3.1.3', kind: 'field', doc: 'Bytes 0 to 7 of the update.' },
  { id: 'file_offset', name: 'fileOffset', offset: 16, size: 8, type: 'u8', origId: 'FileOffset', section: '[MS-VHDX] 2.3.1.3', kind: 'field', valid: [{ kind: 'expr', expected: '_ % 4096 == 0', rule: 'D14', severity: 'error' }], doc: 'Byte offset of the update in the file, a multiple of 4 KiB; may lie past\nthe end of the file, which is then extended.' },
  { id: 'sequence_number', name: 'sequenceNumber', offset: 24, size: 8, type: 'u8', origId: 'SequenceNumber', section: '[MS-VHDX] 2.3.1.3', kind: 'field', doc: 'The sequence number of the entry\'s header.' },
] };
