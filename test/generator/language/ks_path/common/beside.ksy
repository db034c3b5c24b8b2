meta:
  id: beside
  imports:
    - absolute
seq:
  - id: value
    type: u1
  - id: back
    type: absolute::inner
