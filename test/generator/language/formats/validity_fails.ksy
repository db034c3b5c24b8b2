meta:
  id: validity_fails
seq:
  - id: list
    type: u1
    repeat: eos
    valid:
      max: 100
