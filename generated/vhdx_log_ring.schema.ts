// @generated from vhdx_log_ring.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxLogRing } from './vhdx_log_ring.js';

/** What the schema says of `VhdxLogRing`. */
export const VhdxLogRingSchema: SchemaOf<VhdxLogRing> = { id: 'vhdx_log_ring', type: VhdxLogRing, size: 0, doc: 'The log as a reader or writer keeps it in memory. It reads no bytes: the\nplace of the log comes from the header, the positions of the oldest and the\nnewest entry from the active sequence.\n\n`head` and `tail` are equal both when the ring is empty and when its\nentries fill it exactly; `is_empty` tells the two apart. An active sequence\nhas at least one entry, so its ring is never empty.', origId: 'Log', section: '[MS-VHDX] 2.3', fields: [
  { id: 'offset', name: 'offset', kind: 'param', type: 'int', doc: 'Byte offset of the log in the file.' },
  { id: 'length', name: 'length', kind: 'param', type: 'int', doc: 'Size of the log in bytes.' },
  { id: 'head', name: 'head', kind: 'param', type: 'int', doc: 'Byte offset in the log of the first byte after the newest entry, where\nthe next one goes. Less than `length`: the end of the ring is its start.' },
  { id: 'tail', name: 'tail', kind: 'param', type: 'int', doc: 'Byte offset in the log of the oldest entry. Less than `length`.' },
  { id: 'is_empty', name: 'isEmpty', kind: 'param', type: 'bool', doc: 'No entry is in use. Then `head` and `tail` are equal.' },
  { id: 'min_log_length', name: 'minLogLength', kind: 'value', type: 'value', doc: 'Smallest log, in bytes: its length is a multiple of 1 MiB, and a file\nwithout a log cannot be updated safely.', section: '[MS-VHDX] 2.2.2' },
  { id: 'log_sector_size', name: 'logSectorSize', kind: 'value', type: 'value', doc: 'Size in bytes of a sector of the log, and the alignment of its entries.', section: '[MS-VHDX] 2.3.1' },
  { id: 'used', name: 'used', kind: 'value', type: 'value', doc: 'Number of bytes in use, from `tail` up to `head`.', section: '[MS-VHDX] 2.3.2' },
  { id: 'free', name: 'free', kind: 'value', type: 'value', doc: 'Number of bytes that new entries can take. Space is free once its\nentries are no part of the active sequence.', section: '[MS-VHDX] 2.3.1' },
  { id: 'is_full', name: 'isFull', kind: 'value', type: 'value', doc: 'The entries fill the ring exactly.', section: '[MS-VHDX] 2.3.3' },
  { id: 'is_wrapped', name: 'isWrapped', kind: 'value', type: 'value', doc: 'The bytes in use run past the end of the ring and go on at its start. A\nsequence that ends exactly at the end of the ring does not.', section: '[MS-VHDX] 2.3.3' },
  { id: 'head_file_offset', name: 'headFileOffset', kind: 'value', type: 'value', doc: 'Byte offset of `head` in the file.', section: '[MS-VHDX] 2.3' },
  { id: 'tail_file_offset', name: 'tailFileOffset', kind: 'value', type: 'value', doc: 'Byte offset of `tail` in the file.', section: '[MS-VHDX] 2.3' },
  { id: 'end_file_offset', name: 'endFileOffset', kind: 'value', type: 'value', doc: 'Byte offset in the file of the first byte after the log.', section: '[MS-VHDX] 2.3' },
] };
