meta:
  id: vhdx_parent_locator
  title: VHDX parent locator
  license: MIT
  ks-version: '0.9'
  imports:
    - vhdx_guid
    - vhdx_parent_locator_entry
  endian: le
-orig-id: Parent Locator
doc: |
  The metadata item of a differencing file that says what its parent is and
  where it may be found, as a set of keys and values. A header of 20 bytes,
  entries of 12 bytes, then the strings.

  Offsets in the entries count from the start of the item, so the item is to
  be read from a stream of its own. A key is then `entries[i].key`, and its
  value is `entries[i].value`.
doc-ref: '[MS-VHDX] 2.6.2.6'
seq:
  - id: locator_type
    -orig-id: LocatorType
    type: vhdx_guid
    doc: |
      How the entries are to be understood; a reader must know the type. The
      one specified is b04aefb7-d19e-4a81-b789-25b8e9445913
      (`is_vhdx_parent_locator`).
    doc-ref:
      - '[MS-VHDX] 2.6.2.6.1'
      - '[MS-VHDX] 2.6.2.6.3'
  - id: reserved
    -orig-id: Reserved
    type: u2
    valid:
      eq: 0
      -rule: H3
      -severity: warning
    doc-ref: '[MS-VHDX] 2.6.2.6.1'
  - id: key_value_count
    -orig-id: KeyValueCount
    type: u2
    doc: Number of entries.
    doc-ref: '[MS-VHDX] 2.6.2.6.1'
  - id: entries
    type: vhdx_parent_locator_entry
    repeat: expr
    repeat-expr: key_value_count
    doc: In no particular order. Keys are unique.
    doc-ref: '[MS-VHDX] 2.6.2.6.2'
  - id: data
    size-eos: true
    doc: The rest of the item, where the keys and values are.
    doc-ref: '[MS-VHDX] 2.6.2.6.2'
instances:
  is_vhdx_parent_locator:
    -orig-id: VHDX Parent Locator
    value: |
      locator_type.data1 == 0xb04aefb7 and locator_type.data2 == 0xd19e and locator_type.data3 == 0x4a81
      and locator_type.data4 == [0xb7, 0x89, 0x25, 0xb8, 0xe9, 0x44, 0x59, 0x13]
    doc: |
      The parent is a VHDX file. The keys are `parent_linkage`,
      `parent_linkage2`, `relative_path`, `volume_path` and
      `absolute_win32_path`.
    doc-ref: '[MS-VHDX] 2.6.2.6.3'
