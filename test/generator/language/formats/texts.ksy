meta:
  id: texts
  encoding: ASCII
seq:
  - id: a
    type: strz
    terminator: 0x7c
  - id: b
    type: str
    terminator: 0x7c
    include: true
  - id: c
    type: str
    terminator: 0
    consume: false
  - id: zero
    type: u1
  - id: d
    type: str
    size: 7
    pad-right: 0x40
  - id: padded
    type: strz
    size: 4
  - id: wide
    size: 4
    terminator: 0
  - id: multi
    type: strz
    encoding: UTF-16LE
  - id: last
    type: str
    terminator: 0x21
    eos-error: false
instances:
  rev:
    value: a.reverse + b.substring(1, 3)
  cmp:
    value: a < b and a != "x" and "b" >= "abc"
  len:
    value: a.length + b.length
  fstr:
    value: 'f"{a}-{len}-{1 + 2}"'
  concat:
    value: '"one " "two\t\"q\"" + "\u263a\101"'
