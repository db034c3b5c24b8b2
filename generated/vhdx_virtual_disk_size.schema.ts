// @generated from vhdx_virtual_disk_size.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxVirtualDiskSize } from './vhdx_virtual_disk_size.js';

/** What the schema says of `VhdxVirtualDiskSize`. */
export const VhdxVirtualDiskSizeSchema: SchemaOf<VhdxVirtualDiskSize> = { id: 'vhdx_virtual_disk_size', type: VhdxVirtualDiskSize, size: 8, doc: 'The metadata item that gives the size of the virtual disk. 8 bytes.', origId: 'Virtual Disk Size', section: '[MS-VHDX] 2.6.2.2', fields: [
  { id: 'virtual_disk_size', name: 'virtualDiskSize', offset: 0, size: 8, type: 'u8', origId: 'VirtualDiskSize', section: '[MS-VHDX] 2.6.2.2', kind: 'field', valid: [{ kind: 'max', expected: '0x4000_0000_0000', rule: 'G9', severity: 'error' }], doc: 'Size in bytes, a multiple of the logical sector size and at most 64 TiB.' },
] };
