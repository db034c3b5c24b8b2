meta:
  id: related
  endian: be
seq:
  - id: width
    type: u1
  - id: rows
    type: row
    repeat: until
    repeat-until: _.is_last == 1
  - id: tail
    size: _io.size - _io.pos
types:
  row:
    seq:
      - id: is_last
        type: u1
      - id: cells
        size: _root.width
      - id: inner
        type: inner
  inner:
    seq:
      - id: copy
        size: _parent._parent.width
