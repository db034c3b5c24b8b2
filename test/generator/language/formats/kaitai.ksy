meta:
  id: kaitai
seq:
  - id: value
    type: u1
  - id: self
    type: kaitai
    if: value == 0
  - id: rest
    size: 2
