meta:
  id: uint8_array
seq:
  - id: value
    type: u1
  - id: self
    type: uint8_array
    if: value == 0
  - id: rest
    size: 2
