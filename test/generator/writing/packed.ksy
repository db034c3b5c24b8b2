meta:
  id: packed
  endian: le
  bit-endian: le
seq:
  - id: low
    type: b3
  - id: wide
    type: b61
  - id: halves
    type: half
    repeat: expr
    repeat-expr: 4
  - id: aligned
    type: u2
  - id: big
    type: b7be
  - id: bigger
    type: b33be
  - id: is_last
    type: b1be
types:
  half:
    seq:
      - id: nibble
        type: b4
