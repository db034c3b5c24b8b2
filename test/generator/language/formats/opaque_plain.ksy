meta:
  id: opaque_plain
seq:
  - id: value
    type: u1
