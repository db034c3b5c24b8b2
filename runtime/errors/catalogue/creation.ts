/** Errors of creating an image. Not faults of an image. */
export const CREATION = {
  VHDX_CREATE_SIZE_INVALID: { section: '2.6.2.2', summary: 'the requested disk size is not possible' },
  VHDX_CREATE_BLOCK_SIZE_INVALID: { section: '2.6.2.1', summary: 'the requested block size is not possible' },
  VHDX_CREATE_SECTOR_SIZE_INVALID: { section: '2.6.2.4', summary: 'the requested sector size is not possible' },
  VHDX_CREATE_LOG_LENGTH_INVALID: { section: '2.2.2', summary: 'the requested log length is not possible' },
  VHDX_CREATE_CREATOR_INVALID: {
    section: '2.2.1',
    summary: 'the creator does not fit into its field, or is not well-formed text',
  },
  VHDX_CREATE_PARENT_MISSING: { section: '2.6.2.6', summary: 'a differencing disk needs a parent' },
  VHDX_CREATE_PARENT_UNEXPECTED: { section: '2.6.2.6', summary: 'only a differencing disk has a parent' },
  VHDX_CREATE_PARENT_PATH_INVALID: {
    section: '2.6.2.6.3',
    summary: 'the path of the parent cannot be written as a Windows path',
  },
} as const;

/** What the documentation adds to CREATION. */
export const CREATION_EXPLAINED = {
  VHDX_CREATE_SIZE_INVALID: {
    meaning: 'The format stores sizes up to 64 TiB in whole logical sectors.',
    advice: 'Use a multiple of the logical sector size, from one sector to 64 TiB.',
    reportedBy: ['create', 'node'],
  },
  VHDX_CREATE_BLOCK_SIZE_INVALID: {
    meaning: 'Payload blocks have 1, 2, 4, … or 256 MiB.',
    advice: 'Use a power of two from 1 MiB to 256 MiB.',
    reportedBy: ['create'],
  },
  VHDX_CREATE_SECTOR_SIZE_INVALID: {
    meaning: 'The format knows sectors of 512 and 4096 bytes only.',
    advice: 'Use 512 or 4096; the physical sector size must not be less than the logical one.',
    reportedBy: ['create'],
    related: ['VHDX_LOGICAL_SECTOR_SIZE_INVALID', 'VHDX_PHYSICAL_SECTOR_SIZE_INVALID'],
  },
  VHDX_CREATE_LOG_LENGTH_INVALID: {
    meaning: 'The format asks for whole MiB; logs beyond 1 GiB are refused by some readers.',
    advice: 'Use a whole number of MiB, from 1 MiB to 1 GiB.',
    reportedBy: ['create'],
  },
  VHDX_CREATE_CREATOR_INVALID: {
    meaning: 'The field Creator of the file type identifier has 512 bytes of UTF-16.',
    advice: 'Use at most 256 UTF-16 code units without NUL.',
    reportedBy: ['create'],
  },
  VHDX_CREATE_PARENT_MISSING: {
    meaning: 'The new image was requested as differencing, but no parent was given.',
    advice: 'Name the parent.',
    reportedBy: ['create'],
  },
  VHDX_CREATE_PARENT_UNEXPECTED: {
    meaning: 'A parent was given for a fixed or dynamic disk, which would not use it.',
    advice: 'Omit the parent, or create a differencing disk.',
    reportedBy: ['create'],
  },
  VHDX_CREATE_PARENT_PATH_INVALID: {
    meaning: 'The parent locator stores Windows paths, in which a backslash separates names.',
    advice: 'Rename the file or folder that has a backslash in its name, or move the parent.',
    reportedBy: ['create', 'node'],
  },
} as const;
