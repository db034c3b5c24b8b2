// @generated from vhdx_sector_bitmap_bat_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { EnumSchema, SchemaOf } from './kaitai/reflect.js';
import { VhdxSectorBitmapBatEntry } from './vhdx_sector_bitmap_bat_entry.js';

/** What the schema says of `VhdxSectorBitmapBatEntry`. */
export const VhdxSectorBitmapBatEntrySchema: SchemaOf<VhdxSectorBitmapBatEntry> = { id: 'vhdx_sector_bitmap_bat_entry', type: VhdxSectorBitmapBatEntry, size: 8, doc: 'The state and place of one sector bitmap block, which is 1 MiB and has a bit\nfor each sector of a chunk. 64 bits. The entry follows those of the chunk\'s\npayload blocks, in files of every kind.', origId: 'BAT Entry', section: '[MS-VHDX] 2.5.1', fields: [
  { id: 'state', name: 'state', offset: 0, size: 8, bitOffset: 0, bits: 3, type: 'b3', origId: 'State', section: '[MS-VHDX] 2.5.1.2', kind: 'field', enum: () => VhdxSectorBitmapBatEntry_SectorBitmapStateSchema, valid: [{ kind: 'in-enum', rule: 'I18', severity: 'error' }], doc: 'Values 1 to 5 and 7 are reserved.' },
  { id: 'reserved', name: 'reserved', offset: 0, size: 8, bitOffset: 3, bits: 17, type: 'b17', origId: 'Reserved', section: '[MS-VHDX] 2.5.1', kind: 'field', valid: [{ kind: 'eq', expected: '0', rule: 'I4', severity: 'warning' }] },
  { id: 'file_offset_mb', name: 'fileOffsetMb', offset: 0, size: 8, bitOffset: 20, bits: 44, type: 'b44', origId: 'FileOffsetMB', section: '[MS-VHDX] 2.5.1', kind: 'field', valid: [{ kind: 'expr', expected: '_ != 0 or state != sector_bitmap_state::present', rule: 'I20', severity: 'error' }], doc: 'Place of the block in the file, in MiB. A present block lies after the\nheader section. Reserved in the state `not_present`.' },
  { id: 'file_offset', name: 'fileOffset', kind: 'value', type: 'value', doc: 'The same place in bytes; may need all 64 bits.', section: '[MS-VHDX] 2.5.1' },
] };

/** What the schema says of `VhdxSectorBitmapBatEntry_SectorBitmapState`. */
export const VhdxSectorBitmapBatEntry_SectorBitmapStateSchema: EnumSchema = { id: 'vhdx_sector_bitmap_bat_entry::sector_bitmap_state', values: [
  { id: 'not_present', name: 'NOT_PRESENT', value: 0, doc: 'Not allocated; the only state in a fixed or dynamic file.', origId: 'SB_BLOCK_NOT_PRESENT' },
  { id: 'present', name: 'PRESENT', value: 6, doc: 'In this file at `file_offset`. Needed as soon as a payload block of the\nchunk is partially present.', origId: 'SB_BLOCK_PRESENT' },
] };
