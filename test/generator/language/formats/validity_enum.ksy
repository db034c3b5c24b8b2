meta:
  id: validity_enum
seq:
  - id: kinds
    type: u1
    enum: kind
    repeat: eos
    valid:
      in-enum: true
enums:
  kind:
    0: zero
    1: one
