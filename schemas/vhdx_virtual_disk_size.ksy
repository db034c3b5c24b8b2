meta:
  id: vhdx_virtual_disk_size
  title: VHDX virtual disk size
  license: MIT
  ks-version: '0.9'
  endian: le
-orig-id: Virtual Disk Size
doc: The metadata item that gives the size of the virtual disk. 8 bytes.
doc-ref: '[MS-VHDX] 2.6.2.2'
seq:
  - id: virtual_disk_size
    -orig-id: VirtualDiskSize
    type: u8
    valid:
      max: '0x4000_0000_0000'
      -rule: G9
      -severity: error
    doc: |
      Size in bytes, a multiple of the logical sector size and at most 64 TiB.
    doc-ref: '[MS-VHDX] 2.6.2.2'
