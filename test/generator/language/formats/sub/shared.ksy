meta:
  id: shared
enums:
  kinds:
    0: zero
    1: one
    0xffff_ffff_ffff_ffff: big
types:
  local: {}
