meta:
  id: error
seq:
  - id: value
    type: u1
  - id: self
    type: error
    if: value == 0
  - id: rest
    size: 2
