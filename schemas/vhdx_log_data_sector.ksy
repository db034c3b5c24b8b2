meta:
  id: vhdx_log_data_sector
  title: VHDX log data sector
  license: MIT
  ks-version: '0.9'
  endian: le
-orig-id: Data Sector
doc: |
  The contents of a 4 KiB update, but for the 12 bytes that its data
  descriptor keeps. 4096 bytes. The sequence number is split over the two
  ends, so that a torn write shows.
doc-ref: '[MS-VHDX] 2.3.1.4'
seq:
  - id: data_signature
    -orig-id: DataSignature
    contents: data
    -rule: D16
    -severity: error
    doc: 0x61746164 when it is read as a little-endian number.
    doc-ref: '[MS-VHDX] 2.3.1.4'
  - id: sequence_high
    -orig-id: SequenceHigh
    type: u4
    doc: The upper 32 bits of the entry's sequence number.
    doc-ref: '[MS-VHDX] 2.3.1.4'
  - id: data
    -orig-id: Data
    size: 4084
    doc: Bytes 8 to 4091 of the update.
    doc-ref: '[MS-VHDX] 2.3.1.4'
  - id: sequence_low
    -orig-id: SequenceLow
    type: u4
    doc: The lower 32 bits of the entry's sequence number.
    doc-ref: '[MS-VHDX] 2.3.1.4'
instances:
  sequence_number:
    -orig-id: SequenceNumber
    value: (sequence_high * 0x1_0000_0000 + sequence_low).as<u8>
    doc: Both halves together; equals the sequence number of the entry's header.
    doc-ref: '[MS-VHDX] 2.3.1.4'
