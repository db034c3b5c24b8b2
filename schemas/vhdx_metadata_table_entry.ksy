meta:
  id: vhdx_metadata_table_entry
  title: VHDX metadata table entry
  license: MIT
  ks-version: '0.9'
  imports:
    - vhdx_guid
  bit-endian: le
  endian: le
-orig-id: Metadata Table Entry
doc: |
  One metadata item: its identifier, its location and its flags.
  32 bytes. Items do not overlap each other.
doc-ref: '[MS-VHDX] 2.6.1.2'
seq:
  - id: item_id
    -orig-id: ItemID
    type: vhdx_guid
    doc: |
      What the item is; unique within the table together with `is_user`. The
      known system items are:

      * File Parameters: caa16737-fa36-4d43-b3b6-33f0aa44e76b
      * Virtual Disk Size: 2fa54224-cd1b-4876-b211-5dbed83bf4b8
      * Virtual Disk ID: beca12ab-b2e6-4523-93ef-c309e000c746
      * Logical Sector Size: 8141bf1d-a96f-4709-ba47-f233a8faab5f
      * Physical Sector Size: cda348c7-445d-4471-9cc9-e9885251c556
      * Parent Locator: a8d35f2d-b30b-454d-abf7-d3d84834ab0c
    doc-ref:
      - '[MS-VHDX] 2.6.1.2'
      - '[MS-VHDX] 2.6.2'
  - id: offset
    -orig-id: Offset
    type: u4
    valid:
      expr: _ == 0 or _ >= 0x10000
      -rule: F5
      -severity: error
    doc: |
      Byte offset of the item from the start of the metadata region, at least
      64 KiB. Zero only if `length` is zero.
    doc-ref: '[MS-VHDX] 2.6.1.2'
  - id: length
    -orig-id: Length
    type: u4
    valid:
      max: 0x100000
      -rule: F8
      -severity: error
    doc: |
      Size of the item in bytes, at most 1 MiB. An item of length zero is
      present but empty, and its `offset` is zero.
    doc-ref: '[MS-VHDX] 2.6.1.2'
  - id: is_user
    -orig-id: IsUser
    type: b1
    doc: User metadata if set, otherwise system metadata.
    doc-ref: '[MS-VHDX] 2.6.1.2'
  - id: is_virtual_disk
    -orig-id: IsVirtualDisk
    type: b1
    doc: |
      The item belongs to the virtual disk rather than to the file: it is
      copied into a new differencing file, and into the parent when the two
      are merged.
    doc-ref: '[MS-VHDX] 2.6.1.2'
  - id: is_required
    -orig-id: IsRequired
    type: b1
    doc: A reader that does not know the item must refuse the file.
    doc-ref: '[MS-VHDX] 2.6.1.2'
  - id: reserved
    -orig-id: Reserved
    type: b29
    valid:
      eq: 0
      -rule: F11
      -severity: warning
    doc-ref: '[MS-VHDX] 2.6.1.2'
  - id: reserved2
    -orig-id: Reserved2
    type: u4
    valid:
      eq: 0
      -rule: F11
      -severity: warning
    doc: |
      The specification's text gives this field 2 bits; it fills the last 4 bytes
      of the entry.
    doc-ref: '[MS-VHDX] 2.6.1.2'
instances:
  is_file_parameters:
    -orig-id: File Parameters
    value: |
      not is_user and item_id.data1 == 0xcaa16737 and item_id.data2 == 0xfa36 and item_id.data3 == 0x4d43
      and item_id.data4 == [0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b]
    doc: The item is a `vhdx_file_parameters`.
    doc-ref: '[MS-VHDX] 2.6.2.1'
  is_virtual_disk_size:
    -orig-id: Virtual Disk Size
    value: |
      not is_user and item_id.data1 == 0x2fa54224 and item_id.data2 == 0xcd1b and item_id.data3 == 0x4876
      and item_id.data4 == [0xb2, 0x11, 0x5d, 0xbe, 0xd8, 0x3b, 0xf4, 0xb8]
    doc: The item is a `vhdx_virtual_disk_size`.
    doc-ref: '[MS-VHDX] 2.6.2.2'
  is_virtual_disk_id:
    -orig-id: Virtual Disk ID
    value: |
      not is_user and item_id.data1 == 0xbeca12ab and item_id.data2 == 0xb2e6 and item_id.data3 == 0x4523
      and item_id.data4 == [0x93, 0xef, 0xc3, 0x09, 0xe0, 0x00, 0xc7, 0x46]
    doc: The item is a `vhdx_virtual_disk_id`.
    doc-ref: '[MS-VHDX] 2.6.2.3'
  is_logical_sector_size:
    -orig-id: Logical Sector Size
    value: |
      not is_user and item_id.data1 == 0x8141bf1d and item_id.data2 == 0xa96f and item_id.data3 == 0x4709
      and item_id.data4 == [0xba, 0x47, 0xf2, 0x33, 0xa8, 0xfa, 0xab, 0x5f]
    doc: The item is a `vhdx_logical_sector_size`.
    doc-ref: '[MS-VHDX] 2.6.2.4'
  is_physical_sector_size:
    -orig-id: Physical Sector Size
    value: |
      not is_user and item_id.data1 == 0xcda348c7 and item_id.data2 == 0x445d and item_id.data3 == 0x4471
      and item_id.data4 == [0x9c, 0xc9, 0xe9, 0x88, 0x52, 0x51, 0xc5, 0x56]
    doc: The item is a `vhdx_physical_sector_size`.
    doc-ref: '[MS-VHDX] 2.6.2.5'
  is_parent_locator:
    -orig-id: Parent Locator
    value: |
      not is_user and item_id.data1 == 0xa8d35f2d and item_id.data2 == 0xb30b and item_id.data3 == 0x454d
      and item_id.data4 == [0xab, 0xf7, 0xd3, 0xd8, 0x48, 0x34, 0xab, 0x0c]
    doc: The item is a `vhdx_parent_locator`.
    doc-ref: '[MS-VHDX] 2.6.2.6'
