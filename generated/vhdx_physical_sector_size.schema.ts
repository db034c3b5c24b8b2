// @generated from vhdx_physical_sector_size.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxPhysicalSectorSize } from './vhdx_physical_sector_size.js';

/** What the schema says of `VhdxPhysicalSectorSize`. */
export const VhdxPhysicalSectorSizeSchema: SchemaOf<VhdxPhysicalSectorSize> = { id: 'vhdx_physical_sector_size', type: VhdxPhysicalSectorSize, size: 4, doc: 'The metadata item that gives the physical sector size which the virtual disk\nreports. 4 bytes.', origId: 'Physical Sector Size', section: '[MS-VHDX] 2.6.2.5', fields: [
  { id: 'physical_sector_size', name: 'physicalSectorSize', offset: 0, size: 4, type: 'u4', origId: 'PhysicalSectorSize', section: '[MS-VHDX] 2.6.2.5', kind: 'field', valid: [{ kind: 'any-of', expected: '512, 4096', rule: 'G12', severity: 'error' }], doc: 'Size in bytes.' },
] };
