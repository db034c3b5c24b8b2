meta:
  id: vhdx_physical_sector_size
  title: VHDX physical sector size
  license: MIT
  ks-version: '0.9'
  endian: le
-orig-id: Physical Sector Size
doc: |
  The metadata item that gives the physical sector size which the virtual disk
  reports. 4 bytes.
doc-ref: '[MS-VHDX] 2.6.2.5'
seq:
  - id: physical_sector_size
    -orig-id: PhysicalSectorSize
    type: u4
    valid:
      any-of:
        - 512
        - 4096
      -rule: G12
      -severity: error
    doc: Size in bytes.
    doc-ref: '[MS-VHDX] 2.6.2.5'
