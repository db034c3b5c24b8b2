meta:
  id: array
seq:
  - id: value
    type: u1
  - id: self
    type: array
    if: value == 0
  - id: rest
    size: 2
