meta:
  id: number
seq:
  - id: value
    type: u1
  - id: self
    type: number
    if: value == 0
  - id: rest
    size: 2
