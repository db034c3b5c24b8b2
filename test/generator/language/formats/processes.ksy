meta:
  id: processes
  ks-opaque-types: true
  encoding: UTF-8
seq:
  - id: len
    type: u1
  - id: zipped
    size: len
    process: zlib
  - id: xored
    size: 5
    process: xor(0x55)
  - id: xored_many
    type: str_eos
    size: 6
    process: xor([1, 2, 3])
  - id: rotated
    size: 2
    process: ror(3)
  - id: rotated_left
    size: 2
    process: rol(5)
  - id: key
    type: u1
    if: false
  - id: rotated_back
    size: 1
    repeat: expr
    repeat-expr: 2
    process: ror(_index * 0 + 3)
types:
  str_eos:
    seq:
      - id: text
        type: str
        size-eos: true
