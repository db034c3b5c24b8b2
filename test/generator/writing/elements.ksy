meta:
  id: elements
  endian: le
seq:
  - id: numbers
    type: u1
    repeat: expr
    repeat-expr: 3
    valid:
      max: 8
instances:
  kinds:
    pos: 0
    type: u1
    enum: kind
    repeat: expr
    repeat-expr: 2
  last_kind:
    value: kinds.last
  nothing:
    pos: 90
    size: 0
enums:
  kind:
    1: one
    2: two
