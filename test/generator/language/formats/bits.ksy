meta:
  id: bits
  bit-endian: be
seq:
  - id: skip
    size: 250
  - id: b3
    type: b3
  - id: b1
    type: b1
    enum: bool_kind
  - id: b37
    type: b37
  - id: b7
    type: b7
instances:
  all:
    pos: 1
    type: b64
  all_le:
    pos: 1
    type: b64le
  b53:
    pos: 8
    type: b53le
  b54:
    pos: 8
    type: b54
  half:
    pos: 0x12
    type: halves
enums:
  bool_kind:
    0: off
    1: on
types:
  halves:
    seq:
      - id: a
        type: nibble
      - id: b
        type: nibble
      - id: c
        type: u1
      - id: list
        type: b4
        repeat: expr
        repeat-expr: 3
      - id: sum
        type: u1
        if: list[0] + list[2] > 0
  nibble:
    seq:
      - id: value
        type: b4
