// @generated from vhdx_guid.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxGuid } from './vhdx_guid.js';

/** What the schema says of `VhdxGuid`. */
export const VhdxGuidSchema: SchemaOf<VhdxGuid> = { id: 'vhdx_guid', type: VhdxGuid, size: 16, doc: 'A globally unique identifier in the byte order of Windows: the first three\nparts are little-endian numbers, the last eight bytes stand as they are\nwritten.\n\nThe text form `{d1d1d1d1-d2d2-d3d3-d4d4-d4d4d4d4d4d4}` has the hexadecimal\ndigits of `data1`, `data2` and `data3`, then those of the bytes of `data4`,\nwith a dash after the second byte.', origId: 'GUID', section: '[MS-DTYP] 2.3.4.2', fields: [
  { id: 'data1', name: 'data1', offset: 0, size: 4, type: 'u4', origId: 'Data1', section: '[MS-DTYP] 2.3.4.2', kind: 'field' },
  { id: 'data2', name: 'data2', offset: 4, size: 2, type: 'u2', origId: 'Data2', section: '[MS-DTYP] 2.3.4.2', kind: 'field' },
  { id: 'data3', name: 'data3', offset: 6, size: 2, type: 'u2', origId: 'Data3', section: '[MS-DTYP] 2.3.4.2', kind: 'field' },
  { id: 'data4', name: 'data4', offset: 8, size: 8, type: 'bytes', origId: 'Data4', section: '[MS-DTYP] 2.3.4.2', kind: 'field' },
  { id: 'is_zero', name: 'isZero', kind: 'value', type: 'value', doc: 'True for the all-zero GUID, which VHDX uses as "none": a zero LogGuid says\nthat there is nothing to replay.', section: '[MS-VHDX] 2.2.2' },
] };
