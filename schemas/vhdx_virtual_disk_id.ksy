meta:
  id: vhdx_virtual_disk_id
  title: VHDX virtual disk ID
  license: MIT
  ks-version: '0.9'
  imports:
    - vhdx_guid
-orig-id: Virtual Disk ID
doc: The metadata item that identifies the virtual disk. 16 bytes.
doc-ref: '[MS-VHDX] 2.6.2.3'
seq:
  - id: virtual_disk_id
    -orig-id: VirtualDiskId
    type: vhdx_guid
    doc: |
      The same in every file of a chain, as the item belongs to the virtual
      disk and is copied into each new differencing file.
    doc-ref: '[MS-VHDX] 2.6.2.3'
