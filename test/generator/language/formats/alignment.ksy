meta:
  id: alignment
  endian: be
seq:
  - id: skip
    size: 0xf0
  - id: first
    type: part
  - id: byte
    type: u1
  - id: second
    type: part
  - id: bytes
    size: 2
  - id: third
    type: part
  - id: rest
    type: b3
  - id: fourth
    type: part
  - id: word
    type: word
  - id: fifth
    type: part
  - id: until
    terminator: 0xfb
  - id: sixth
    type: part
  - id: within
    type: part
    size: 1
types:
  part:
    doc: Leaves three bits of its byte to whoever reads bits next; whoever reads bytes begins at the next one.
    seq:
      - id: value
        type: b5
  word:
    seq:
      - id: value
        type: u2
