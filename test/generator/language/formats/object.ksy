meta:
  id: object
seq:
  - id: value
    type: u1
  - id: self
    type: object
    if: value == 0
  - id: rest
    size: 2
