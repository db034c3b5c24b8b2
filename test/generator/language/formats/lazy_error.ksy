meta:
  id: lazy_error
seq:
  - id: a
    type: u1
instances:
  beyond:
    pos: 300
    type: u4be
  number:
    value: '"12x".to_i'
  number16:
    value: '"-fF".to_i(16)'
  index:
    value: '[300, 400][a + 2]'
