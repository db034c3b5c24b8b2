// @generated from vhdx_file_parameters.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxFileParameters } from './vhdx_file_parameters.js';

/** What the schema says of `VhdxFileParameters`. */
export const VhdxFileParametersSchema: SchemaOf<VhdxFileParameters> = { id: 'vhdx_file_parameters', type: VhdxFileParameters, size: 8, doc: 'The metadata item that gives the size of the payload blocks and the kind of\nfile: fixed, dynamic or differencing. 8 bytes.', origId: 'File Parameters', section: '[MS-VHDX] 2.6.2.1', fields: [
  { id: 'block_size', name: 'blockSize', offset: 0, size: 4, type: 'u4', origId: 'BlockSize', section: '[MS-VHDX] 2.6.2.1', kind: 'field', valid: [{ kind: 'any-of', expected: '0x100000, 0x200000, 0x400000, 0x800000, 0x1000000, 0x2000000, 0x4000000, 0x8000000, 0x10000000', rule: 'G3', severity: 'error' }], doc: 'Size of a payload block in bytes, a power of two from 1 MiB to 256 MiB.' },
  { id: 'leave_block_allocated', name: 'leaveBlockAllocated', offset: 4, size: 4, bitOffset: 0, bits: 1, type: 'b1', origId: 'LeaveBlockAllocated', section: '[MS-VHDX] 2.6.2.1', kind: 'field', doc: 'Blocks stay allocated, and the file stays long enough to hold all of\nthem. Set in a fixed file.' },
  { id: 'has_parent', name: 'hasParent', offset: 4, size: 4, bitOffset: 1, bits: 1, type: 'b1', origId: 'HasParent', section: '[MS-VHDX] 2.6.2.1', kind: 'field', doc: 'The file is a differencing file, and there is a parent locator item.' },
  { id: 'reserved', name: 'reserved', offset: 4, size: 4, bitOffset: 2, bits: 30, type: 'b30', origId: 'Reserved', section: '[MS-VHDX] 2.6.2.1', kind: 'field', valid: [{ kind: 'eq', expected: '0', rule: 'G4', severity: 'warning' }] },
] };
