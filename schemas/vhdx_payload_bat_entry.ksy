meta:
  id: vhdx_payload_bat_entry
  title: VHDX payload BAT entry
  license: MIT
  ks-version: '0.11'
  bit-endian: le
-orig-id: BAT Entry
-view: true
doc: |
  The state and place of one payload block. 64 bits. After the entries of each
  chunk the BAT has one entry for the chunk's sector bitmap block, which has
  the same layout but states of its own.
doc-ref:
  - '[MS-VHDX] 2.5.1'
  - '[MS-VHDX] 2.5.1.1'
seq:
  - id: state
    -orig-id: State
    type: b3
    enum: payload_state
    valid:
      in-enum: true
      -rule: I5
      -severity: error
    doc: Values 4 and 5 are reserved.
    doc-ref: '[MS-VHDX] 2.5.1.1'
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
      expr: _ != 0 or (state != payload_state::fully_present and state != payload_state::partially_present)
      -rule: I7
      -severity: error
    doc: |
      Place of the block in the file, in MiB. A present block lies after the
      header section. In the states `not_present` and `zero` the field is
      reserved; in `undefined` and `unmapped` a value other than zero is where
      the former contents are.
    doc-ref:
      - '[MS-VHDX] 2.5.1'
      - '[MS-VHDX] 2.5.1.1'
instances:
  file_offset:
    value: (file_offset_mb * 0x100000).as<u8>
    doc: The same place in bytes; may need all 64 bits.
    doc-ref: '[MS-VHDX] 2.5.1'
enums:
  payload_state:
    0:
      id: not_present
      -orig-id: PAYLOAD_BLOCK_NOT_PRESENT
      doc: |
        Not in this file. The contents are the parent's in a differencing
        file, and undefined otherwise.
      doc-ref: '[MS-VHDX] 2.5.1.1'
    1:
      id: undefined
      -orig-id: PAYLOAD_BLOCK_UNDEFINED
      doc: The contents are undefined; the parent is not consulted.
      doc-ref: '[MS-VHDX] 2.5.1.1'
    2:
      id: zero
      -orig-id: PAYLOAD_BLOCK_ZERO
      doc: The contents are zeros; the parent is not consulted.
      doc-ref: '[MS-VHDX] 2.5.1.1'
    3:
      id: unmapped
      -orig-id: PAYLOAD_BLOCK_UNMAPPED
      doc: |
        Unmapped by the user of the disk. The contents are zeros or those from
        before; the parent is not consulted.
      doc-ref: '[MS-VHDX] 2.5.1.1'
    6:
      id: fully_present
      -orig-id: PAYLOAD_BLOCK_FULLY_PRESENT
      doc: In this file at `file_offset`; the sector bitmap is not consulted.
      doc-ref: '[MS-VHDX] 2.5.1.1'
    7:
      id: partially_present
      -orig-id: PAYLOAD_BLOCK_PARTIALLY_PRESENT
      doc: |
        In a differencing file only: the sector bitmap says for each sector
        whether it is in this file, at `file_offset`, or in the parent.
      doc-ref: '[MS-VHDX] 2.5.1.1'
