meta:
  id: switches
  endian: le
  encoding: ASCII
seq:
  - id: code
    type: u1
  - id: by_int
    type:
      switch-on: code
      cases:
        0: u1
        1: s4
  - id: none
    type:
      switch-on: code
      cases:
        7: u1
  - id: flag
    type: b1
  - id: by_bool
    type:
      switch-on: flag
      cases:
        true: u2
        false: u1
  - id: text
    type: str
    size: 2
  - id: by_text
    size: 2
    type:
      switch-on: text
      cases:
        '"no"': u2
        '"\u0005\u0006"': pair
  - id: by_text_raw
    size: 2
    type:
      switch-on: text
      cases:
        '"no"': u2
  - id: kind
    type: u1
    enum: kind
  - id: by_enum
    type:
      switch-on: kind
      cases:
        kind::nine: two(kind.to_i)
        kind::ten: u1
        _: u8
  - id: mixed
    repeat: expr
    repeat-expr: 3
    type:
      switch-on: _index
      cases:
        0: u1
        1: f4
        2: u2be
  - id: partly
    repeat: expr
    repeat-expr: 4
    type:
      switch-on: _index % 2
      cases:
        1: u1
  - id: until
    repeat: until
    repeat-until: _ == 34
    type:
      switch-on: code
      cases:
        0: u1
        _: u2
    valid:
      max: 40
  - id: wide
    type:
      switch-on: code
      cases:
        0: u1
        1: u8
  - id: by_const
    type:
      switch-on: 5
      cases:
        4: u1
        5: u2
instances:
  sum:
    value: by_int + wide + by_bool
  late:
    pos: 2
    type:
      switch-on: '_root.code + 0'
      cases:
        0: pair
        1: two(3)
types:
  pair:
    seq:
      - id: a
        type: u1
      - id: b
        type: u1
  two:
    params:
      - id: base
        type: s4
    seq:
      - id: x
        type: u1
    instances:
      sum:
        value: base + x
enums:
  kind:
    9: nine
    10: ten
