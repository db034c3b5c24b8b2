meta:
  id: sizes
  endian: le
  bit-endian: le
seq:
  - id: fixed
    type: fixed
  - id: arr
    type: u2
    repeat: expr
    repeat-expr: 3
  - id: one
    type: b12
instances:
  type_size:
    value: sizeof<fixed>
  bits:
    value: bitsizeof<bit_type>
  value_size:
    value: fixed._sizeof
  builtin:
    value: sizeof<u4> + sizeof<f8> + bitsizeof<b5>
  own:
    value: fixed.own
types:
  fixed:
    seq:
      - id: a
        type: u4
      - id: b
        size: 3
      - contents: [7]
    instances:
      own:
        value: _sizeof
      a_size:
        value: a._sizeof
  bit_type:
    seq:
      - id: a
        type: b3
      - id: b
        type: b7
