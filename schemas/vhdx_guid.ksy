meta:
  id: vhdx_guid
  title: VHDX GUID
  license: MIT
  ks-version: '0.9'
  endian: le
-orig-id: GUID
doc: |
  A globally unique identifier in the byte order of Windows: the first three
  parts are little-endian numbers, the last eight bytes stand as they are
  written.

  The text form `{d1d1d1d1-d2d2-d3d3-d4d4-d4d4d4d4d4d4}` has the hexadecimal
  digits of `data1`, `data2` and `data3`, then those of the bytes of `data4`,
  with a dash after the second byte.
doc-ref: '[MS-DTYP] 2.3.4.2'
seq:
  - id: data1
    -orig-id: Data1
    type: u4
    doc-ref: '[MS-DTYP] 2.3.4.2'
  - id: data2
    -orig-id: Data2
    type: u2
    doc-ref: '[MS-DTYP] 2.3.4.2'
  - id: data3
    -orig-id: Data3
    type: u2
    doc-ref: '[MS-DTYP] 2.3.4.2'
  - id: data4
    -orig-id: Data4
    size: 8
    doc-ref: '[MS-DTYP] 2.3.4.2'
instances:
  is_zero:
    value: data1 == 0 and data2 == 0 and data3 == 0 and data4 == [0, 0, 0, 0, 0, 0, 0, 0]
    doc: |
      True for the all-zero GUID, which VHDX uses as "none": a zero LogGuid says
      that there is nothing to replay.
    doc-ref: '[MS-VHDX] 2.2.2'
