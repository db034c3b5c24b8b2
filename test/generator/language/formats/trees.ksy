meta:
  id: trees
seq:
  - id: root_node
    type: node(2, 0)
types:
  node:
    params:
      - id: depth
        type: s4
      - id: position
        type: s4
    seq:
      - id: value
        type: u1
      - id: left
        type: node(depth - 1, _io.pos)
        if: depth > 0
      - id: right
        type: node(depth - 1, _io.pos)
        if: depth > 0
    instances:
      total:
        value: 'depth > 0 ? value + left.total + right.total : value'
      parent_depth:
        value: '_parent.as<node>.depth'
        if: depth < 2
      count:
        value: 'depth == 0 ? 1 : left.count + right.count'
