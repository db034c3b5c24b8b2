// @generated from vhdx_virtual_disk_id.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxGuidSchema } from './vhdx_guid.schema.js';
import { VhdxVirtualDiskId } from './vhdx_virtual_disk_id.js';

/** What the schema says of `VhdxVirtualDiskId`. */
export const VhdxVirtualDiskIdSchema: SchemaOf<VhdxVirtualDiskId> = { id: 'vhdx_virtual_disk_id', type: VhdxVirtualDiskId, size: 16, doc: 'The metadata item that identifies the virtual disk. 16 bytes.', origId: 'Virtual Disk ID', section: '[MS-VHDX] 2.6.2.3', fields: [
  { id: 'virtual_disk_id', name: 'virtualDiskId', offset: 0, size: 16, type: 'vhdx_guid', origId: 'VirtualDiskId', section: '[MS-VHDX] 2.6.2.3', kind: 'field', structs: () => [VhdxGuidSchema], doc: 'The same in every file of a chain, as the item belongs to the virtual\ndisk and is copied into each new differencing file.' },
] };
