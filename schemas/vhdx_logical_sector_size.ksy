meta:
  id: vhdx_logical_sector_size
  title: VHDX logical sector size
  license: MIT
  ks-version: '0.9'
  endian: le
-orig-id: Logical Sector Size
doc: |
  The metadata item that gives the sector size of the virtual disk. 4 bytes.
  It also settles the size of a chunk: the part of the disk whose sectors one
  sector bitmap block describes.
doc-ref: '[MS-VHDX] 2.6.2.4'
seq:
  - id: logical_sector_size
    -orig-id: LogicalSectorSize
    type: u4
    valid:
      any-of:
        - 512
        - 4096
      -rule: G11
      -severity: error
    doc: Size in bytes. The same in a differencing file and its parent.
    doc-ref: '[MS-VHDX] 2.6.2.4'
instances:
  sector_bitmap_block_size:
    value: 0x100000
    doc: Size of a sector bitmap block in bytes.
    doc-ref: '[MS-VHDX] 2.4'
  max_sectors_per_chunk:
    value: 0x800000
    doc: |
      Number of sectors in a chunk: 2^23, one for each bit of a sector bitmap
      block. Times the logical sector size this is the chunk size, 4 GiB or
      32 GiB; that divided by the block size is the chunk ratio, the number of
      payload blocks per sector bitmap block.
    doc-ref: '[MS-VHDX] 2.4'
