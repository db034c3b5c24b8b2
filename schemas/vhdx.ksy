meta:
  id: vhdx
  title: VHDX (virtual hard disk v2) image
  application:
    - Microsoft Hyper-V
    - QEMU
  file-extension:
    - vhdx
    - avhdx
  xref:
    mime: application/x-vhdx-disk
  license: MIT
  ks-version: '0.11'
  imports:
    - vhdx_file_type_identifier
    - vhdx_header
    - vhdx_region_table
-orig-id: VHDX
doc: |
  A virtual disk in a file, as used by Hyper-V, WSL and Azure.

  The file begins with a header section of 1 MiB, which this type reads. What
  follows are a log, regions (the block allocation table and the metadata
  region, both found through the region table) and blocks, at multiples of
  1 MiB and in any order. Each has a type of its own, in a file whose name
  begins with `vhdx_`.

  If the log has entries to replay, everything but the headers and the log
  itself must be read as it is after the replay.
doc-ref: 'https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-vhdx/83e061f8-f6e2-4de1-91bd-5d518a43d477 [MS-VHDX] 2.2'
instances:
  alignment:
    value: 0x100000
    doc: Alignment in bytes of every object after the header section.
    doc-ref: '[MS-VHDX] 2.1'
  header_section_size:
    value: 0x100000
    doc: Size of the header section in bytes, and of the shortest file.
    doc-ref: '[MS-VHDX] 2.2'
  header_slot_size:
    value: 0x10000
    doc: Size in bytes of each of the five items of the header section.
    doc-ref: '[MS-VHDX] 2.2'
  file_type_identifier_offset:
    value: 0
    doc: Byte offset of the file type identifier.
    doc-ref: '[MS-VHDX] 2.2.1'
  header_1_offset:
    value: 0x10000
    doc: Byte offset of the first header, 64 KiB.
    doc-ref: '[MS-VHDX] 2.2.2'
  header_2_offset:
    value: 0x20000
    doc: Byte offset of the second header, 128 KiB.
    doc-ref: '[MS-VHDX] 2.2.2'
  region_table_1_offset:
    value: 0x30000
    doc: Byte offset of the first copy of the region table, 192 KiB.
    doc-ref: '[MS-VHDX] 2.2.3'
  region_table_2_offset:
    value: 0x40000
    doc: Byte offset of the second copy of the region table, 256 KiB.
    doc-ref: '[MS-VHDX] 2.2.3'
  file_type_identifier:
    -orig-id: File Type Identifier
    pos: file_type_identifier_offset
    size: header_slot_size
    type: vhdx_file_type_identifier
    doc-ref: '[MS-VHDX] 2.2.1'
  header_1:
    -orig-id: Header
    pos: header_1_offset
    size: header_slot_size
    type: vhdx_header
    doc: The rest of the slot, from 4 KiB to 64 KiB, is reserved.
    doc-ref: '[MS-VHDX] 2.2.2'
  header_2:
    -orig-id: Header
    pos: header_2_offset
    size: header_slot_size
    type: vhdx_header
    doc: |
      Laid out as `header_1`. The valid one of the two with the greater sequence
      number counts.
    doc-ref: '[MS-VHDX] 2.2.2'
  region_table_1:
    -orig-id: Region Table
    pos: region_table_1_offset
    size: header_slot_size
    type: vhdx_region_table
    doc-ref: '[MS-VHDX] 2.2.3'
  region_table_2:
    -orig-id: Region Table
    pos: region_table_2_offset
    size: header_slot_size
    type: vhdx_region_table
    doc: The same contents as `region_table_1`.
    doc-ref: '[MS-VHDX] 2.2.3'
