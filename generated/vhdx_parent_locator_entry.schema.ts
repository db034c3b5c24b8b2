// @generated from vhdx_parent_locator_entry.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxParentLocatorEntry } from './vhdx_parent_locator_entry.js';

/** What the schema says of `VhdxParentLocatorEntry`. */
export const VhdxParentLocatorEntrySchema: SchemaOf<VhdxParentLocatorEntry> = { id: 'vhdx_parent_locator_entry', type: VhdxParentLocatorEntry, size: 12, doc: 'The place of one key and its value within the parent locator item. 12 bytes.\n\nThe strings are read, when they are asked for, from the stream that the\nentry itself was read from. That stream has to be the whole item, as it is\nfor the entries of a `vhdx_parent_locator`; the fields can be read from the\n12 bytes alone.', origId: 'Parent Locator Entry', section: '[MS-VHDX] 2.6.2.6.2', fields: [
  { id: 'key_offset', name: 'keyOffset', offset: 0, size: 4, type: 'u4', origId: 'KeyOffset', section: '[MS-VHDX] 2.6.2.6.2', kind: 'field', valid: [{ kind: 'min', expected: '1', rule: 'H4', severity: 'error' }], doc: 'Byte offset of the key from the start of the item.' },
  { id: 'value_offset', name: 'valueOffset', offset: 4, size: 4, type: 'u4', origId: 'ValueOffset', section: '[MS-VHDX] 2.6.2.6.2', kind: 'field', valid: [{ kind: 'min', expected: '1', rule: 'H4', severity: 'error' }], doc: 'Byte offset of the value from the start of the item.' },
  { id: 'key_length', name: 'keyLength', offset: 8, size: 2, type: 'u2', origId: 'KeyLength', section: '[MS-VHDX] 2.6.2.6.2', kind: 'field', valid: [{ kind: 'expr', expected: '_ > 0 and _ % 2 == 0', rule: 'H4', severity: 'error' }], doc: 'Size of the key in bytes, without a NUL; two for each UTF-16 code unit.' },
  { id: 'value_length', name: 'valueLength', offset: 10, size: 2, type: 'u2', origId: 'ValueLength', section: '[MS-VHDX] 2.6.2.6.2', kind: 'field', valid: [{ kind: 'expr', expected: '_ > 0 and _ % 2 == 0', rule: 'H4', severity: 'error' }], doc: 'Size of the value in bytes, without a NUL; two for each UTF-16 code unit.' },
  { id: 'key', name: 'key', kind: 'instance', type: 'str', doc: 'Case-sensitive.', section: '[MS-VHDX] 2.6.2.6.2' },
  { id: 'value', name: 'value', kind: 'instance', type: 'str', section: '[MS-VHDX] 2.6.2.6.2' },
] };
