meta:
  id: delimited
  endian: le
  encoding: UTF-8
seq:
  - id: padded
    size: 8
    pad-right: 0x20
  - id: ended
    size: 8
    terminator: 0
    pad-right: 0xff
  - id: included
    terminator: 0x3b
    include: true
  - id: line
    type: str
    terminator: 0x0a
    encoding: ASCII
  - id: wide
    type: strz
    encoding: UTF-16LE
  - id: ahead
    terminator: 0x7c
    consume: false
  - id: bar
    contents: '|'
  - id: scrambled
    size: 5
    process: xor(0x5a)
  - id: turned
    size: 4
    process: rol(3)
  - id: turned_back
    type: name
    size: 12
    process: ror(1)
  - id: rest
    size-eos: true
types:
  name:
    seq:
      - id: text
        type: strz
        size: 12
