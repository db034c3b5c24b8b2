meta:
  id: vhdx_file_type_identifier
  title: VHDX file type identifier
  license: MIT
  ks-version: '0.11'
-orig-id: File Type Identifier
doc: |
  The first structure of the file: 520 bytes at offset 0, in a slot of 64 KiB.
  It is written once, when the file is created; nothing in the first 64 KiB is
  overwritten afterwards. The rest of the slot is reserved and is not a part
  of this structure.
doc-ref: '[MS-VHDX] 2.2.1'
seq:
  - id: signature
    -orig-id: Signature
    contents: vhdxfile
    -rule: A2
    -severity: error
    doc-ref: '[MS-VHDX] 2.2.1'
  - id: creator
    -orig-id: Creator
    size: 512
    doc: |
      The 512 bytes as they are stored; see `creator_text` for their reading.
      Diagnostic only: a reader must not let it influence its behaviour.
    doc-ref: '[MS-VHDX] 2.2.1'
instances:
  creator_text:
    -orig-id: Creator
    pos: 8
    size: 512
    type: strz
    encoding: UTF-16LE
    doc: |
      The name of the program that created the file, up to the first NUL or
      256 UTF-16 code units. The position counts from the start of the
      stream, as the structure stands at offset 0.
    doc-ref: '[MS-VHDX] 2.2.1'
