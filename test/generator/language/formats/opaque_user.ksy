meta:
  id: opaque_user
  ks-opaque-types: true
seq:
  - id: one
    type: opaque_target(7, true)
  - id: many
    type: opaque_plain
    repeat: expr
    repeat-expr: 2
