meta:
  id: gif_file
  title: GIF image
  endian: le
  encoding: ASCII
doc-ref: Graphics Interchange Format, version 89a
seq:
  - id: signature
    contents: GIF
  - id: version
    type: str
    size: 3
  - id: width
    type: u2
  - id: height
    type: u2
  - id: has_color_table
    type: b1
  - id: color_resolution
    type: b3
  - id: is_sorted
    type: b1
  - id: color_table_size
    type: b3
  - id: background
    type: u1
  - id: aspect
    type: u1
  - id: color_table
    size: 3 * (2 << color_table_size)
    if: has_color_table
  - id: blocks
    type: block
    repeat: until
    repeat-until: _.kind == 0x3b or _io.eof
types:
  block:
    seq:
      - id: kind
        type: u1
      - id: body
        type:
          switch-on: kind
          cases:
            0x21: extension
            0x2c: picture
  extension:
    seq:
      - id: label
        type: u1
      - id: parts
        type: part
        repeat: until
        repeat-until: _.len_data == 0
  picture:
    seq:
      - id: place
        type: u2
        repeat: expr
        repeat-expr: 4
      - id: has_color_table
        type: b1
      - id: is_interlaced
        type: b1
      - id: is_sorted
        type: b1
      - id: reserved
        type: b2
      - id: color_table_size
        type: b3
      - id: color_table
        size: 3 * (2 << color_table_size)
        if: has_color_table
      - id: min_code_size
        type: u1
      - id: parts
        type: part
        repeat: until
        repeat-until: _.len_data == 0
  part:
    seq:
      - id: len_data
        type: u1
      - id: data
        size: len_data
