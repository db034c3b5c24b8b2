/** Codes of what keeps an image from being made; rows as in the table of codes. Not faults of an image. */
export const CREATE_CODES = {
  VHDX_CREATE_SIZE_INVALID: [
    '',
    '2.6.2.2',
    'error',
    'no disk can have this size',
    'Give a multiple of the logical sector size, from one sector to 64 TiB.',
  ],
  VHDX_CREATE_BLOCK_SIZE_INVALID: [
    '',
    '2.6.2.1',
    'error',
    'no disk can have blocks of this size',
    'Give a power of two from 1 MiB to 256 MiB.',
  ],
  VHDX_CREATE_SECTOR_SIZE_INVALID: [
    '',
    '2.6.2.4',
    'error',
    'no disk can have sectors of this size',
    'Give 512 or 4096; a physical sector is not less than a logical one.',
  ],
  VHDX_CREATE_LOG_LENGTH_INVALID: [
    '',
    '2.2.2',
    'error',
    'no log can have this length',
    'Give whole MiB, from 1 MiB to 1 GiB.',
  ],
  VHDX_CREATE_CREATOR_INVALID: [
    '',
    '2.2.1',
    'error',
    'the creator has no room in its field, or is no text',
    'Give at most 256 UTF-16 code units without a NUL.',
  ],
  VHDX_CREATE_PARENT_MISSING: ['', '2.6.2.6', 'error', 'a differencing disk needs a parent', 'Name the parent.'],
  VHDX_CREATE_PARENT_UNEXPECTED: [
    '',
    '2.6.2.6',
    'error',
    'only a differencing disk has a parent',
    'Leave out the parent, or make a differencing disk.',
  ],
  VHDX_CREATE_PARENT_PATH_INVALID: [
    '',
    '2.6.2.6.3',
    'error',
    'the path of the parent cannot be written as a Windows path',
    'Rename what has a backslash in its name, or move the parent.',
  ],
} as const;
