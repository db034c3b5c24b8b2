meta:
  id: nested_user
  imports:
    - alignment
doc: Uses a type that is nested in one of another file, which knows only its own structures for parents.
seq:
  - id: word
    type: alignment::word
  - id: byte
    type: u1
