meta:
  id: chosen
  endian: le
  encoding: ASCII
seq:
  - id: kind
    type: u1
    enum: kind
  - id: has_note
    type: u1
    valid:
      any-of: [0, 1]
  - id: value
    type:
      switch-on: kind
      cases:
        'kind::number': u4
        'kind::huge': u8
        'kind::text': strz
        'kind::pair': pair
        _: u1
  - id: note
    type: strz
    if: has_note == 1
  - id: sized
    size: 6
    type:
      switch-on: kind
      cases:
        'kind::pair': pair
enums:
  kind:
    1: number
    2: huge
    3: text
    4: pair
types:
  pair:
    seq:
      - id: left
        type: s2
      - id: right
        type: f4
