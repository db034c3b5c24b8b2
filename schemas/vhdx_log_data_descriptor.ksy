meta:
  id: vhdx_log_data_descriptor
  title: VHDX log data descriptor
  license: MIT
  ks-version: '0.9'
  endian: le
-orig-id: Data Descriptor
doc: |
  A 4 KiB update of the file. 32 bytes. The update's bytes 8 to 4091 are in
  the data sector that belongs to this descriptor; the others are kept here,
  as the data sector has its signature and sequence number in their place.
doc-ref: '[MS-VHDX] 2.3.1.3'
seq:
  - id: data_signature
    -orig-id: DataSignature
    contents: desc
    -rule: D13
    -severity: error
    doc: 0x63736564 when it is read as a little-endian number.
    doc-ref: '[MS-VHDX] 2.3.1.3'
  - id: trailing_bytes
    -orig-id: TrailingBytes
    size: 4
    doc: Bytes 4092 to 4095 of the update.
    doc-ref: '[MS-VHDX] 2.3.1.3'
  - id: leading_bytes
    -orig-id: LeadingBytes
    size: 8
    doc: Bytes 0 to 7 of the update.
    doc-ref: '[MS-VHDX] 2.3.1.3'
  - id: file_offset
    -orig-id: FileOffset
    type: u8
    valid:
      expr: _ % 4096 == 0
      -rule: D14
      -severity: error
    doc: |
      Byte offset of the update in the file, a multiple of 4 KiB; may lie past
      the end of the file, which is then extended.
    doc-ref: '[MS-VHDX] 2.3.1.3'
  - id: sequence_number
    -orig-id: SequenceNumber
    type: u8
    doc: The sequence number of the entry's header.
    doc-ref: '[MS-VHDX] 2.3.1.3'
