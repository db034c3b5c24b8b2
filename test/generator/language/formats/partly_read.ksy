meta:
  id: partly_read
  ks-debug: true
seq:
  - id: first
    type: item
  - id: items
    type: item
    repeat: expr
    repeat-expr: 3
  - id: last
    type: u1
types:
  item:
    seq:
      - id: a
        size: 20
      - id: b
        size: 2
