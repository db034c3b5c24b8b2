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
    - vhdx_file_parameters
    - vhdx_file_type_identifier
    - vhdx_header
    - vhdx_log_entry
    - vhdx_log_entry_header
    - vhdx_logical_sector_size
    - vhdx_metadata_table
    - vhdx_metadata_table_entry
    - vhdx_parent_locator
    - vhdx_payload_bat_entry
    - vhdx_physical_sector_size
    - vhdx_region_table
    - vhdx_region_table_entry
    - vhdx_sector_bitmap_bat_entry
    - vhdx_virtual_disk_id
    - vhdx_virtual_disk_size
  bit-endian: le
  endian: le
-orig-id: VHDX
doc: |
  A virtual disk in a file, as used by Hyper-V, WSL and Azure.

  The file begins with a header section of 1 MiB. What follows are a log,
  regions (the block allocation table and the metadata region, both found
  through the region table) and blocks, at multiples of 1 MiB and in any order.
  The structures have types of their own, in files whose names begin with
  `vhdx_`; the instances of this type lead to all of them.

  Checksums cannot be verified here: both headers and the first region table
  are taken to be valid. If the log has entries to replay, the file is shown
  as it is before the replay; everything but the headers and the log itself
  has to be read as it is afterwards.
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
  region_entries_offset:
    value: 16
    doc: Byte offset of the first entry from the start of a region table.
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
  header:
    value: 'header_2.sequence_number > header_1.sequence_number ? header_2 : header_1'
    doc: The current header, if both copies are valid.
    doc-ref: '[MS-VHDX] 2.2.2'
  log:
    -orig-id: Log
    pos: header.log_offset
    size: header.log_length
    type: log
    if: header.log_length != 0
    doc-ref: '[MS-VHDX] 2.3'
  bat_region_entries:
    io: region_table_1._io
    pos: region_entries_offset
    type: vhdx_region_table_entry
    repeat: until
    repeat-until: _.is_bat
    doc: The entries of the region table up to that of the BAT.
    doc-ref: '[MS-VHDX] 2.2.3.2'
  bat:
    -orig-id: BAT
    pos: bat_region_entries.last.file_offset
    size: bat_region_entries.last.length
    type: bat
    doc-ref: '[MS-VHDX] 2.5'
  metadata_region_entries:
    io: region_table_1._io
    pos: region_entries_offset
    type: vhdx_region_table_entry
    repeat: until
    repeat-until: _.is_metadata_region
    doc: The entries of the region table up to that of the metadata region.
    doc-ref: '[MS-VHDX] 2.2.3.2'
  metadata:
    -orig-id: Metadata region
    pos: metadata_region_entries.last.file_offset
    size: metadata_region_entries.last.length
    type: metadata
    doc-ref: '[MS-VHDX] 2.6'
