/** Rules E: the sequence of log entries and its replay. [MS-VHDX] 2.3.2, 2.3.3 */
export const LOG_SEQUENCE = {
  VHDX_LOG_NO_ACTIVE_SEQUENCE: {
    rule: 'E6',
    covers: ['E2'],
    section: '2.3.3',
    severity: 'error',
    summary: 'the log is pending, but has no valid sequence of entries',
    remedy: 'restore',
  },
  VHDX_LOG_FILE_TRUNCATED: {
    rule: 'E7',
    section: '2.3.3',
    severity: 'error',
    summary: 'the file is shorter than its log requires',
    remedy: 'restore',
    cutsOff: true,
  },
  VHDX_LOG_PENDING: {
    rule: 'E12',
    section: '2.3.3',
    severity: 'refuse-write',
    summary: 'the log has not been replayed',
    advice:
      'Replay the log before anything else writes to the file: vhdx replay or vhdx check --repair does so, and so does Hyper-V when it opens the disk.',
  },
} as const;

/** What the documentation adds to LOG_SEQUENCE. */
export const LOG_SEQUENCE_EXPLAINED = {
  VHDX_LOG_NO_ACTIVE_SEQUENCE: {
    meaning:
      'LogGuid is not zero, so there must be entries to replay, but none form a complete sequence. The metadata in the file may be half-written.',
    reportedBy: ['log'],
  },
  VHDX_LOG_FILE_TRUNCATED: {
    meaning:
      'The newest log entry says how long the file was when it was written (FlushedFileOffset). The file has been cut off since.',
    reportedBy: ['log'],
  },
  VHDX_LOG_PENDING: {
    meaning:
      'The last session did not end cleanly. Changes of the metadata are in the log only; this library reads the file as it will be after the replay.',
    reportedBy: ['log'],
  },
} as const;
