meta:
  id: vhdx_parent_locator_entry
  title: VHDX parent locator entry
  license: MIT
  ks-version: '0.9'
  encoding: UTF-16LE
  endian: le
-orig-id: Parent Locator Entry
doc: |
  The place of one key and its value within the parent locator item. 12 bytes.

  The strings are read, when they are asked for, from the stream that the
  entry itself was read from. That stream has to be the whole item, as it is
  for the entries of a `vhdx_parent_locator`; the fields can be read from the
  12 bytes alone.
doc-ref: '[MS-VHDX] 2.6.2.6.2'
seq:
  - id: key_offset
    -orig-id: KeyOffset
    type: u4
    valid:
      min: 1
      -rule: H4
      -severity: error
    doc: Byte offset of the key from the start of the item.
    doc-ref: '[MS-VHDX] 2.6.2.6.2'
  - id: value_offset
    -orig-id: ValueOffset
    type: u4
    valid:
      min: 1
      -rule: H4
      -severity: error
    doc: Byte offset of the value from the start of the item.
    doc-ref: '[MS-VHDX] 2.6.2.6.2'
  - id: key_length
    -orig-id: KeyLength
    type: u2
    valid:
      expr: _ > 0 and _ % 2 == 0
      -rule: H4
      -severity: error
    doc: Size of the key in bytes, without a NUL; two for each UTF-16 code unit.
    doc-ref: '[MS-VHDX] 2.6.2.6.2'
  - id: value_length
    -orig-id: ValueLength
    type: u2
    valid:
      expr: _ > 0 and _ % 2 == 0
      -rule: H4
      -severity: error
    doc: |
      Size of the value in bytes, without a NUL; two for each UTF-16 code unit.
    doc-ref: '[MS-VHDX] 2.6.2.6.2'
instances:
  key:
    pos: key_offset
    size: key_length
    type: str
    doc: Case-sensitive.
    doc-ref: '[MS-VHDX] 2.6.2.6.2'
  value:
    pos: value_offset
    size: value_length
    type: str
    doc-ref: '[MS-VHDX] 2.6.2.6.2'
