// @generated from vhdx_parent_locator.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxGuidSchema } from './vhdx_guid.schema.js';
import { VhdxParentLocator } from './vhdx_parent_locator.js';
import { VhdxParentLocatorEntrySchema } from './vhdx_parent_locator_entry.schema.js';

/** What the schema says of `VhdxParentLocator`. */
export const VhdxParentLocatorSchema: SchemaOf<VhdxParentLocator> = { id: 'vhdx_parent_locator', type: VhdxParentLocator, doc: 'The metadata item of a differencing file that says what its parent is and\nwhere it may be found, as a set of keys and values. A header of 20 bytes,\nentries of 12 bytes, then the strings.\n\nOffsets in the entries count from the start of the item, so the item is to\nbe read from a stream of its own. A key is then `entries[i].key`, and its\nvalue is `entries[i].value`.', origId: 'Parent Locator', section: '[MS-VHDX] 2.6.2.6', fields: [
  { id: 'locator_type', name: 'locatorType', offset: 0, size: 16, type: 'vhdx_guid', origId: 'LocatorType', section: '[MS-VHDX] 2.6.2.6.1', kind: 'field', structs: () => [VhdxGuidSchema], doc: 'How the entries are to be understood; a reader must know the type. The\none specified is b04aefb7-d19e-4a81-b789-25b8e9445913\n(`is_vhdx_parent_locator`).' },
  { id: 'reserved', name: 'reserved', offset: 16, size: 2, type: 'u2', origId: 'Reserved', section: '[MS-VHDX] 2.6.2.6.1', kind: 'field', valid: [{ kind: 'eq', expected: '0', rule: 'H3', severity: 'warning' }] },
  { id: 'key_value_count', name: 'keyValueCount', offset: 18, size: 2, type: 'u2', origId: 'KeyValueCount', section: '[MS-VHDX] 2.6.2.6.1', kind: 'field', doc: 'Number of entries.' },
  { id: 'entries', name: 'entries', offset: 20, type: 'vhdx_parent_locator_entry[]', section: '[MS-VHDX] 2.6.2.6.2', kind: 'field', isList: true, structs: () => [VhdxParentLocatorEntrySchema], doc: 'In no particular order. Keys are unique.' },
  { id: 'data', name: 'data', type: 'bytes', section: '[MS-VHDX] 2.6.2.6.2', kind: 'field', doc: 'The rest of the item, where the keys and values are.' },
  { id: 'is_vhdx_parent_locator', name: 'isVhdxParentLocator', kind: 'value', type: 'value', doc: 'The parent is a VHDX file. The keys are `parent_linkage`,\n`parent_linkage2`, `relative_path`, `volume_path` and\n`absolute_win32_path`.', origId: 'VHDX Parent Locator', section: '[MS-VHDX] 2.6.2.6.3' },
] };
