meta:
  id: terminfo
  title: Compiled terminal description
  endian: le
  encoding: ISO-8859-1
doc: Legacy storage format, with 16-bit numbers or with 32-bit ones; extended capabilities are not described.
doc-ref: term(5)
seq:
  - id: magic
    type: u2
    enum: magic
    valid:
      in-enum: true
  - id: len_names
    type: u2
  - id: num_flags
    type: u2
  - id: num_numbers
    type: u2
  - id: num_strings
    type: u2
  - id: len_string_table
    type: u2
  - id: names
    type: str
    size: len_names
    terminator: 0
  - id: flags
    type: u1
    repeat: expr
    repeat-expr: num_flags
  - id: alignment
    size: (len_names + num_flags) % 2
  - id: numbers
    type:
      switch-on: magic
      cases:
        'magic::wide': s4
        _: s2
    repeat: expr
    repeat-expr: num_numbers
  - id: ofs_strings
    type: s2
    repeat: expr
    repeat-expr: num_strings
  - id: string_table
    size: len_string_table
    type: string_table
types:
  string_table:
    instances:
      first:
        pos: 0
        type: strz
enums:
  magic:
    0x011a: legacy
    0x021e: wide
