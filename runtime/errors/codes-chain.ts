/** Codes of what can only be judged with the parents of a disk at hand; rows as in the table of codes. */
export const CHAIN_CODES = {
  VHDX_PARENT_NOT_FOUND: [
    'H9',
    '2.6.2.6.3',
    'refuse-write',
    'no path of the parent locator leads to a file',
    'Put the parent where the child looks for it, or name it.',
  ],
  VHDX_PARENT_LINKAGE_MISMATCH: [
    'H13',
    '2.6.2.6.3',
    'error',
    'the parent is not the one that the child was made for, or has been written to since',
    'Find the right parent; ignoring the mismatch gives wrong data wherever the parent has changed.',
    ['J4'],
  ],
  VHDX_PARENT_SECTOR_SIZE_MISMATCH: [
    'G15',
    '2.6.2.4',
    'error',
    'parent and child have logical sectors of different sizes',
    'Find the right parent.',
    ['J4'],
  ],
  VHDX_CHAIN_CYCLE: [
    'H15',
    '2.6.2.6',
    'error',
    'the chain of parents leads back to an image that is already in it',
    'Reconnect the disk with its parent.',
  ],
  VHDX_CHAIN_TOO_DEEP: [
    'H15',
    '2.6.2.6',
    'error',
    'the chain of parents is longer than any that is in use',
    'Merge some of the disks.',
  ],
  VHDX_PARENT_SIZE_DIFFERS: ['G16', '2.6.2.2', 'info', 'parent and child are disks of different sizes', '', ['J7']],
  VHDX_PARENT_DISK_ID_DIFFERS: ['G17', '2.6.1.2', 'info', 'parent and child have different virtual disk IDs', ''],
  VHDX_PARENT_LOG_PENDING: [
    'J5',
    '2.2.2',
    'info',
    'the parent has a log to replay, which must not change its DataWriteGuid',
    'Replay it with a tool that keeps the DataWriteGuid, which QEMU does not, or the child loses its parent.',
  ],
} as const;
