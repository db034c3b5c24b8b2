meta:
  id: vhdx_log_zero_descriptor
  title: VHDX log zero descriptor
  license: MIT
  ks-version: '0.9'
  endian: le
-orig-id: Zero Descriptor
doc: A range of the file to fill with zeros. 32 bytes; it has no data sector.
doc-ref: '[MS-VHDX] 2.3.1.2'
seq:
  - id: zero_signature
    -orig-id: ZeroSignature
    contents: zero
    -rule: D13
    -severity: error
    doc: 0x6f72657a when it is read as a little-endian number.
    doc-ref: '[MS-VHDX] 2.3.1.2'
  - id: reserved
    -orig-id: Reserved
    type: u4
    valid:
      eq: 0
      -rule: VHDX_LOG_ZERO_RESERVED_NONZERO
      -severity: warning
    doc-ref: '[MS-VHDX] 2.3.1.2'
  - id: zero_length
    -orig-id: ZeroLength
    type: u8
    valid:
      expr: _ % 4096 == 0
      -rule: VHDX_LOG_ZERO_LENGTH_UNALIGNED
      -severity: error
    doc: Length of the range in bytes, a multiple of 4 KiB.
    doc-ref: '[MS-VHDX] 2.3.1.2'
  - id: file_offset
    -orig-id: FileOffset
    type: u8
    valid:
      expr: _ % 4096 == 0
      -rule: D14
      -severity: error
    doc: |
      Byte offset of the range in the file, a multiple of 4 KiB; may lie past
      the end of the file, which is then extended.
    doc-ref: '[MS-VHDX] 2.3.1.2'
  - id: sequence_number
    -orig-id: SequenceNumber
    type: u8
    doc: The sequence number of the entry's header.
    doc-ref: '[MS-VHDX] 2.3.1.2'
