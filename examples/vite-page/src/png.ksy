meta:
  id: png
  title: PNG image, as its chunks
  file-extension: png
  license: MIT
  endian: be
doc-ref: https://www.w3.org/TR/png-3/
seq:
  - id: signature
    contents: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
  - id: chunks
    type: chunk
    repeat: until
    repeat-until: _.type == 'IEND' or _io.eof
types:
  chunk:
    seq:
      - id: len_body
        type: u4
      - id: type
        type: str
        size: 4
        encoding: ASCII
      - id: body
        size: len_body
        type:
          switch-on: type
          cases:
            '"IHDR"': image_header
            '"pHYs"': physical_size
            '"tEXt"': text
      - id: crc
        type: u4
  image_header:
    seq:
      - id: width
        type: u4
        valid:
          min: 1
      - id: height
        type: u4
        valid:
          min: 1
      - id: bit_depth
        type: u1
        valid:
          any-of: [1, 2, 4, 8, 16]
      - id: colour_type
        type: u1
        enum: colour_type
        valid:
          in-enum: true
      - id: compression_method
        type: u1
      - id: filter_method
        type: u1
      - id: interlace_method
        type: u1
  physical_size:
    seq:
      - id: pixels_per_unit_x
        type: u4
      - id: pixels_per_unit_y
        type: u4
      - id: unit
        type: u1
        doc: 1 is the metre; 0 says no more than the ratio of both.
  text:
    seq:
      - id: keyword
        type: strz
        encoding: ISO-8859-1
      - id: value
        type: str
        size-eos: true
        encoding: ISO-8859-1
enums:
  colour_type:
    0: greyscale
    2: truecolour
    3: indexed
    4: greyscale_alpha
    6: truecolour_alpha
