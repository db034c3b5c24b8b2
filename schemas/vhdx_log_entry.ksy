meta:
  id: vhdx_log_entry
  title: VHDX log entry
  license: MIT
  ks-version: '0.11'
  imports:
    - vhdx_log_data_descriptor
    - vhdx_log_data_sector
    - vhdx_log_entry_header
    - vhdx_log_zero_descriptor
  endian: le
-orig-id: Log Entry
doc: |
  One entry of the log: a set of 4 KiB updates that take effect together. It
  is a row of 4 KiB sectors: first the descriptor sectors, which begin with
  the entry's header, then one data sector for each data descriptor, in the
  order of the descriptors.

  An entry may run past the end of the ring and go on at its start, so a
  reader gives this type the entry's bytes in one piece.
doc-ref: '[MS-VHDX] 2.3.1'
seq:
  - id: header
    -orig-id: Entry Header
    type: vhdx_log_entry_header
    doc-ref: '[MS-VHDX] 2.3.1.1'
  - id: descriptors
    type: descriptor
    repeat: expr
    repeat-expr: header.descriptor_count
    doc: |
      Up to 126 in the first sector, beside the header, and up to 128 in each
      following one. They are replayed in this order.
    doc-ref: '[MS-VHDX] 2.3.1'
  - id: padding
    size: len_descriptor_sectors - header_size - descriptor_size * header.descriptor_count
    doc: Unused space between the last descriptor and the end of its sector.
    doc-ref: '[MS-VHDX] 2.3.1'
  - id: data_sectors
    -orig-id: Data Sector
    type: vhdx_log_data_sector
    repeat: expr
    repeat-expr: num_data_sectors
    doc-ref: '[MS-VHDX] 2.3.1.4'
instances:
  log_sector_size:
    value: 4096
    doc: Size in bytes of a sector of the log, and the alignment of its entries.
    doc-ref: '[MS-VHDX] 2.3.1'
  header_size:
    value: 64
    doc: Size of an entry's header in bytes.
    doc-ref: '[MS-VHDX] 2.3.1'
  descriptor_size:
    value: 32
    doc: Size of a descriptor of either kind in bytes.
    doc-ref: '[MS-VHDX] 2.3.1'
  len_descriptor_sectors:
    value: |
      (header_size + descriptor_size * header.descriptor_count + log_sector_size - 1)
      / log_sector_size * log_sector_size
    doc: Size in bytes of the header and the descriptors, in whole sectors.
    doc-ref: '[MS-VHDX] 2.3.1'
  num_data_sectors:
    value: (header.entry_length - len_descriptor_sectors) / log_sector_size
    doc: |
      Number of sectors after the descriptor sectors. In a valid entry it is
      the number of data descriptors.
    doc-ref: '[MS-VHDX] 2.3.1'
types:
  descriptor:
    -orig-id: Descriptor
    doc: One descriptor, of the kind that its first four bytes name.
    doc-ref: '[MS-VHDX] 2.3.1'
    seq:
      - id: body
        size: 32
        type:
          switch-on: signature
          cases:
            'descriptor_signature::zero': vhdx_log_zero_descriptor
            'descriptor_signature::data': vhdx_log_data_descriptor
        doc: The 32 bytes as they are, if the signature is neither of the two.
        doc-ref:
          - '[MS-VHDX] 2.3.1.2'
          - '[MS-VHDX] 2.3.1.3'
    instances:
      signature:
        -orig-id:
          - ZeroSignature
          - DataSignature
        pos: _io.pos
        type: u4
        enum: descriptor_signature
        valid:
          in-enum: true
          -rule: D13
          -severity: error
        doc: |
          The descriptor's first four bytes, read ahead. Their position is
          known only when `body` is about to be read, which is when they are
          first asked for.
        doc-ref:
          - '[MS-VHDX] 2.3.1.2'
          - '[MS-VHDX] 2.3.1.3'
enums:
  descriptor_signature:
    0x6f72657a:
      id: zero
      -orig-id: ZeroSignature
      doc: The four characters `zero`.
      doc-ref: '[MS-VHDX] 2.3.1.2'
    0x63736564:
      id: data
      -orig-id: DataSignature
      doc: The four characters `desc`.
      doc-ref: '[MS-VHDX] 2.3.1.3'
