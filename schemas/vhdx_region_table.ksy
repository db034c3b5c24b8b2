meta:
  id: vhdx_region_table
  title: VHDX region table
  license: MIT
  ks-version: '0.9'
  imports:
    - vhdx_region_table_entry
  endian: le
-orig-id: Region Table
doc: |
  The identity and place of each region of the file: the BAT, the metadata
  region, and any that a later version may add. Exactly 64 KiB; two equal
  copies stand at 192 KiB and 256 KiB. Changes to it go through the log.
doc-ref: '[MS-VHDX] 2.2.3'
seq:
  - id: signature
    -orig-id: Signature
    contents: regi
    -rule: VHDX_REGION_TABLE_SIGNATURE_MISMATCH
    -severity: error
    doc: 0x69676572 when it is read as a little-endian number.
    doc-ref: '[MS-VHDX] 2.2.3.1'
  - id: checksum
    -orig-id: Checksum
    type: u4
    -checksum:
      algo: crc32c
      size: 65536
      -rule: VHDX_REGION_TABLE_CHECKSUM_MISMATCH
      -severity: error
    doc: |
      CRC-32C (Castagnoli) over all 65536 bytes, with this field taken as zero.
    doc-ref: '[MS-VHDX] 2.2.3.1'
  - id: entry_count
    -orig-id: EntryCount
    type: u4
    valid:
      max: 2047
      -rule: C3
      -severity: error
    doc: Number of entries in use. They follow the table's header of 16 bytes.
    doc-ref: '[MS-VHDX] 2.2.3.1'
  - id: reserved
    -orig-id: Reserved
    type: u4
    valid:
      eq: 0
      -rule: C4
      -severity: warning
    doc: Zero; a reader ignores it.
    doc-ref: '[MS-VHDX] 2.2.3.1'
  - id: entries
    type: vhdx_region_table_entry
    repeat: expr
    repeat-expr: entry_count
    doc-ref: '[MS-VHDX] 2.2.3.2'
  - id: unused
    size: 65536 - 16 - 32 * entry_count
    doc: |
      The rest of the 64 KiB, which is reserved. A writer may set it to zero;
      the checksum covers it.
    doc-ref: '[MS-VHDX] 2.2.3.2'
