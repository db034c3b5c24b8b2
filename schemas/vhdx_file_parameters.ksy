meta:
  id: vhdx_file_parameters
  title: VHDX file parameters
  license: MIT
  ks-version: '0.9'
  bit-endian: le
  endian: le
-orig-id: File Parameters
doc: |
  The metadata item that gives the size of the payload blocks and the kind of
  file: fixed, dynamic or differencing. 8 bytes.
doc-ref: '[MS-VHDX] 2.6.2.1'
seq:
  - id: block_size
    -orig-id: BlockSize
    type: u4
    valid:
      any-of:
        - 0x100000
        - 0x200000
        - 0x400000
        - 0x800000
        - 0x1000000
        - 0x2000000
        - 0x4000000
        - 0x8000000
        - 0x10000000
      -rule: G3
      -severity: error
    doc: Size of a payload block in bytes, a power of two from 1 MiB to 256 MiB.
    doc-ref: '[MS-VHDX] 2.6.2.1'
  - id: leave_block_allocated
    -orig-id: LeaveBlockAllocated
    type: b1
    doc: |
      Blocks stay allocated, and the file stays long enough to hold all of
      them. Set in a fixed file.
    doc-ref: '[MS-VHDX] 2.6.2.1'
  - id: has_parent
    -orig-id: HasParent
    type: b1
    doc: The file is a differencing file, and there is a parent locator item.
    doc-ref: '[MS-VHDX] 2.6.2.1'
  - id: reserved
    -orig-id: Reserved
    type: b30
    valid:
      eq: 0
      -rule: G4
      -severity: warning
    doc-ref: '[MS-VHDX] 2.6.2.1'
