/** Rules D: log entries and their targets. [MS-VHDX] 2.3.1 */
export const LOG_ENTRIES = {
  VHDX_LOG_ENTRY_SIGNATURE_MISMATCH: {
    rule: 'D2',
    section: '2.3.1.1',
    severity: 'error',
    summary: 'a log entry has a wrong signature',
    remedy: 'restore',
    schema: true,
  },
  VHDX_LOG_ENTRY_LENGTH_INVALID: {
    rule: 'D3',
    section: '2.3.1.1',
    severity: 'error',
    summary: 'a log entry has an impossible length',
    remedy: 'restore',
    schema: true,
    expects: 'a multiple of 4 KiB, and at least 4 KiB',
  },
  VHDX_LOG_ENTRY_CHECKSUM_MISMATCH: {
    rule: 'D4',
    section: '2.3.1.1',
    severity: 'error',
    summary: 'a log entry has a wrong checksum',
    remedy: 'restore',
    schema: true,
  },
  VHDX_LOG_ENTRY_GUID_MISMATCH: {
    rule: 'D5',
    section: '2.3.1.1',
    severity: 'error',
    summary: 'a log entry has another LogGuid than the header',
    remedy: 'restore',
  },
  VHDX_LOG_ENTRY_SEQUENCE_ZERO: {
    rule: 'D6',
    section: '2.3.1.1',
    severity: 'error',
    summary: 'a log entry has sequence number zero',
    remedy: 'restore',
    schema: true,
  },
  VHDX_LOG_ENTRY_TAIL_INVALID: {
    rule: 'D7',
    section: '2.3.1.1',
    severity: 'error',
    summary: 'a log entry has an impossible tail',
    remedy: 'restore',
    schema: true,
    expects: 'a multiple of 4 KiB',
  },
  VHDX_LOG_ENTRY_DESCRIPTOR_COUNT: {
    rule: 'D8',
    section: '2.3.1',
    severity: 'error',
    summary: 'a log entry has no room for its descriptors',
    remedy: 'restore',
    schema: true,
  },
  VHDX_LOG_ENTRY_RESERVED_NONZERO: {
    rule: 'D10',
    section: '2.3.1.1',
    severity: 'warning',
    summary: 'a reserved field of a log entry is not zero',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_LOG_ENTRY_FILE_SIZE_UNALIGNED: {
    rule: 'D11',
    section: '2.3.1.1',
    severity: 'warning',
    summary: 'a file size in a log entry is not a multiple of 1 MiB',
    remedy: 'rewrite',
    schema: true,
    expects: 'a multiple of 1 MiB',
  },
  VHDX_LOG_ENTRY_LAST_AFTER_FLUSHED: {
    rule: 'D12',
    section: '2.3.1.1',
    severity: 'info',
    summary: 'a log entry has a LastFileOffset greater than its FlushedFileOffset',
  },
  VHDX_LOG_DESCRIPTOR_SIGNATURE_MISMATCH: {
    rule: 'D13',
    section: '2.3.1',
    severity: 'error',
    summary: 'a log descriptor has an unknown signature',
    remedy: 'restore',
    schema: true,
  },
  VHDX_LOG_DESCRIPTOR_SEQUENCE_MISMATCH: {
    rule: 'D13',
    section: '2.3.1',
    severity: 'error',
    summary: 'a log descriptor has another sequence number than its entry',
    remedy: 'restore',
  },
  VHDX_LOG_DESCRIPTOR_OFFSET_UNALIGNED: {
    rule: 'D14',
    section: '2.3.1.3',
    severity: 'error',
    summary: 'the target of a log descriptor is not a multiple of 4 KiB',
    remedy: 'restore',
    schema: true,
    expects: 'a multiple of 4 KiB',
  },
  VHDX_LOG_ZERO_LENGTH_UNALIGNED: {
    rule: 'D15',
    section: '2.3.1.2',
    severity: 'error',
    summary: 'the length of a zero descriptor is not a multiple of 4 KiB',
    remedy: 'restore',
    schema: true,
    expects: 'a multiple of 4 KiB',
  },
  VHDX_LOG_ZERO_RESERVED_NONZERO: {
    rule: 'D15',
    section: '2.3.1.2',
    severity: 'warning',
    summary: 'a reserved field of a zero descriptor is not zero',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_LOG_DATA_SECTOR_MISMATCH: {
    rule: 'D16',
    section: '2.3.1.4',
    severity: 'error',
    summary: 'a data sector of the log has a wrong signature or sequence number',
    remedy: 'restore',
    schema: true,
  },
  VHDX_LOG_DATA_SECTOR_COUNT: {
    rule: 'D17',
    section: '2.3.1',
    severity: 'error',
    summary: 'a log entry does not have one data sector for each data descriptor',
    remedy: 'restore',
  },
  VHDX_LOG_TARGET_HEADER: {
    rule: 'D18',
    section: '2.2.2',
    severity: 'error',
    summary: 'the log would overwrite the file type identifier or a header',
    remedy: 'hostile',
  },
  VHDX_LOG_TARGET_LOG: {
    rule: 'D19',
    section: '2.3',
    severity: 'error',
    summary: 'the log would overwrite itself',
    remedy: 'hostile',
  },
  VHDX_LOG_TARGET_PAYLOAD: {
    rule: 'D20',
    section: '2.3',
    severity: 'warning',
    summary: 'the log changes a payload block',
    advice: 'Compare the contents of the block with a known copy.',
  },
  VHDX_LOG_TARGET_BEYOND_END: {
    rule: 'D21',
    section: '2.3.3',
    severity: 'error',
    summary: 'the log would write far past the end of the file',
    remedy: 'hostile',
  },
  VHDX_LOG_TOO_MANY_DESCRIPTORS: {
    rule: 'D21',
    section: '2.3.3',
    severity: 'error',
    summary: 'the log has more descriptors than a real one can have',
    remedy: 'hostile',
  },
  VHDX_LOG_REPLAY_TOO_LARGE: {
    rule: 'D21',
    section: '2.3.3',
    severity: 'error',
    summary: 'the replay of the log would write without bound',
    remedy: 'hostile',
  },
  VHDX_LOG_TARGETS_REPEAT: {
    rule: 'D22',
    section: '2.3.3',
    severity: 'info',
    summary: 'a log entry writes a sector more than once',
  },
  VHDX_LOG_ENTRY_MISALIGNED: {
    rule: 'D23',
    section: '2.3.1',
    severity: 'info',
    summary: 'a log entry does not begin at a multiple of 4 KiB',
  },
} as const;

/** What the documentation adds to LOG_ENTRIES. */
export const LOG_ENTRIES_EXPLAINED = {
  VHDX_LOG_ENTRY_SIGNATURE_MISMATCH: {
    meaning: 'A log entry must begin with "loge". Without the signature there is no entry.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['schemas/vhdx_log_entry_header', 'log'],
  },
  VHDX_LOG_ENTRY_LENGTH_INVALID: {
    meaning: 'EntryLength must be a multiple of 4 KiB that fits into the log.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['schemas/vhdx_log_entry_header', 'log'],
  },
  VHDX_LOG_ENTRY_CHECKSUM_MISMATCH: {
    meaning:
      'The CRC-32C of the entry does not match its contents. A crash while the entry was written leaves this behind.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['schemas/vhdx_log_entry_header', 'log'],
  },
  VHDX_LOG_ENTRY_GUID_MISMATCH: {
    meaning:
      'Entries belong to the session whose LogGuid is in the header; others are left over from earlier sessions.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['log'],
  },
  VHDX_LOG_ENTRY_SEQUENCE_ZERO: {
    meaning: 'Sequence numbers of log entries begin at 1.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['schemas/vhdx_log_entry_header'],
  },
  VHDX_LOG_ENTRY_TAIL_INVALID: {
    meaning: 'Tail must be a multiple of 4 KiB that lies inside the log: it is where the replay begins.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['schemas/vhdx_log_entry_header', 'log'],
  },
  VHDX_LOG_ENTRY_DESCRIPTOR_COUNT: {
    meaning: 'DescriptorCount descriptors do not fit into EntryLength bytes.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['schemas/vhdx_log_entry_header', 'log'],
  },
  VHDX_LOG_ENTRY_RESERVED_NONZERO: {
    meaning: 'The field Reserved of the entry header must be zero and is ignored by readers.',
    reportedBy: ['schemas/vhdx_log_entry_header'],
  },
  VHDX_LOG_ENTRY_FILE_SIZE_UNALIGNED: {
    meaning: 'FlushedFileOffset and LastFileOffset are sizes of the file, which is a whole number of MiB.',
    reportedBy: ['schemas/vhdx_log_entry_header'],
  },
  VHDX_LOG_ENTRY_LAST_AFTER_FLUSHED: {
    meaning: 'The file is to grow in the replay. This is allowed, but unusual.',
    reportedBy: ['log'],
  },
  VHDX_LOG_DESCRIPTOR_SIGNATURE_MISMATCH: {
    meaning: 'A descriptor must begin with "zero" or "desc". The entry is not valid.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: [
      'schemas/vhdx_log_data_descriptor',
      'schemas/vhdx_log_entry',
      'schemas/vhdx_log_zero_descriptor',
      'log',
    ],
  },
  VHDX_LOG_DESCRIPTOR_SEQUENCE_MISMATCH: {
    meaning: 'The descriptor belongs to another entry, so the entry was not written completely and is not valid.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['log'],
  },
  VHDX_LOG_DESCRIPTOR_OFFSET_UNALIGNED: {
    meaning: 'The log changes the file in sectors of 4 KiB. The entry is not valid.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['schemas/vhdx_log_data_descriptor', 'schemas/vhdx_log_zero_descriptor'],
  },
  VHDX_LOG_ZERO_LENGTH_UNALIGNED: {
    meaning: 'The log changes the file in sectors of 4 KiB. The entry is not valid.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['schemas/vhdx_log_zero_descriptor'],
  },
  VHDX_LOG_ZERO_RESERVED_NONZERO: {
    meaning: 'The field Reserved of a zero descriptor must be zero and is ignored by readers.',
    reportedBy: ['schemas/vhdx_log_zero_descriptor'],
  },
  VHDX_LOG_DATA_SECTOR_MISMATCH: {
    meaning:
      'A data sector must begin with "data" and carry the sequence number of its entry. The entry was not written completely and is not valid.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['schemas/vhdx_log_data_sector', 'log'],
  },
  VHDX_LOG_DATA_SECTOR_COUNT: {
    meaning: 'EntryLength does not match the number of descriptors and data sectors. The entry is not valid.',
    when: { info: 'the entry comes after the active sequence, or is left over from an earlier session' },
    reportedBy: ['log'],
  },
  VHDX_LOG_TARGET_HEADER: {
    meaning: 'Headers are never changed through the log. A replay of this entry would make the file unreadable.',
    reportedBy: ['log'],
  },
  VHDX_LOG_TARGET_LOG: {
    meaning: 'A replay that changes the log changes what is still to be replayed.',
    reportedBy: ['log'],
  },
  VHDX_LOG_TARGET_PAYLOAD: {
    meaning:
      'The log is for metadata only. Replaying an entry that targets a block changes what the user of the disk reads.',
    reportedBy: ['check'],
  },
  VHDX_LOG_TARGET_BEYOND_END: {
    meaning:
      'A target may not lie beyond the sizes that the entry states and the file has: a small file could make the host write terabytes.',
    reportedBy: ['log'],
  },
  VHDX_LOG_TOO_MANY_DESCRIPTORS: {
    meaning: 'The number of descriptors is limited, so that a crafted file cannot exhaust the memory of the host.',
    reportedBy: ['log'],
  },
  VHDX_LOG_REPLAY_TOO_LARGE: {
    meaning:
      'What a replay writes, and how far it extends the file, is limited by what the metadata of the largest disk needs.',
    when: {
      'refuse-write':
        'only the new length of the file is too large, so the disk can be read, but the log not be replayed',
    },
    reportedBy: ['image', 'log'],
  },
  VHDX_LOG_TARGETS_REPEAT: {
    meaning: 'The descriptors are applied in order, so the last one wins.',
    reportedBy: ['log'],
  },
  VHDX_LOG_ENTRY_MISALIGNED: {
    meaning:
      'The log is divided into sectors of 4 KiB. What begins elsewhere is not used, and no known writer leaves it.',
    reportedBy: ['log'],
  },
} as const;
