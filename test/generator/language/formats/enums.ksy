meta:
  id: enums
  endian: le
  imports:
    - sub/shared
    - /common/absolute
seq:
  - id: small
    type: u1
    enum: shared::kinds
  - id: large
    type: u8
    enum: shared::kinds
  - id: unknown
    type: u1
    enum: local
  - id: neg
    type: s1
    enum: local
instances:
  calc:
    value: '1'
    enum: shared::kinds
  picked:
    value: 'small == shared::kinds::zero ? shared::kinds::big : shared::kinds::zero'
  number:
    value: shared::kinds::big.to_i
  same:
    value: small == shared::kinds::zero and local::a != local::b
  as_number:
    value: large.to_i + small.to_i
  imported:
    pos: 0
    type: absolute
  nested:
    pos: 1
    type: absolute::inner
enums:
  local:
    -1: minus
    300: a
    0xffff_ffff_ff: b
