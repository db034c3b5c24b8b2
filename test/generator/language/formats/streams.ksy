meta:
  id: streams
  endian: le
  encoding: ASCII
seq:
  - id: a
    type: sized
    size: 4
  - id: b
    type: sized
    size: 4
  - id: here
    type: u1
    repeat: until
    repeat-until: _io.pos >= 12
instances:
  pos_after:
    value: _io.pos
  size:
    value: _io.size
  eof:
    value: _io.eof
  size_a:
    value: a._io.size
  in_b:
    io: b._io
    pos: 1
    type: u2
  in_either:
    io: '(here[0] == 8 ? a : b)._io'
    pos: 3
    type: u1
  array:
    pos: 0x20
    type: u2
    repeat: expr
    repeat-expr: 2
  eos:
    io: a._io
    pos: 0
    size-eos: true
  terms:
    pos: 0
    type: strz
    terminator: 3
    eos-error: false
  nothing:
    pos: 256
    size: 0
types:
  sized:
    seq:
      - id: x
        type: u1
    instances:
      all:
        pos: 0
        size-eos: true
      root_here:
        value: _root.here[0]
      parent_size:
        value: _parent._io.size
