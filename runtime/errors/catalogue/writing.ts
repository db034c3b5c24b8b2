import type { Explanations } from './form.js';

/** Why a disk could not be written to. Not faults of an image. */
export const WRITING = {
  VHDX_WRITE_PAST_END: {
    summary: 'the write goes past the end of the disk',
    advice: 'Write only below the size of the virtual disk.',
  },
  VHDX_WRITE_UNALIGNED: {
    section: '2.6.2.4',
    summary: 'the write is not aligned to whole sectors',
    advice: 'Use multiples of the logical sector size for offset and length.',
  },
  VHDX_DISK_CLOSED: { summary: 'the disk has been closed', advice: 'Open the disk again.' },
  VHDX_DISK_POISONED: {
    summary: 'an earlier change to the disk failed',
    advice: 'Close the disk, fix the cause and open it again: everything that was flushed is there.',
  },
} as const;

/** What the documentation adds to WRITING. */
export const WRITING_EXPLAINED: Explanations<typeof WRITING> = {
  VHDX_WRITE_PAST_END: { meaning: 'A virtual disk has a fixed size; writing does not extend it.', lookedAt: ['write'] },
  VHDX_WRITE_UNALIGNED: {
    meaning: 'A disk is written in whole logical sectors of 512 or 4096 bytes.',
    lookedAt: ['write'],
  },
  VHDX_DISK_CLOSED: { meaning: 'The program used a disk after it had closed it.', lookedAt: ['write'] },
  VHDX_DISK_POISONED: {
    meaning:
      'After a failed write the state in memory may differ from the file, so the session accepts no further changes.',
    lookedAt: ['write'],
  },
};
