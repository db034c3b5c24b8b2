/** Rules C: the two region tables. [MS-VHDX] 2.2.3 */
export const REGION_TABLES = {
  VHDX_REGION_TABLE_SIGNATURE_MISMATCH: {
    rule: 'C1',
    section: '2.2.3.1',
    severity: 'refuse-write',
    summary: 'a region table has a wrong signature',
    remedy: 'repair-copy',
    schema: true,
    damages: 'region-table',
  },
  VHDX_REGION_TABLE_CHECKSUM_MISMATCH: {
    rule: 'C1',
    section: '2.2.3.1',
    severity: 'refuse-write',
    summary: 'a region table has a wrong checksum',
    remedy: 'repair-copy',
    schema: true,
    damages: 'region-table',
  },
  VHDX_REGION_TABLES_DIFFER: {
    rule: 'C2',
    section: '2.2.3',
    severity: 'refuse-write',
    summary: 'the two region tables differ',
    advice: 'Find out which copy is right before anything writes to the file; readers use the first.',
  },
  VHDX_REGION_COUNT_EXCEEDED: {
    rule: 'C3',
    section: '2.2.3.1',
    severity: 'error',
    summary: 'the region table has more than 2047 entries',
    remedy: 'restore',
    schema: true,
  },
  VHDX_REGION_TABLE_RESERVED_NONZERO: {
    rule: 'C4',
    section: '2.2.3.1',
    severity: 'warning',
    summary: 'a reserved field of the region table is not zero',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_REGION_DUPLICATE: {
    rule: 'C5',
    section: '2.2.3.2',
    severity: 'error',
    summary: 'two regions have the same GUID',
    remedy: 'restore',
  },
  VHDX_REGION_OFFSET_INVALID: {
    rule: 'C6',
    section: '2.2.3.2',
    severity: 'error',
    summary: 'a region offset is not a multiple of 1 MiB, or less than 1 MiB',
    remedy: 'restore',
    schema: true,
    expects: 'a multiple of 1 MiB, and at least 1 MiB',
    misplaces: 'region',
  },
  VHDX_REGION_LENGTH_INVALID: {
    rule: 'C7',
    section: '2.2.3.2',
    severity: 'error',
    summary: 'a region length is zero or not a multiple of 1 MiB',
    remedy: 'restore',
    schema: true,
    expects: 'a multiple of 1 MiB',
    misplaces: 'region',
  },
  VHDX_REGION_BEYOND_END: {
    rule: 'C8',
    section: '2.2.3.2',
    severity: 'error',
    summary: 'a region extends past the end of the file',
    remedy: 'restore',
    misplaces: 'region',
    cutsOff: true,
  },
  VHDX_REGION_OVERLAP: {
    rule: 'C9',
    covers: ['J1'],
    section: '2.2.3.2',
    severity: 'error',
    summary: 'two regions overlap',
    remedy: 'restore',
    sharesRegion: true,
  },
  VHDX_REGION_LOG_OVERLAP: {
    rule: 'C10',
    covers: ['B14', 'J1'],
    section: '2.2.3.2',
    severity: 'error',
    summary: 'a region overlaps the log',
    remedy: 'restore',
    sharesRegion: true,
  },
  VHDX_REGION_MISSING: {
    rule: 'C12',
    section: '2.2.3.2',
    severity: 'error',
    summary: 'the BAT or the metadata region is missing',
    remedy: 'restore',
  },
  VHDX_REGION_NOT_REQUIRED: {
    rule: 'C13',
    section: '2.2.3.2',
    severity: 'warning',
    summary: 'a known region is not marked as required',
  },
  VHDX_REGION_REQUIRED_RESERVED: {
    rule: 'C14',
    section: '2.2.3.2',
    severity: 'warning',
    summary: 'the field Required of a region is neither 0 nor 1',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_REGION_UNKNOWN_REQUIRED: {
    rule: 'C15',
    section: '2.2.3.2',
    severity: 'error',
    summary: 'an unknown region is marked as required',
    advice: 'Use a tool that supports this region.',
  },
  VHDX_REGION_TABLE_UNUSED_NONZERO: {
    rule: 'C17',
    section: '2.2.3.2',
    severity: 'info',
    summary: 'the bytes after the last region table entry are not zero',
  },
  VHDX_REGION_GUID_ZERO: { rule: 'C19', section: '2.2.3.2', severity: 'warning', summary: 'a region has a zero GUID' },
} as const;

/** What the documentation adds to REGION_TABLES. */
export const REGION_TABLES_EXPLAINED = {
  VHDX_REGION_TABLE_SIGNATURE_MISMATCH: {
    meaning:
      'One of the two copies of the region table does not begin with "regi", so it is not valid. The other one is used.',
    when: { error: 'both copies of the region table are damaged' },
    reportedBy: ['schemas/vhdx_region_table'],
  },
  VHDX_REGION_TABLE_CHECKSUM_MISMATCH: {
    meaning:
      'The CRC-32C of one of the two copies of the region table does not match its contents, so it is not valid. The other one is used.',
    when: { error: 'both copies of the region table are damaged' },
    reportedBy: ['schemas/vhdx_region_table', 'format'],
  },
  VHDX_REGION_TABLES_DIFFER: {
    meaning:
      'Both copies are valid, but their contents differ. The format keeps them identical, so an update was made without the log or was interrupted.',
    reportedBy: ['format'],
  },
  VHDX_REGION_COUNT_EXCEEDED: {
    meaning: 'The 64 KiB of the table have room for 2047 entries, so the count is wrong.',
    reportedBy: ['schemas/vhdx_region_table', 'format'],
  },
  VHDX_REGION_TABLE_RESERVED_NONZERO: {
    meaning: 'The field Reserved of the table header must be zero and is ignored by most readers.',
    reportedBy: ['schemas/vhdx_region_table'],
  },
  VHDX_REGION_DUPLICATE: {
    meaning: 'A GUID must occur once in the table; with two it is ambiguous which region is meant.',
    reportedBy: ['format'],
  },
  VHDX_REGION_OFFSET_INVALID: {
    meaning: 'A region must be aligned to 1 MiB and lie after the header section.',
    reportedBy: ['schemas/vhdx_region_table_entry'],
  },
  VHDX_REGION_LENGTH_INVALID: {
    meaning: 'A region must have a whole number of MiB.',
    when: { warning: 'the length is 0 and the region is unknown and not required' },
    reportedBy: ['schemas/vhdx_region_table_entry', 'format'],
  },
  VHDX_REGION_BEYOND_END: {
    meaning:
      'Offset and length of the region lead past the end of the file: the file was cut off, or the table is wrong.',
    when: { warning: 'the region is unknown and not required, and its end fits into 64 bits' },
    reportedBy: ['format'],
  },
  VHDX_REGION_OVERLAP: {
    meaning: 'Each MiB of the file belongs to one structure. At least one of the two regions contains foreign data.',
    reportedBy: ['format'],
  },
  VHDX_REGION_LOG_OVERLAP: {
    meaning: 'The log and the region use the same bytes: writing to the log would destroy the region.',
    reportedBy: ['format'],
  },
  VHDX_REGION_MISSING: {
    meaning: 'Every image needs both regions. Without them neither the size of the disk nor its blocks are known.',
    reportedBy: ['format'],
  },
  VHDX_REGION_NOT_REQUIRED: {
    meaning: 'BAT and metadata region should have Required = 1. QEMU writes 0, and all known readers accept it.',
    reportedBy: ['format'],
  },
  VHDX_REGION_REQUIRED_RESERVED: {
    meaning: 'Only bit 0 of the field has a meaning; the other bits must be zero.',
    reportedBy: ['schemas/vhdx_region_table_entry'],
  },
  VHDX_REGION_UNKNOWN_REQUIRED: {
    meaning:
      'A reader that does not know a required region must not open the file: its contents may change the meaning of the rest.',
    reportedBy: ['format'],
  },
  VHDX_REGION_TABLE_UNUSED_NONZERO: {
    meaning: 'The unused part of the table is ignored by readers.',
    reportedBy: ['format'],
  },
  VHDX_REGION_GUID_ZERO: {
    meaning: 'The GUID says what a region is for; zero identifies nothing. Readers ignore such a region.',
    reportedBy: ['format'],
  },
} as const;
