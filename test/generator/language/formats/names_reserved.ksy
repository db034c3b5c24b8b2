meta:
  id: names_reserved
  endian: le
seq:
  - id: then
    type: u1
  - id: constructor
    type: u1
  - id: foo_1
    type: u1
  - id: foo1
    type: u1
  - id: class
    type: class(1, 2, 3, 4)
  - id: to_string
    type: u1
  - id: at
    type: u1
    valid: 6
  - id: need
    type: item_at
    if: at == 6
  - id: any
    type: u1
  - id: items
    type: u1
    repeat: until
    repeat-until: _ == 14 or items.size == 90
types:
  class:
    params:
      - id: parent
        type: u1
      - id: default
        type: u1
      - id: read_struct
        type: u1
      - id: stream
        type: u4
    seq:
      - id: io
        type: u1
    instances:
      sum:
        value: parent + default + read_struct + stream + io
  class_init:
    seq:
      - id: x
        type: u1
  item_at:
    seq:
      - id: kaitai_stream
        type: u1
    instances:
      second:
        value: _parent.items[1]
