// @generated from vhdx_log_zero_descriptor.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxLogZeroDescriptor } from './vhdx_log_zero_descriptor.js';

/** What the schema says of `VhdxLogZeroDescriptor`. */
export const VhdxLogZeroDescriptorSchema: SchemaOf<VhdxLogZeroDescriptor> = { id: 'vhdx_log_zero_descriptor', type: VhdxLogZeroDescriptor, size: 32, doc: 'A range of the file to fill with zeros. 32 bytes; it has no data sector.', origId: 'Zero Descriptor', section: '[MS-VHDX] 2.3.1.2', fields: [
  { id: 'zero_signature', name: 'zeroSignature', offset: 0, size: 4, type: 'contents', origId: 'ZeroSignature', section: '[MS-VHDX] 2.3.1.2', kind: 'field', valid: [{ kind: 'contents', expected: '7a 65 72 6f', rule: 'D13', severity: 'error' }], doc: '0x6f72657a when it is read as a little-endian number.' },
  { id: 'reserved', name: 'reserved', offset: 4, size: 4, type: 'u4', origId: 'Reserved', section: '[MS-VHDX] 2.3.1.2', kind: 'field', valid: [{ kind: 'eq', expected: '0', rule: 'VHDX_LOG_ZERO_RESERVED_NONZERO', severity: 'warning' }] },
  { id: 'zero_length', name: 'zeroLength', offset: 8, size: 8, type: 'u8', origId: 'ZeroLength', section: '[MS-VHDX] 2.3.1.2', kind: 'field', valid: [{ kind: 'expr', expected: '_ % 4096 == 0', rule: 'VHDX_LOG_ZERO_LENGTH_UNALIGNED', severity: 'error' }], doc: 'Length of the range in bytes, a multiple of 4 KiB.' },
  { id: 'file_offset', name: 'fileOffset', offset: 16, size: 8, type: 'u8', origId: 'FileOffset', section: '[MS-VHDX] 2.3.1.2', kind: 'field', valid: [{ kind: 'expr', expected: '_ % 4096 == 0', rule: 'D14', severity: 'error' }], doc: 'Byte offset of the range in the file, a multiple of 4 KiB; may lie past\nthe end of the file, which is then extended.' },
  { id: 'sequence_number', name: 'sequenceNumber', offset: 24, size: 8, type: 'u8', origId: 'SequenceNumber', section: '[MS-VHDX] 2.3.1.2', kind: 'field', doc: 'The sequence number of the entry\'s header.' },
] };
