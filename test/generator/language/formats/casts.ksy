meta:
  id: casts
  endian: le
seq:
  - id: a
    type: u1
  - id: b
    type: u2
instances:
  list:
    value: '[1, 2].as<u1[]>'
  wide:
    value: '[a, b].as<u8[]>'
  made:
    value: '[a, 5].as<bytes>'
  empty:
    value: '[].as<bytes>'
  floats:
    value: '[1.5, 2]'
  texts:
    value: '["x", "y"]'
  sum:
    value: list[1] + wide.last + floats.max.to_i
  max_text:
    value: texts.max
  obj:
    pos: 4
    type: one
  objs:
    pos: 4
    type: one
    repeat: expr
    repeat-expr: 2
  list_of:
    value: '[obj, objs[1]]'
  from_list:
    value: list_of[1].value + list_of.size
  first_obj:
    value: objs.first
  struct_any:
    value: 'a == 0 ? obj : objs[1]'
  bytes_eq:
    value: made == [0, 5] and made != [5] and [1] < [2] and made.first == 0
  bytes_len:
    value: made.size + made.length
  to_float:
    value: a + 1.5
  float_div:
    value: 7.0 / 2
  truncated:
    value: (-2.7).to_i
  flag_int:
    value: (a == 0).to_i + true.to_i
types:
  one:
    seq:
      - id: value
        type: u1
