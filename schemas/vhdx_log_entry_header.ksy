meta:
  id: vhdx_log_entry_header
  title: VHDX log entry header
  license: MIT
  ks-version: '0.9'
  imports:
    - vhdx_guid
  endian: le
-orig-id: Entry Header
doc: |
  The first 64 bytes of a log entry. A breach of one of its constraints makes
  the entry invalid, not the file: the search for the active sequence passes
  over it.
doc-ref: '[MS-VHDX] 2.3.1.1'
seq:
  - id: signature
    -orig-id: Signature
    contents: loge
    -rule: D2
    -severity: error
    doc: 0x65676f6c when it is read as a little-endian number.
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: checksum
    -orig-id: Checksum
    type: u4
    -checksum:
      algo: crc32c
      size: entry_length
      -rule: D4
      -severity: error
    doc: |
      CRC-32C (Castagnoli) over the `entry_length` bytes of the entry, which
      begin with this header, with this field taken as zero.
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: entry_length
    -orig-id: EntryLength
    type: u4
    valid:
      expr: _ >= 4096 and _ % 4096 == 0
      -rule: D3
      -severity: error
    doc: Size of the whole entry in bytes, a multiple of 4 KiB.
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: tail
    -orig-id: Tail
    type: u4
    valid:
      expr: _ % 4096 == 0
      -rule: D7
      -severity: error
    doc: |
      Byte offset from the start of the log to the oldest entry of the
      sequence that ends with this one; a multiple of 4 KiB. An entry may point
      to itself.
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: sequence_number
    -orig-id: SequenceNumber
    type: u8
    valid:
      min: 1
      -rule: D6
      -severity: error
    doc: Unsigned over all 64 bits; one more than that of the entry before.
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: descriptor_count
    -orig-id: DescriptorCount
    type: u4
    valid:
      max: (entry_length - 64) / 32
      -rule: D8
      -severity: error
    doc: |
      Number of descriptors; may be zero. The specification's text gives this
      field 8 bytes, its figure and every implementation 4.

      The bound here is that the descriptors fit into the entry. That they and
      their data sectors fill it exactly depends on the kinds of descriptors.
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: reserved
    -orig-id: Reserved
    type: u4
    valid:
      eq: 0
      -rule: D10
      -severity: warning
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: log_guid
    -orig-id: LogGuid
    type: vhdx_guid
    doc: The LogGuid of the file's header at the time the entry was written.
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: flushed_file_offset
    -orig-id: FlushedFileOffset
    type: u8
    valid:
      expr: _ % 0x100000 == 0
      -rule: D11
      -severity: warning
    doc: |
      A file size in bytes, a multiple of 1 MiB, that was stable on the host
      disk when the entry was written. A shorter file has been truncated.
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: last_file_offset
    -orig-id: LastFileOffset
    type: u8
    valid:
      expr: _ % 0x100000 == 0
      -rule: D11
      -severity: warning
    doc: |
      A file size in bytes, a multiple of 1 MiB, that held every allocated
      structure when the entry was written. After a replay the file is at
      least this long.
    doc-ref: '[MS-VHDX] 2.3.1.1'
