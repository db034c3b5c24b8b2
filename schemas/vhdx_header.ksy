meta:
  id: vhdx_header
  title: VHDX header
  license: MIT
  ks-version: '0.9'
  imports:
    - vhdx_guid
  endian: le
-orig-id: Header
doc: |
  The root of the file's structures: its version, the log and the identities
  of the contents. 4096 bytes; two copies stand at 64 KiB and 128 KiB.

  A copy is valid if its signature and checksum are right. The current header
  is the valid copy with the greater sequence number; only its fields count.
doc-ref: '[MS-VHDX] 2.2.2'
seq:
  - id: signature
    -orig-id: Signature
    contents: head
    -rule: B1
    -severity: error
    doc: 0x64616568 when it is read as a little-endian number.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: checksum
    -orig-id: Checksum
    type: u4
    -checksum:
      algo: crc32c
      size: 4096
      -rule: B2
      -severity: error
    doc: |
      CRC-32C (Castagnoli) over all 4096 bytes, with this field taken as zero.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: sequence_number
    -orig-id: SequenceNumber
    type: u8
    doc: |
      Unsigned over all 64 bits. An update gives the copy that it writes the
      current header's number plus one.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: file_write_guid
    -orig-id: FileWriteGuid
    type: vhdx_guid
    doc: |
      Identifies the contents of the file. Changed once per session, before
      the first modification of any kind, log replay included.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: data_write_guid
    -orig-id: DataWriteGuid
    type: vhdx_guid
    doc: |
      Identifies the contents that a user of the virtual disk sees. Changed
      once per session, before the first change that such a user can observe;
      moving blocks within the file is none. A differencing file refers to its
      parent by this value.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: log_guid
    -orig-id: LogGuid
    type: vhdx_guid
    doc: |
      Zero: the log is empty and must not be replayed. Otherwise only log
      entries that carry this value are valid.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: log_version
    -orig-id: LogVersion
    type: u2
    valid:
      expr: _ == 0 or log_guid.is_zero
      -rule: B9
      -severity: error
    doc: |
      Must be zero. With another value the file must not be processed, unless
      `log_guid` is zero, so that there is no log to replay.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: version
    -orig-id: Version
    type: u2
    valid:
      eq: 1
      -rule: B8
      -severity: error
    doc: 1 stands for VHDX version 2, the only one specified.
    doc-ref:
      - '[MS-VHDX] 2.2.2'
      - '[MS-VHDX] 1.6'
  - id: log_length
    -orig-id: LogLength
    type: u4
    valid:
      expr: _ % 0x100000 == 0
      -rule: B11
      -severity: error
    doc: Size of the log in bytes, a multiple of 1 MiB.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: log_offset
    -orig-id: LogOffset
    type: u8
    valid:
      expr: _ % 0x100000 == 0 and (_ != 0 or log_length == 0)
      -rule: B12
      -severity: error
    doc: |
      Byte offset of the log in the file, a multiple of 1 MiB. A log that is
      there begins after the header section, at 1 MiB or later.
    doc-ref:
      - '[MS-VHDX] 2.2.2'
      - '[MS-VHDX] 2.3'
  - id: reserved
    -orig-id: Reserved
    size: 4016
    pad-right: 0
    valid:
      expr: _.length == 0
      -rule: B17
      -severity: warning
    doc: |
      All zero; a reader ignores it. The value is what is left without trailing
      zeros.
    doc-ref: '[MS-VHDX] 2.2.2'
