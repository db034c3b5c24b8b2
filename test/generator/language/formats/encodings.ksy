meta:
  id: encodings
seq:
  - id: len0
    type: u1
  - id: s0
    type: str
    size: len0
    encoding: UTF-8
  - id: len1
    type: u1
  - id: s1
    type: str
    size: len1
    encoding: UTF-16LE
  - id: len2
    type: u1
  - id: s2
    type: str
    size: len2
    encoding: UTF-16BE
  - id: len3
    type: u1
  - id: s3
    type: str
    size: len3
    encoding: UTF-32LE
  - id: len4
    type: u1
  - id: s4
    type: str
    size: len4
    encoding: UTF-32BE
  - id: len5
    type: u1
  - id: s5
    type: str
    size: len5
    encoding: ISO-8859-1
  - id: len6
    type: u1
  - id: s6
    type: str
    size: len6
    encoding: ISO-8859-15
  - id: len7
    type: u1
  - id: s7
    type: str
    size: len7
    encoding: IBM437
  - id: len8
    type: u1
  - id: s8
    type: str
    size: len8
    encoding: Shift_JIS
  - id: len9
    type: u1
  - id: s9
    type: str
    size: len9
    encoding: ISO-8859-16
  - id: len10
    type: u1
  - id: s10
    type: str
    size: len10
    encoding: windows-1252
  - id: len11
    type: u1
  - id: s11
    type: str
    size: len11
    encoding: ASCII
instances:
  again:
    pos: 1
    size: len0
  text:
    value: again.to_s("UTF-8")
  same:
    value: text == s0
  reversed:
    value: s1.reverse
