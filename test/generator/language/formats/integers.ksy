meta:
  id: integers
  endian: le
seq:
  - id: max
    type: s8
  - id: min
    type: s8
  - id: all
    type: u8
  - id: above
    type: u8
  - id: safe
    type: u8
instances:
  parsed:
    value: "'12345678901234567890'.to_i + 1"
  parsed_negative:
    value: "'-ffffffffffffffff'.to_i(16)"
  parsed_small:
    value: "'777'.to_i(8)"
  minus_one:
    value: all.as<s8>
  sum:
    value: max + 1
  neg:
    value: -min
  inv:
    value: ~all
  product:
    value: max * 3
  wide_product:
    value: (masked_wide & 0xffff_ffff) * (masked_wide & 0xffff_ffff)
  shifted:
    value: above >> 20
  shifted_left:
    value: above << 3
  masked:
    value: all & 0xff
  masked_wide:
    value: all & 0xffff_ffff_ffff
  ored:
    value: 0x8000_0000 | 1
  xored:
    value: 0xffff_ffff ^ 0x0f
  div_neg:
    value: -7 / 2
  mod_neg:
    value: -7 % 3
  mod_neg2:
    value: 7 % -3
  div_big:
    value: min / 3
  mod_big:
    value: min % 10
  cmp:
    value: all > max and min < 0 and above == 9007199254740993
  cmp_mixed:
    value: safe + 2 == above
  pick:
    value: 'safe == 9007199254740991 ? 1 : all'
  pick_other:
    value: 'safe == 1 ? all : 2'
  pick_float:
    value: 'safe == 1 ? all : 2.5'
  to_string:
    value: all.to_s
  text:
    value: 'f"{min} {max + 1}"'
  shift_var:
    value: 1 << (safe & 63).as<u1>
  recursive:
    value: 'safe == 0 ? 1 : recursive_b'
  recursive_b:
    value: 'safe == 0 ? recursive + 1 : 5'
  minus_zero:
    value: -(safe - safe)
  prec:
    value: (1 + 2) * 3 - 4 / (2 - 5) % 7 << 1 & 0xff | 64 ^ 3
