meta:
  id: map
seq:
  - id: value
    type: u1
  - id: self
    type: map
    if: value == 0
  - id: rest
    size: 2
