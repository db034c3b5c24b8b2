/** Rules J: the file as a whole, and the chain. [MS-VHDX] 2.1 */
export const WHOLE_FILE = {
  VHDX_OWNERSHIP_INCOMPLETE: {
    rule: 'J1',
    section: '2.1',
    severity: 'warning',
    summary: 'the blocks are spread too far to find all overlaps',
    remedy: 'copy',
  },
  VHDX_FIXED_NOT_CONTIGUOUS: {
    rule: 'J3',
    section: '2.1',
    severity: 'info',
    summary: 'the blocks of a fixed disk are not in order',
  },
  VHDX_PARENT_LOG_PENDING: {
    rule: 'J5',
    section: '2.2.2',
    severity: 'info',
    summary: 'the log of the parent has not been replayed',
    advice:
      'Replay it with a tool that keeps the DataWriteGuid, such as vhdx replay; QEMU changes it, and the child loses its parent.',
    chain: true,
  },
} as const;

/** What the documentation adds to WHOLE_FILE. */
export const WHOLE_FILE_EXPLAINED = {
  VHDX_OWNERSHIP_INCOMPLETE: {
    meaning: 'Overlaps and free space are searched for in the first 256 TiB of the file only.',
    reportedBy: ['check'],
  },
  VHDX_FIXED_NOT_CONTIGUOUS: {
    meaning: 'Hyper-V writes them in ascending order without gaps. The specification does not require it.',
    reportedBy: ['check'],
  },
  VHDX_PARENT_LOG_PENDING: {
    meaning: 'The parent is read as it will be after the replay, which must not change its DataWriteGuid.',
    reportedBy: ['check'],
  },
} as const;
