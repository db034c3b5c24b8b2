meta:
  id: vhdx_metadata_table
  title: VHDX metadata table
  license: MIT
  ks-version: '0.9'
  imports:
    - vhdx_metadata_table_entry
  endian: le
-orig-id: Metadata Table
doc: |
  The first 64 KiB of the metadata region: a header of 32 bytes, then the
  entries, in no particular order. The items that they describe follow the
  table, packed freely.
doc-ref: '[MS-VHDX] 2.6.1'
seq:
  - id: signature
    -orig-id: Signature
    contents: metadata
    -rule: F1
    -severity: error
    doc: 0x617461646174656d when it is read as a little-endian number.
    doc-ref: '[MS-VHDX] 2.6.1.1'
  - id: reserved
    -orig-id: Reserved
    type: u2
    valid:
      eq: 0
      -rule: F3
      -severity: warning
    doc-ref: '[MS-VHDX] 2.6.1.1'
  - id: entry_count
    -orig-id: EntryCount
    type: u2
    valid:
      max: 2047
      -rule: F2
      -severity: error
    doc: Number of entries in use.
    doc-ref: '[MS-VHDX] 2.6.1.1'
  - id: reserved2
    -orig-id: Reserved2
    size: 20
    pad-right: 0
    valid:
      expr: _.length == 0
      -rule: F3
      -severity: warning
    doc: All zero. The value is what is left without trailing zeros.
    doc-ref: '[MS-VHDX] 2.6.1.1'
  - id: entries
    type: vhdx_metadata_table_entry
    repeat: expr
    repeat-expr: entry_count
    doc-ref: '[MS-VHDX] 2.6.1.2'
  - id: unused
    size: 65536 - 32 - 32 * entry_count
    doc: The rest of the 64 KiB. It may hold data, which a reader disregards.
    doc-ref: '[MS-VHDX] 2.6.1.1'
