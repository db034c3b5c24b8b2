/** Rules B: the two headers, and where the log is. [MS-VHDX] 2.2.2 */
export const HEADERS = {
  VHDX_HEADER_SIGNATURE_MISMATCH: {
    rule: 'B1',
    section: '2.2.2',
    severity: 'refuse-write',
    summary: 'a header has a wrong signature',
    remedy: 'repair-copy',
    schema: true,
    damages: 'header',
  },
  VHDX_HEADER_CHECKSUM_MISMATCH: {
    rule: 'B2',
    section: '2.2.2',
    severity: 'refuse-write',
    summary: 'a header has a wrong checksum',
    remedy: 'repair-copy',
    schema: true,
    damages: 'header',
  },
  VHDX_HEADER_NONE_VALID: {
    rule: 'B3',
    section: '2.2.2',
    severity: 'error',
    summary: 'neither header is valid',
    remedy: 'restore',
  },
  VHDX_HEADER_SEQUENCE_EQUAL: {
    rule: 'B4',
    section: '2.2.2',
    severity: 'error',
    summary: 'two valid headers have the same sequence number, so neither is current',
    remedy: 'restore',
  },
  VHDX_HEADER_COPIES_DIFFER: {
    rule: 'B6',
    section: '2.2.2.1',
    severity: 'info',
    summary: 'the noncurrent header has not been updated',
  },
  VHDX_HEADER_DATA_WRITE_GUID_DIFFERS: {
    rule: 'B7',
    section: '2.2.2',
    severity: 'warning',
    summary: 'the headers have different DataWriteGuids',
    advice:
      'If child disks refer to this file, compare their parent_linkage with the DataWriteGuid of the current header.',
  },
  VHDX_HEADER_VERSION_UNSUPPORTED: {
    rule: 'B8',
    section: '2.2.2',
    severity: 'error',
    summary: 'the current header has an unknown version',
    advice: 'Use a tool that supports this version.',
    schema: true,
  },
  VHDX_HEADER_LOG_VERSION_UNSUPPORTED: {
    rule: 'B9',
    section: '2.2.2',
    severity: 'error',
    summary: 'the current header has an unknown log version',
    advice: 'Use a tool that supports this log version.',
    schema: true,
    inContext: true,
    expects: '0 where there is a log to replay',
  },
  VHDX_LOG_MISSING: {
    rule: 'B10',
    section: '2.2.2',
    severity: 'error',
    summary: 'the log is pending, but has no length',
    remedy: 'restore',
    misplaces: 'log',
  },
  VHDX_LOG_LENGTH_UNALIGNED: {
    rule: 'B11',
    section: '2.2.2',
    severity: 'error',
    summary: 'the log length is not a multiple of 1 MiB',
    remedy: 'restore',
    schema: true,
    expects: 'a multiple of 1 MiB',
    misplaces: 'log',
  },
  VHDX_LOG_OFFSET_INVALID: {
    rule: 'B12',
    covers: ['B14'],
    section: '2.2.2',
    severity: 'error',
    summary: 'the log offset is not a multiple of 1 MiB, or less than 1 MiB',
    remedy: 'restore',
    schema: true,
    expects: 'a multiple of 1 MiB, and not less than 1 MiB where there is a log',
    misplaces: 'log',
  },
  VHDX_LOG_BEYOND_END: {
    rule: 'B13',
    section: '2.2.2',
    severity: 'error',
    summary: 'the log extends past the end of the file',
    remedy: 'restore',
    misplaces: 'log',
    cutsOff: true,
  },
  VHDX_LOG_TOO_LONG: {
    rule: 'B15',
    severity: 'warning',
    summary: 'the log is longer than 1 GiB, which some readers refuse',
    remedy: 'copy',
  },
  VHDX_LOG_ABSENT: {
    rule: 'B16',
    section: '2.2.2',
    severity: 'refuse-write',
    summary: 'the file has no log, so it cannot be modified safely',
    remedy: 'copy',
  },
  VHDX_HEADER_RESERVED_NONZERO: {
    rule: 'B17',
    section: '2.2.2',
    severity: 'warning',
    summary: 'reserved bytes of the current header are not zero',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_HEADER_SLOT_NONZERO: {
    rule: 'B18',
    section: '2.2.2',
    severity: 'info',
    summary: 'the reserved bytes after a header are not zero',
  },
  VHDX_HEADER_GUID_ZERO: {
    rule: 'B19',
    section: '2.2.2',
    severity: 'warning',
    summary: 'a GUID of the current header is zero',
    advice: 'Do not use a disk whose DataWriteGuid is zero as the parent of another.',
  },
  VHDX_HEADER_SEQUENCE_EXHAUSTED: {
    rule: 'B20',
    section: '2.2.2',
    severity: 'refuse-write',
    summary: 'the sequence number cannot be increased as often as writing needs',
    remedy: 'copy',
  },
} as const;

/** What the documentation adds to HEADERS. */
export const HEADERS_EXPLAINED = {
  VHDX_HEADER_SIGNATURE_MISMATCH: {
    meaning: 'One of the two headers does not begin with "head", so it is not valid. The other one is used.',
    when: { error: 'neither header is valid' },
    reportedBy: ['schemas/vhdx_header'],
    related: ['VHDX_HEADER_NONE_VALID'],
  },
  VHDX_HEADER_CHECKSUM_MISMATCH: {
    meaning:
      'The CRC-32C of one of the two headers does not match its contents, so it is not valid. The other one is used. An interrupted header update leaves this behind.',
    when: { error: 'neither header is valid' },
    reportedBy: ['schemas/vhdx_header'],
    related: ['VHDX_HEADER_NONE_VALID'],
  },
  VHDX_HEADER_NONE_VALID: {
    meaning: 'Without a valid header the log cannot be located, and it is unknown whether it must be replayed.',
    reportedBy: ['format'],
  },
  VHDX_HEADER_SEQUENCE_EQUAL: {
    meaning:
      'The current header is the valid one with the greater sequence number. With equal numbers the choice is ambiguous.',
    when: { warning: 'the two headers are identical in every byte, as Disk2vhd writes them' },
    reportedBy: ['format'],
  },
  VHDX_HEADER_COPIES_DIFFER: {
    meaning:
      'A writer should update both headers in turn. Here only one update was completed; the current header is used.',
    reportedBy: ['format'],
  },
  VHDX_HEADER_DATA_WRITE_GUID_DIFFERS: {
    meaning:
      'DataWriteGuid identifies the contents of the disk for its children. QEMU changes it in one header when it replays a log.',
    reportedBy: ['format'],
    related: ['VHDX_PARENT_LINKAGE_MISMATCH'],
  },
  VHDX_HEADER_VERSION_UNSUPPORTED: {
    meaning: 'Version 1 is the only one that is specified. The layout of the rest is unknown in any other.',
    reportedBy: ['schemas/vhdx_header'],
  },
  VHDX_HEADER_LOG_VERSION_UNSUPPORTED: {
    meaning:
      'Log version 0 is the only one that is specified, and the log is pending, so the file cannot be read without it.',
    when: { warning: 'LogGuid is zero, so there is no log to replay' },
    reportedBy: ['schemas/vhdx_header', 'format'],
  },
  VHDX_LOG_MISSING: {
    meaning:
      'LogGuid is not zero, so the log must be replayed before the file is read; LogLength is 0, so there is none.',
    reportedBy: ['format'],
  },
  VHDX_LOG_LENGTH_UNALIGNED: {
    meaning: 'LogLength must be a whole number of MiB. The log cannot be located reliably.',
    reportedBy: ['schemas/vhdx_header'],
  },
  VHDX_LOG_OFFSET_INVALID: {
    meaning: 'LogOffset must be aligned to 1 MiB and lie after the header section. The log cannot be located reliably.',
    reportedBy: ['schemas/vhdx_header'],
  },
  VHDX_LOG_BEYOND_END: {
    meaning: 'LogOffset and LogLength lead past the end of the file: the file was cut off, or the header is wrong.',
    reportedBy: ['format'],
  },
  VHDX_LOG_TOO_LONG: {
    meaning: 'The specification sets no limit, but real logs have a few MiB, and OpenVMM refuses more than 1 GiB.',
    reportedBy: ['format'],
  },
  VHDX_LOG_ABSENT: {
    meaning: 'LogLength is 0. The disk can be read, but a writer has nowhere to log changes of the metadata.',
    reportedBy: ['format'],
  },
  VHDX_HEADER_RESERVED_NONZERO: {
    meaning: 'The reserved bytes after the fields of the header must be zero and are ignored by readers.',
    reportedBy: ['schemas/vhdx_header'],
  },
  VHDX_HEADER_SLOT_NONZERO: {
    meaning: 'A header has 4 KiB; the rest of its 64 KiB is reserved and ignored by readers.',
    reportedBy: ['format'],
  },
  VHDX_HEADER_GUID_ZERO: {
    meaning:
      'FileWriteGuid and DataWriteGuid identify versions of the file and of its data. Zero identifies nothing, so children cannot detect a change.',
    reportedBy: ['create', 'format'],
  },
  VHDX_HEADER_SEQUENCE_EXHAUSTED: {
    meaning:
      'Each header update increases the sequence number, which is close to 2^64 - 1. After an overflow the older header would win.',
    reportedBy: ['format'],
  },
} as const;
