// @generated from vhdx_payload_bat_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { EnumSchema, SchemaOf } from './kaitai/reflect.js';
import { VhdxPayloadBatEntry } from './vhdx_payload_bat_entry.js';

/** What the schema says of `VhdxPayloadBatEntry`. */
export const VhdxPayloadBatEntrySchema: SchemaOf<VhdxPayloadBatEntry> = { id: 'vhdx_payload_bat_entry', type: VhdxPayloadBatEntry, size: 8, doc: 'The state and place of one payload block. 64 bits. After the entries of each\nchunk the BAT has one entry for the chunk\'s sector bitmap block, which has\nthe same layout but states of its own.', origId: 'BAT Entry', section: '[MS-VHDX] 2.5.1', fields: [
  { id: 'state', name: 'state', offset: 0, size: 8, bitOffset: 0, bits: 3, type: 'b3', origId: 'State', section: '[MS-VHDX] 2.5.1.1', kind: 'field', enum: () => VhdxPayloadBatEntry_PayloadStateSchema, valid: [{ kind: 'in-enum', rule: 'I5', severity: 'error' }], doc: 'Values 4 and 5 are reserved.' },
  { id: 'reserved', name: 'reserved', offset: 0, size: 8, bitOffset: 3, bits: 17, type: 'b17', origId: 'Reserved', section: '[MS-VHDX] 2.5.1', kind: 'field', valid: [{ kind: 'eq', expected: '0', rule: 'I4', severity: 'warning' }] },
  { id: 'file_offset_mb', name: 'fileOffsetMb', offset: 0, size: 8, bitOffset: 20, bits: 44, type: 'b44', origId: 'FileOffsetMB', section: '[MS-VHDX] 2.5.1', kind: 'field', valid: [{ kind: 'expr', expected: '_ != 0 or (state != payload_state::fully_present and state != payload_state::partially_present)', rule: 'I7', severity: 'error' }], doc: 'Place of the block in the file, in MiB. A present block lies after the\nheader section. In the states `not_present` and `zero` the field is\nreserved; in `undefined` and `unmapped` a value other than zero is where\nthe former contents are.' },
  { id: 'file_offset', name: 'fileOffset', kind: 'value', type: 'value', doc: 'The same place in bytes; may need all 64 bits.', section: '[MS-VHDX] 2.5.1' },
] };

/** What the schema says of `VhdxPayloadBatEntry_PayloadState`. */
export const VhdxPayloadBatEntry_PayloadStateSchema: EnumSchema = { id: 'vhdx_payload_bat_entry::payload_state', values: [
  { id: 'not_present', name: 'NOT_PRESENT', value: 0, doc: 'Not in this file. The contents are the parent\'s in a differencing\nfile, and undefined otherwise.', origId: 'PAYLOAD_BLOCK_NOT_PRESENT' },
  { id: 'undefined', name: 'UNDEFINED', value: 1, doc: 'The contents are undefined; the parent is not consulted.', origId: 'PAYLOAD_BLOCK_UNDEFINED' },
  { id: 'zero', name: 'ZERO', value: 2, doc: 'The contents are zeros; the parent is not consulted.', origId: 'PAYLOAD_BLOCK_ZERO' },
  { id: 'unmapped', name: 'UNMAPPED', value: 3, doc: 'Unmapped by the user of the disk. The contents are zeros or those from\nbefore; the parent is not consulted.', origId: 'PAYLOAD_BLOCK_UNMAPPED' },
  { id: 'fully_present', name: 'FULLY_PRESENT', value: 6, doc: 'In this file at `file_offset`; the sector bitmap is not consulted.', origId: 'PAYLOAD_BLOCK_FULLY_PRESENT' },
  { id: 'partially_present', name: 'PARTIALLY_PRESENT', value: 7, doc: 'In a differencing file only: the sector bitmap says for each sector\nwhether it is in this file, at `file_offset`, or in the parent.', origId: 'PAYLOAD_BLOCK_PARTIALLY_PRESENT' },
] };
