meta:
  id: endian_nested
seq:
  - id: docs
    type: doc
    repeat: expr
    repeat-expr: 2
types:
  doc:
    seq:
      - id: mark
        type: u1
      - id: body
        type: body
  body:
    meta:
      endian:
        switch-on: _parent.as<doc>.mark
        cases:
          0: le
          _: be
    seq:
      - id: value
        type: u2
      - id: inner
        type: inner
    instances:
      later:
        pos: 0x10
        type: u4
    types:
      inner:
        seq:
          - id: value
            type: u4
          - id: deep
            type: deep
          - id: be
            type: always_be
        types:
          deep:
            seq:
              - id: value
                type: f4
              - id: many
                type: s2
                repeat: expr
                repeat-expr: 2
          always_be:
            meta:
              endian: be
            seq:
              - id: value
                type: u2
