// @generated from vhdx_logical_sector_size.ksy by ksy-ts. Do not edit: change the schema and generate again.
import type { SchemaOf } from './kaitai/reflect.js';
import { VhdxLogicalSectorSize } from './vhdx_logical_sector_size.js';

/** What the schema says of `VhdxLogicalSectorSize`. */
export const VhdxLogicalSectorSizeSchema: SchemaOf<VhdxLogicalSectorSize> = { id: 'vhdx_logical_sector_size', type: VhdxLogicalSectorSize, size: 4, doc: 'The metadata item that gives the sector size of the virtual disk. 4 bytes.\nIt also settles the size of a chunk: the part of the disk whose sectors one\nsector bitmap block describes.', origId: 'Logical Sector Size', section: '[MS-VHDX] 2.6.2.4', fields: [
  { id: 'logical_sector_size', name: 'logicalSectorSize', offset: 0, size: 4, type: 'u4', origId: 'LogicalSectorSize', section: '[MS-VHDX] 2.6.2.4', kind: 'field', valid: [{ kind: 'any-of', expected: '512, 4096', rule: 'G11', severity: 'error' }], doc: 'Size in bytes. The same in a differencing file and its parent.' },
  { id: 'sector_bitmap_block_size', name: 'sectorBitmapBlockSize', kind: 'value', type: 'value', doc: 'Size of a sector bitmap block in bytes.', section: '[MS-VHDX] 2.4' },
  { id: 'max_sectors_per_chunk', name: 'maxSectorsPerChunk', kind: 'value', type: 'value', doc: 'Number of sectors in a chunk: 2^23, one for each bit of a sector bitmap\nblock. Times the logical sector size this is the chunk size, 4 GiB or\n32 GiB; that divided by the block size is the chunk ratio, the number of\npayload blocks per sector bitmap block.', section: '[MS-VHDX] 2.4' },
] };
