meta:
  id: png_file
  title: PNG image
  endian: be
  encoding: ISO-8859-1
doc-ref: RFC 2083
seq:
  - id: signature
    contents: [0x89, PNG, 0x0d, 0x0a, 0x1a, 0x0a]
  - id: chunks
    type: chunk
    repeat: until
    repeat-until: _.type == "IEND" or _io.eof
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
            '"IHDR"': header
            '"tEXt"': text
            '"zTXt"': compressed_text
      - id: crc
        size: 4
  header:
    seq:
      - id: width
        type: u4
      - id: height
        type: u4
      - id: bit_depth
        type: u1
      - id: color_type
        type: u1
  text:
    seq:
      - id: keyword
        type: strz
      - id: text
        type: str
        size-eos: true
        encoding: ASCII
  compressed_text:
    seq:
      - id: keyword
        type: strz
      - id: method
        type: u1
      - id: text
        size-eos: true
        process: zlib
