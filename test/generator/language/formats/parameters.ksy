meta:
  id: parameters
  endian: le
  encoding: UTF-8
seq:
  - id: nums
    type: u4
    repeat: expr
    repeat-expr: 2
  - id: child
    type: child
  - id: other
    type: other_child
  - id: use
    type: use(1, nums, -2, 1.5, "s", [1, 2], flag, child, _io, animal::dog, [child], this_any, ["a", "b"])
  - id: big
    type: takes_big(nums, 5)
  - id: switching
    type:
      switch-on: child.value
      cases:
        8: takes_big([300, 4], child.value)
        _: child
instances:
  flag:
    value: true
  this_any:
    value: 7
types:
  child:
    seq:
      - id: value
        type: u1
  other_child:
    seq:
      - id: value
        type: u1
  takes_big:
    params:
      - {id: values, type: 'u8[]'}
      - {id: one, type: u8}
    instances:
      sum:
        value: values[0] + one
  use:
    params:
      - {id: int, type: u8}
      - {id: ints, type: 'u4[]'}
      - {id: sint, type: s2}
      - {id: float, type: f8}
      - {id: text, type: str}
      - {id: raw, type: bytes}
      - {id: flag, type: bool}
      - {id: any_struct, type: struct}
      - {id: stream, type: io}
      - {id: kind, type: u1, enum: animal}
      - {id: children, type: 'child[]'}
      - {id: anything, type: any}
      - {id: texts, type: 'str[]'}
    instances:
      sum:
        value: int + ints[1] + sint + raw[1]
      child_value:
        value: any_struct.as<child>.value
      peek:
        io: stream
        pos: 3
        type: u1
      is_dog:
        value: kind == animal::dog
      first_child:
        value: children.first.value
      number:
        value: anything.as<u4>
      texts_len:
        value: texts.size + texts[1].length
enums:
  animal:
    1: cat
    2: dog
