meta:
  id: index
seq:
  - id: value
    type: u1
  - id: self
    type: index
    if: value == 0
  - id: rest
    size: 2
