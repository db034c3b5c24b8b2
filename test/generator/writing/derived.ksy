meta:
  id: derived
  endian: be
  encoding: UTF-8
seq:
  - id: num_items
    type: u2
  - id: len_name
    type: u1
  - id: len_body
    type: u8
  - id: len_packed
    type: b12
  - id: flags
    type: b4
  - id: name
    type: str
    size: len_name
  - id: items
    type: item(_index)
    repeat: expr
    repeat-expr: num_items
  - id: body
    type: body
    size: len_body
  - id: packed
    size: len_packed
    process: zlib
types:
  item:
    params:
      - id: index
        type: u2
    seq:
      - id: len_value
        type: u1
      - id: value
        size: len_value
  body:
    seq:
      - id: parent_flags
        type: u1
        valid: _parent.flags
      - id: words
        type: u2
        repeat: eos
