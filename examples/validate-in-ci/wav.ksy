meta:
  id: wav
  title: WAVE sound of PCM samples
  file-extension: wav
  license: MIT
  endian: le
doc: |
  RIFF/WAVE as sounds of this repository have to be: uncompressed, 8 or 16 bits, at most 48 kHz, one or two channels.
doc-ref: https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html
seq:
  - id: magic
    contents: RIFF
  - id: len_file
    type: u4
    valid:
      eq: _io.size - 8
  - id: form
    contents: WAVE
  - id: chunks
    type: chunk
    repeat: eos
types:
  chunk:
    seq:
      - id: type
        type: str
        size: 4
        encoding: ASCII
      - id: len_body
        type: u4
      - id: body
        size: len_body
        type:
          switch-on: type
          cases:
            '"fmt "': format
      - id: padding
        size: len_body % 2
  format:
    seq:
      - id: encoding
        type: u2
        enum: encoding
        valid:
          eq: encoding::pcm
      - id: num_channels
        type: u2
        valid:
          min: 1
          max: 2
      - id: samples_per_second
        type: u4
        valid:
          max: 48000
          -rule: RATE
      - id: bytes_per_second
        type: u4
      - id: len_frame
        type: u2
        valid:
          expr: _ * samples_per_second == bytes_per_second
          -severity: warning
      - id: bits_per_sample
        type: u2
        valid:
          any-of: [8, 16]
enums:
  encoding:
    1: pcm
    3: ieee_float
    6: a_law
    7: mu_law
