meta:
  id: kaitai_stream
seq:
  - id: value
    type: u1
  - id: self
    type: kaitai_stream
    if: value == 0
  - id: rest
    size: 2
