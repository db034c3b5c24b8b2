meta:
  id: validity
  endian: le
  encoding: ASCII
seq:
  - id: a
    type: u1
    valid: 0
  - id: list
    type: u1
    repeat: expr
    repeat-expr: 3
    valid:
      min: 1
      max: 3
  - id: kind
    type: u1
    enum: kind
    valid:
      any-of: [kind::four, kind::five]
  - id: kinds
    type: u1
    enum: kind
    repeat: expr
    repeat-expr: 2
    valid:
      in-enum: true
  - id: text
    type: str
    size: 1
    valid:
      max: '"\u0008"'
  - id: raw
    size: 2
    valid:
      min: '[8]'
      max: '[8, 9, 0]'
  - id: expr
    type: u1
    valid:
      expr: _ == a + 10 and _ > list[0]
  - id: child
    type: child
    valid:
      expr: _.value == 11
  - id: wide
    type: u8
    valid:
      min: 0x100
  - id: maybe
    type: u1
    if: a == 1
    valid: 9
  - contents: [0x14, 0x15]
  - id: flag
    type: b1
    valid: false
  - id: rest
    type: b7
    valid:
      any-of: [21, 22]
  - id: float
    type: f4
    valid:
      max: 1.0
types:
  child:
    seq:
      - id: value
        type: u1
enums:
  kind:
    4: four
    5: five
    6: six
