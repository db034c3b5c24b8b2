meta:
  id: string
seq:
  - id: value
    type: u1
  - id: self
    type: string
    if: value == 0
  - id: rest
    size: 2
