meta:
  id: vhdx_region_table_entry
  title: VHDX region table entry
  license: MIT
  ks-version: '0.9'
  imports:
    - vhdx_guid
  bit-endian: le
  endian: le
-orig-id: Region Table Entry
doc: |
  One region: what it is and where it lies. 32 bytes. Regions overlap neither
  each other nor the log nor any block.
doc-ref: '[MS-VHDX] 2.2.3.2'
seq:
  - id: guid
    -orig-id: Guid
    type: vhdx_guid
    doc: |
      What the region is; unique within the table. The known ones are
      2dc27766-f623-4200-9d64-115e9bfd4a08 (`is_bat`) and
      8b7ca206-4790-4b9a-b8fe-575f050f886e (`is_metadata_region`).
    doc-ref: '[MS-VHDX] 2.2.3.2'
  - id: file_offset
    -orig-id: FileOffset
    type: u8
    valid:
      expr: _ >= 0x100000 and _ % 0x100000 == 0
      -rule: C6
      -severity: error
    doc: |
      Byte offset of the region in the file, a multiple of 1 MiB and at least
      1 MiB.
    doc-ref: '[MS-VHDX] 2.2.3.2'
  - id: length
    -orig-id: Length
    type: u4
    valid:
      expr: _ % 0x100000 == 0
      -rule: C7
      -severity: error
    doc: Size of the region in bytes, a multiple of 1 MiB.
    doc-ref: '[MS-VHDX] 2.2.3.2'
  - id: required
    -orig-id: Required
    type: b1
    doc: |
      The low bit of the 32-bit field Required. If it is set, a reader that
      does not know the region must refuse the file.
    doc-ref: '[MS-VHDX] 2.2.3.2'
  - id: reserved
    -orig-id: Required (bits 1 to 31)
    type: b31
    valid:
      eq: 0
      -rule: C14
      -severity: warning
    doc: The only values that the field Required is given are 0 and 1.
    doc-ref: '[MS-VHDX] 2.2.3.2'
instances:
  is_bat:
    -orig-id: BAT
    value: |
      guid.data1 == 0x2dc27766 and guid.data2 == 0xf623 and guid.data3 == 0x4200
      and guid.data4 == [0x9d, 0x64, 0x11, 0x5e, 0x9b, 0xfd, 0x4a, 0x08]
    doc: The region is the block allocation table.
    doc-ref:
      - '[MS-VHDX] 2.2.3.2'
      - '[MS-VHDX] 2.5'
  is_metadata_region:
    -orig-id: Metadata region
    value: |
      guid.data1 == 0x8b7ca206 and guid.data2 == 0x4790 and guid.data3 == 0x4b9a
      and guid.data4 == [0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e]
    doc: |
      The region is the metadata region, which begins with the metadata table.
    doc-ref:
      - '[MS-VHDX] 2.2.3.2'
      - '[MS-VHDX] 2.6'
