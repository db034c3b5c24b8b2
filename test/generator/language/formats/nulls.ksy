meta:
  id: nulls
  endian: le
seq:
  - id: a
    type: u1
  - id: no
    type: u8
    if: a == 1
  - id: yes
    type: u2
    if: a == 0
  - id: flag
    type: b1
    if: a == 1
  - id: with_flag
    type: u1
    if: flag
  - id: sub
    type: sub
    if: a == 1
instances:
  either:
    value: 'a == 0 ? yes : no'
  both:
    value: yes
  calc:
    value: yes + 1
    if: a == 0
  never:
    value: no + 1
    if: a == 1
  chained:
    value: sub.value
    if: a == 1
  cast:
    value: no.as<u4>
  falsy:
    value: a
  falsy_text:
    value: '""'
  falsy_flag:
    value: a != 0
  or_default:
    value: 'a == 1 ? sub.value : yes'
  absent_equals:
    value: no == 5
  absent_differs:
    value: no != 5
  absent_flag:
    value: 'flag ? 1 : 2'
  absent_and:
    value: not flag and (flag or a == 0)
  present_equals:
    value: yes == 0x201
  deep:
    value: 'a == 1 ? (a == 2 ? no : yes) : 7'
types:
  sub:
    seq:
      - id: value
        type: u1
