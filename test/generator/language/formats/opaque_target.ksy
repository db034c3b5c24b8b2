meta:
  id: opaque_target
params:
  - id: base
    type: u1
  - id: flag
    type: bool
seq:
  - id: value
    type: u1
instances:
  sum:
    value: 'flag ? base + value : 0'
