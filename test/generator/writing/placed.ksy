meta:
  id: placed
  endian: le
  encoding: ASCII
seq:
  - id: ofs_table
    type: u4
  - id: area
    size: 8
    type: area
instances:
  table:
    pos: ofs_table
    type: u2
    repeat: expr
    repeat-expr: 3
  peek:
    pos: 0
    type: u4
  label:
    pos: 0
    type: str
    size: 4
  name:
    io: area._io
    pos: 2
    type: strz
  last:
    pos: _io.size - 1
    type: u1
types:
  area:
    seq:
      - id: head
        type: u2