types:
  log:
    -orig-id: Log
    doc: |
      A ring of entries that is read in sectors of 4 KiB, since any sector may
      be the first of an entry. Which entries are to be replayed follows from
      their checksums and sequence numbers.
    doc-ref: '[MS-VHDX] 2.3'
    seq:
      - id: sectors
        size: 4096
        type: log_sector(_index)
        repeat: eos
        doc-ref: '[MS-VHDX] 2.3.1'
  log_sector:
    doc: |
      The first sector of an entry, another sector of one, or one that was
      never written.
    doc-ref: '[MS-VHDX] 2.3.1'
    params:
      - id: index
        type: s4
        doc: Number of the sector in the log, from 0.
        doc-ref: '[MS-VHDX] 2.3.1'
    seq:
      - id: signature
        type: u4
        enum: log_sector_kind
        doc: |
          The first four bytes. In a sector that holds neither an entry's header
          nor data they are a descriptor's, or anything.
        doc-ref:
          - '[MS-VHDX] 2.3.1.1'
          - '[MS-VHDX] 2.3.1.4'
    instances:
      offset:
        value: index * 4096
        doc: Byte offset of the sector in the log.
        doc-ref: '[MS-VHDX] 2.3.1'
      entry_header:
        -orig-id: Entry Header
        pos: 0
        type: vhdx_log_entry_header
        if: signature == log_sector_kind::entry
        doc-ref: '[MS-VHDX] 2.3.1.1'
      is_whole:
        value: |
          signature == log_sector_kind::entry
          and offset + entry_header.entry_length <= _parent._io.size
        doc: |
          An entry begins here that does not run past the end of the log. The
          others go on at its start.
        doc-ref: '[MS-VHDX] 2.3.1'
      is_current:
        value: |
          signature == log_sector_kind::entry
          and not _root.header.log_guid.is_zero
          and entry_header.log_guid.data1 == _root.header.log_guid.data1
          and entry_header.log_guid.data2 == _root.header.log_guid.data2
          and entry_header.log_guid.data3 == _root.header.log_guid.data3
          and entry_header.log_guid.data4 == _root.header.log_guid.data4
        doc: |
          An entry begins here that carries the LogGuid of the header. The
          others are left over, and are not replayed.
        doc-ref: '[MS-VHDX] 2.2.2'
      entry:
        -orig-id: Log Entry
        io: _parent._io
        pos: offset
        size: entry_header.entry_length
        type: vhdx_log_entry
        if: is_whole
        doc-ref: '[MS-VHDX] 2.3.1'
  bat:
    -orig-id: BAT
    doc: |
      For each chunk of the virtual disk, the entries of its payload blocks, and
      then that of its sector bitmap block. The rest of the region is unused.
    doc-ref: '[MS-VHDX] 2.5'
    seq:
      - id: chunks
        type: chunk(_index)
        repeat: expr
        repeat-expr: num_chunks
        doc-ref: '[MS-VHDX] 2.4'
    instances:
      num_payload_blocks:
        value: |
          (_root.metadata.virtual_disk_size.virtual_disk_size
          + _root.metadata.file_parameters.block_size - 1)
          / _root.metadata.file_parameters.block_size
        doc: Number of payload blocks; the last may be used in part.
        doc-ref: '[MS-VHDX] 2.5'
      chunk_ratio:
        -orig-id: Chunk Ratio
        value: |
          _root.metadata.logical_sector_size.max_sectors_per_chunk
          * _root.metadata.logical_sector_size.logical_sector_size
          / _root.metadata.file_parameters.block_size
        doc: Number of payload blocks in a chunk.
        doc-ref: '[MS-VHDX] 2.4'
      num_chunks:
        value: (num_payload_blocks + chunk_ratio - 1) / chunk_ratio
        doc: Number of chunks of the virtual disk; the last may be used in part.
        doc-ref: '[MS-VHDX] 2.5'
  chunk:
    -orig-id: Chunk
    doc: |
      The BAT entries of one chunk. In a file without a parent the last chunk has
      entries for the payload blocks of the disk only, and none for a sector
      bitmap block; in a differencing file all chunks have all entries.
    doc-ref: '[MS-VHDX] 2.5'
    params:
      - id: index
        type: s4
        doc: Number of the chunk, from 0.
        doc-ref: '[MS-VHDX] 2.5'
    seq:
      - id: payload_blocks
        type: payload_block
        repeat: expr
        repeat-expr: num_payload_blocks
        doc-ref: '[MS-VHDX] 2.5.1.1'
      - id: sector_bitmap_block
        type: sector_bitmap_block
        if: has_parent
        doc-ref: '[MS-VHDX] 2.5.1.2'
      - id: unused
        size: 8
        if: not has_parent and not is_last
        doc: |
          The entry of a sector bitmap block, which a file without a parent does
          not have. Older versions of QEMU do not clear it.
        doc-ref: '[MS-VHDX] 2.5.1.2'
    instances:
      has_parent:
        value: _root.metadata.file_parameters.has_parent
        doc: The file is a differencing file.
        doc-ref: '[MS-VHDX] 2.6.2.1'
      is_last:
        value: index == _parent.num_chunks - 1
        doc: No chunk follows.
        doc-ref: '[MS-VHDX] 2.5'
      num_payload_blocks:
        value: |
          is_last and not has_parent
          ? _parent.num_payload_blocks - index * _parent.chunk_ratio
          : _parent.chunk_ratio
        doc: Number of payload blocks that have an entry here.
        doc-ref: '[MS-VHDX] 2.5'
  payload_block:
    -orig-id: BAT Entry
    doc: |
      What a `vhdx_payload_bat_entry` is, with the last field in two parts: the
      JavaScript that the Web IDE of Kaitai Struct runs reads up to 32 bits.
    doc-ref: '[MS-VHDX] 2.5.1'
    seq:
      - id: state
        -orig-id: State
        type: b3
        enum: vhdx_payload_bat_entry::payload_state
        doc-ref: '[MS-VHDX] 2.5.1.1'
      - id: reserved
        -orig-id: Reserved
        type: b17
        doc-ref: '[MS-VHDX] 2.5.1'
      - id: file_offset_mb_low
        -orig-id: FileOffsetMB (bits 0 to 11)
        type: b12
        doc-ref: '[MS-VHDX] 2.5.1'
      - id: file_offset_mb_high
        -orig-id: FileOffsetMB (bits 12 to 43)
        type: b32
        doc-ref: '[MS-VHDX] 2.5.1'
    instances:
      file_offset_mb:
        -orig-id: FileOffsetMB
        value: file_offset_mb_high * 0x1000 + file_offset_mb_low
        doc: Place of the block in the file, in MiB.
        doc-ref: '[MS-VHDX] 2.5.1'
  sector_bitmap_block:
    -orig-id: BAT Entry
    doc: |
      What a `vhdx_sector_bitmap_bat_entry` is, in parts as a `payload_block` is,
      and the block that it leads to.
    doc-ref: '[MS-VHDX] 2.5.1'
    seq:
      - id: state
        -orig-id: State
        type: b3
        enum: vhdx_sector_bitmap_bat_entry::sector_bitmap_state
        doc-ref: '[MS-VHDX] 2.5.1.2'
      - id: reserved
        -orig-id: Reserved
        type: b17
        doc-ref: '[MS-VHDX] 2.5.1'
      - id: file_offset_mb_low
        -orig-id: FileOffsetMB (bits 0 to 11)
        type: b12
        doc-ref: '[MS-VHDX] 2.5.1'
      - id: file_offset_mb_high
        -orig-id: FileOffsetMB (bits 12 to 43)
        type: b32
        doc-ref: '[MS-VHDX] 2.5.1'
    instances:
      file_offset_mb:
        -orig-id: FileOffsetMB
        value: file_offset_mb_high * 0x1000 + file_offset_mb_low
        doc: Place of the block in the file, in MiB.
        doc-ref: '[MS-VHDX] 2.5.1'
      bitmap:
        -orig-id: Sector Bitmap Block
        io: _root._io
        pos: file_offset_mb * 0x100000
        size: _root.metadata.logical_sector_size.sector_bitmap_block_size
        if: state == vhdx_sector_bitmap_bat_entry::sector_bitmap_state::present
        doc: |
          A bit for each sector of the chunk, from the least significant bit of
          the first byte on: set if the sector is in this file, where its block
          is partially present.
        doc-ref: '[MS-VHDX] 2.4'
  metadata:
    -orig-id: Metadata region
    doc: The metadata table, and the items that its entries lead to.
    doc-ref: '[MS-VHDX] 2.6'
    seq:
      - id: table
        -orig-id: Metadata Table
        size: len_table
        type: vhdx_metadata_table
        doc-ref: '[MS-VHDX] 2.6.1'
      - id: items
        type: metadata_item(_index)
        repeat: expr
        repeat-expr: table.entry_count
        doc: In the order of the table.
        doc-ref: '[MS-VHDX] 2.6.2'
    instances:
      len_table:
        value: 0x10000
        doc: Size of the metadata table in bytes.
        doc-ref: '[MS-VHDX] 2.6.1'
      entries_offset:
        value: 32
        doc: Byte offset of the first entry from the start of the table.
        doc-ref: '[MS-VHDX] 2.6.1'
      file_parameters_entries:
        io: table._io
        pos: entries_offset
        type: vhdx_metadata_table_entry
        repeat: until
        repeat-until: _.is_file_parameters
        doc: The entries up to that of the file parameters.
        doc-ref: '[MS-VHDX] 2.6.2.1'
      file_parameters:
        -orig-id: File Parameters
        pos: file_parameters_entries.last.offset
        size: file_parameters_entries.last.length
        type: vhdx_file_parameters
        doc-ref: '[MS-VHDX] 2.6.2.1'
      virtual_disk_size_entries:
        io: table._io
        pos: entries_offset
        type: vhdx_metadata_table_entry
        repeat: until
        repeat-until: _.is_virtual_disk_size
        doc: The entries up to that of the virtual disk size.
        doc-ref: '[MS-VHDX] 2.6.2.2'
      virtual_disk_size:
        -orig-id: Virtual Disk Size
        pos: virtual_disk_size_entries.last.offset
        size: virtual_disk_size_entries.last.length
        type: vhdx_virtual_disk_size
        doc-ref: '[MS-VHDX] 2.6.2.2'
      logical_sector_size_entries:
        io: table._io
        pos: entries_offset
        type: vhdx_metadata_table_entry
        repeat: until
        repeat-until: _.is_logical_sector_size
        doc: The entries up to that of the logical sector size.
        doc-ref: '[MS-VHDX] 2.6.2.4'
      logical_sector_size:
        -orig-id: Logical Sector Size
        pos: logical_sector_size_entries.last.offset
        size: logical_sector_size_entries.last.length
        type: vhdx_logical_sector_size
        doc-ref: '[MS-VHDX] 2.6.2.4'
  metadata_item:
    doc: One entry of the metadata table with its item.
    doc-ref: '[MS-VHDX] 2.6.2'
    params:
      - id: index
        type: s4
        doc: Number of the item's entry in the table, from 0.
        doc-ref: '[MS-VHDX] 2.6.1.1'
    instances:
      entry:
        -orig-id: Metadata Table Entry
        value: _parent.table.entries[index]
        doc-ref: '[MS-VHDX] 2.6.1.2'
      kind:
        value: |
          entry.is_file_parameters ? 1
          : entry.is_virtual_disk_size ? 2
          : entry.is_virtual_disk_id ? 3
          : entry.is_logical_sector_size ? 4
          : entry.is_physical_sector_size ? 5
          : entry.is_parent_locator ? 6
          : 0
        enum: metadata_item_kind
        doc-ref: '[MS-VHDX] 2.6.2'
      item:
        io: _parent._io
        pos: entry.offset
        size: entry.length
        type:
          switch-on: kind
          cases:
            'metadata_item_kind::file_parameters': vhdx_file_parameters
            'metadata_item_kind::virtual_disk_size': vhdx_virtual_disk_size
            'metadata_item_kind::virtual_disk_id': vhdx_virtual_disk_id
            'metadata_item_kind::logical_sector_size': vhdx_logical_sector_size
            'metadata_item_kind::physical_sector_size': vhdx_physical_sector_size
            'metadata_item_kind::parent_locator': vhdx_parent_locator
        doc: Its bytes as they are, if the item is not a known one.
        doc-ref: '[MS-VHDX] 2.6.2'
enums:
  log_sector_kind:
    0x65676f6c:
      id: entry
      doc: The four characters `loge`.
      doc-ref: '[MS-VHDX] 2.3.1.1'
    0x61746164:
      id: data
      doc: The four characters `data`.
      doc-ref: '[MS-VHDX] 2.3.1.4'
  metadata_item_kind:
    0:
      id: unknown
      doc: User metadata, or system metadata of a later version.
      doc-ref: '[MS-VHDX] 2.6.1.2'
    1:
      id: file_parameters
      doc-ref: '[MS-VHDX] 2.6.2.1'
    2:
      id: virtual_disk_size
      doc-ref: '[MS-VHDX] 2.6.2.2'
    3:
      id: virtual_disk_id
      doc-ref: '[MS-VHDX] 2.6.2.3'
    4:
      id: logical_sector_size
      doc-ref: '[MS-VHDX] 2.6.2.4'
    5:
      id: physical_sector_size
      doc-ref: '[MS-VHDX] 2.6.2.5'
    6:
      id: parent_locator
      doc-ref: '[MS-VHDX] 2.6.2.6'
