meta:
  id: absolute
  imports:
    - beside
seq:
  - id: first
    type: u1
  - id: beside
    type: beside
types:
  inner:
    seq:
      - id: value
        type: u1
