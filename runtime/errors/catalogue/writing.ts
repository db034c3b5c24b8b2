/** Why a disk could not be written to. Not faults of an image. */
export const WRITING = {
  VHDX_WRITE_PAST_END: { summary: 'the write goes past the end of the disk' },
  VHDX_WRITE_UNALIGNED: { section: '2.6.2.4', summary: 'the write is not aligned to whole sectors' },
  VHDX_DISK_CLOSED: { summary: 'the disk has been closed' },
  VHDX_DISK_POISONED: { summary: 'an earlier change to the disk failed' },
} as const;

/** What the documentation adds to WRITING. */
export const WRITING_EXPLAINED = {
  VHDX_WRITE_PAST_END: {
    meaning: 'A virtual disk has a fixed size; writing does not extend it.',
    advice: 'Write only below the size of the virtual disk.',
    lookedAt: ['write'],
  },
  VHDX_WRITE_UNALIGNED: {
    meaning: 'A disk is written in whole logical sectors of 512 or 4096 bytes.',
    advice: 'Use multiples of the logical sector size for offset and length.',
    lookedAt: ['write'],
  },
  VHDX_DISK_CLOSED: {
    meaning: 'The program used a disk after it had closed it.',
    advice: 'Open the disk again.',
    lookedAt: ['write'],
  },
  VHDX_DISK_POISONED: {
    meaning:
      'After a failed write the state in memory may differ from the file, so the session accepts no further changes.',
    advice: 'Close the disk, fix the cause and open it again: everything that was flushed is there.',
    lookedAt: ['io'],
  },
} as const;
