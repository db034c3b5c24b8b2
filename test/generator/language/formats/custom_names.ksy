meta:
  id: custom_names
seq:
  - id: a
    size: 2
    process: custom_fx(1)
  - id: b
    size: 2
    process: nested.deeply.custom_fx(1)
  - id: c
    type: inner
    size: 2
    process: custom_fx_no_args
types:
  inner:
    seq:
      - id: all
        size-eos: true
