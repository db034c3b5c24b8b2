// @generated from vhdx_log_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { EnumSchema, SchemaOf } from './kaitai/reflect.js';
import { VhdxLogDataDescriptorSchema } from './vhdx_log_data_descriptor.schema.js';
import { VhdxLogDataSectorSchema } from './vhdx_log_data_sector.schema.js';
import { VhdxLogEntry, VhdxLogEntry_Descriptor } from './vhdx_log_entry.js';
import { VhdxLogEntryHeaderSchema } from './vhdx_log_entry_header.schema.js';
import { VhdxLogZeroDescriptorSchema } from './vhdx_log_zero_descriptor.schema.js';

/** What the schema says of `VhdxLogEntry`. */
export const VhdxLogEntrySchema: SchemaOf<VhdxLogEntry> = { id: 'vhdx_log_entry', type: VhdxLogEntry, doc: 'One entry of the log: a set of 4 KiB updates that take effect together. It\nis a row of 4 KiB sectors: first the descriptor sectors, which begin with\nthe entry\'s header, then one data sector for each data descriptor, in the\norder of the descriptors.\n\nAn entry may run past the end of the ring and go on at its start, so a\nreader gives this type the entry\'s bytes in one piece.', origId: 'Log Entry', section: '[MS-VHDX] 2.3.1', fields: [
  { id: 'header', name: 'header', offset: 0, size: 64, type: 'vhdx_log_entry_header', origId: 'Entry Header', section: '[MS-VHDX] 2.3.1.1', kind: 'field', structs: () => [VhdxLogEntryHeaderSchema] },
  { id: 'descriptors', name: 'descriptors', offset: 64, type: 'descriptor[]', section: '[MS-VHDX] 2.3.1', kind: 'field', isList: true, structs: () => [VhdxLogEntry_DescriptorSchema], doc: 'Up to 126 in the first sector, beside the header, and up to 128 in each\nfollowing one. They are replayed in this order.' },
  { id: 'padding', name: 'padding', type: 'bytes', section: '[MS-VHDX] 2.3.1', kind: 'field', doc: 'Unused space between the last descriptor and the end of its sector.' },
  { id: 'data_sectors', name: 'dataSectors', type: 'vhdx_log_data_sector[]', origId: 'Data Sector', section: '[MS-VHDX] 2.3.1.4', kind: 'field', isList: true, structs: () => [VhdxLogDataSectorSchema] },
  { id: 'log_sector_size', name: 'logSectorSize', kind: 'value', type: 'value', doc: 'Size in bytes of a sector of the log, and the alignment of its entries.', section: '[MS-VHDX] 2.3.1' },
  { id: 'header_size', name: 'headerSize', kind: 'value', type: 'value', doc: 'Size of an entry\'s header in bytes.', section: '[MS-VHDX] 2.3.1' },
  { id: 'descriptor_size', name: 'descriptorSize', kind: 'value', type: 'value', doc: 'Size of a descriptor of either kind in bytes.', section: '[MS-VHDX] 2.3.1' },
  { id: 'len_descriptor_sectors', name: 'lenDescriptorSectors', kind: 'value', type: 'value', doc: 'Size in bytes of the header and the descriptors, in whole sectors.', section: '[MS-VHDX] 2.3.1' },
  { id: 'num_data_sectors', name: 'numDataSectors', kind: 'value', type: 'value', doc: 'Number of sectors after the descriptor sectors. In a valid entry it is\nthe number of data descriptors.', section: '[MS-VHDX] 2.3.1' },
] };

/** What the schema says of `VhdxLogEntry_DescriptorSignature`. */
export const VhdxLogEntry_DescriptorSignatureSchema: EnumSchema = { id: 'vhdx_log_entry::descriptor_signature', values: [
  { id: 'zero', name: 'ZERO', value: 0x6f72657a, doc: 'The four characters `zero`.', origId: 'ZeroSignature' },
  { id: 'data', name: 'DATA', value: 0x63736564, doc: 'The four characters `desc`.', origId: 'DataSignature' },
] };

/** What the schema says of `VhdxLogEntry_Descriptor`. */
export const VhdxLogEntry_DescriptorSchema: SchemaOf<VhdxLogEntry_Descriptor> = { id: 'vhdx_log_entry::descriptor', type: VhdxLogEntry_Descriptor, size: 32, doc: 'One descriptor, of the kind that its first four bytes name.', origId: 'Descriptor', section: '[MS-VHDX] 2.3.1', fields: [
  { id: 'body', name: 'body', offset: 0, size: 32, type: 'vhdx_log_zero_descriptor | vhdx_log_data_descriptor', section: '[MS-VHDX] 2.3.1.2', kind: 'field', structs: () => [VhdxLogZeroDescriptorSchema, VhdxLogDataDescriptorSchema], doc: 'The 32 bytes as they are, if the signature is neither of the two.' },
  { id: 'signature', name: 'signature', kind: 'instance', type: 'u4', enum: () => VhdxLogEntry_DescriptorSignatureSchema, valid: [{ kind: 'in-enum', rule: 'D13', severity: 'error' }], doc: 'The descriptor\'s first four bytes, read ahead. Their position is\nknown only when `body` is about to be read, which is when they are\nfirst asked for.', origId: 'ZeroSignature', section: '[MS-VHDX] 2.3.1.2' },
] };
