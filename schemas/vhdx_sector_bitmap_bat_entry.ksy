meta:
  id: vhdx_sector_bitmap_bat_entry
  title: VHDX sector bitmap BAT entry
  license: MIT
  ks-version: '0.11'
  bit-endian: le
-orig-id: BAT Entry
-view: true
doc: |
  The state and place of one sector bitmap block, which is 1 MiB and has a bit
  for each sector of a chunk. 64 bits. The entry follows those of the chunk's
  payload blocks, in files of every kind.
doc-ref:
  - '[MS-VHDX] 2.5.1'
  - '[MS-VHDX] 2.5.1.2'
seq:
  - id: state
    -orig-id: State
    type: b3
    enum: sector_bitmap_state
    valid:
      in-enum: true
      -rule: I18
      -severity: error
    doc: Values 1 to 5 and 7 are reserved.
    doc-ref: '[MS-VHDX] 2.5.1.2'
  - id: reserved
    -orig-id: Reserved
    type: b17
    valid:
      eq: 0
      -rule: I4
      -severity: warning
    doc-ref: '[MS-VHDX] 2.5.1'
  - id: file_offset_mb
    -orig-id: FileOffsetMB
    type: b44
    valid:
      expr: _ != 0 or state != sector_bitmap_state::present
      -rule: I20
      -severity: error
    doc: |
      Place of the block in the file, in MiB. A present block lies after the
      header section. Reserved in the state `not_present`.
    doc-ref:
      - '[MS-VHDX] 2.5.1'
      - '[MS-VHDX] 2.5.1.2'
instances:
  file_offset:
    value: (file_offset_mb * 0x100000).as<u8>
    doc: The same place in bytes; may need all 64 bits.
    doc-ref: '[MS-VHDX] 2.5.1'
enums:
  sector_bitmap_state:
    0:
      id: not_present
      -orig-id: SB_BLOCK_NOT_PRESENT
      doc: Not allocated; the only state in a fixed or dynamic file.
      doc-ref: '[MS-VHDX] 2.5.1.2'
    6:
      id: present
      -orig-id: SB_BLOCK_PRESENT
      doc: |
        In this file at `file_offset`. Needed as soon as a payload block of the
        chunk is partially present.
      doc-ref: '[MS-VHDX] 2.5.1.2'
