meta:
  id: nibbles
  bit-endian: be
seq:
  - id: head
    type: b12
instances:
  whole:
    pos: 1
    type: u1
  top:
    pos: 2
    type: b4
  bottom:
    pos: 2
    type: b4le
