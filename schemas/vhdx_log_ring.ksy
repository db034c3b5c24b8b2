meta:
  id: vhdx_log_ring
  title: VHDX log ring
  license: MIT
  ks-version: '0.9'
  endian: le
-orig-id: Log
doc: |
  The log as a reader or writer keeps it in memory. It reads no bytes: the
  place of the log comes from the header, the positions of the oldest and the
  newest entry from the active sequence.

  `head` and `tail` are equal both when the ring is empty and when its
  entries fill it exactly; `is_empty` tells the two apart. An active sequence
  has at least one entry, so its ring is never empty.
doc-ref: '[MS-VHDX] 2.3'
params:
  - id: offset
    -orig-id: LogOffset
    type: u8
    doc: Byte offset of the log in the file.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: length
    -orig-id: LogLength
    type: u4
    doc: Size of the log in bytes.
    doc-ref: '[MS-VHDX] 2.2.2'
  - id: head
    type: u4
    doc: |
      Byte offset in the log of the first byte after the newest entry, where
      the next one goes. Less than `length`: the end of the ring is its start.
    doc-ref: '[MS-VHDX] 2.3.3'
  - id: tail
    -orig-id: Tail
    type: u4
    doc: Byte offset in the log of the oldest entry. Less than `length`.
    doc-ref:
      - '[MS-VHDX] 2.3.1.1'
      - '[MS-VHDX] 2.3.2'
  - id: is_empty
    type: bool
    doc: No entry is in use. Then `head` and `tail` are equal.
    doc-ref: '[MS-VHDX] 2.3.2'
instances:
  min_log_length:
    value: 0x100000
    doc: |
      Smallest log, in bytes: its length is a multiple of 1 MiB, and a file
      without a log cannot be updated safely.
    doc-ref: '[MS-VHDX] 2.2.2'
  log_sector_size:
    value: 4096
    doc: Size in bytes of a sector of the log, and the alignment of its entries.
    doc-ref: '[MS-VHDX] 2.3.1'
  used:
    value: '(is_empty ? 0 : head > tail ? head - tail : length - tail + head).as<u4>'
    doc: Number of bytes in use, from `tail` up to `head`.
    doc-ref: '[MS-VHDX] 2.3.2'
  free:
    value: (length - used).as<u4>
    doc: |
      Number of bytes that new entries can take. Space is free once its
      entries are no part of the active sequence.
    doc-ref: '[MS-VHDX] 2.3.1'
  is_full:
    value: not is_empty and head == tail
    doc: The entries fill the ring exactly.
    doc-ref: '[MS-VHDX] 2.3.3'
  is_wrapped:
    value: not is_empty and head != 0 and head <= tail
    doc: |
      The bytes in use run past the end of the ring and go on at its start. A
      sequence that ends exactly at the end of the ring does not.
    doc-ref: '[MS-VHDX] 2.3.3'
  head_file_offset:
    value: (offset + head).as<u8>
    doc: Byte offset of `head` in the file.
    doc-ref: '[MS-VHDX] 2.3'
  tail_file_offset:
    value: (offset + tail).as<u8>
    doc: Byte offset of `tail` in the file.
    doc-ref: '[MS-VHDX] 2.3'
  end_file_offset:
    value: (offset + length).as<u8>
    doc: Byte offset in the file of the first byte after the log.
    doc-ref: '[MS-VHDX] 2.3'
