/** Rules G: the known metadata items, in an image and along a chain. [MS-VHDX] 2.6.2 */
export const METADATA_ITEMS = {
  VHDX_METADATA_ITEM_MISSING: {
    rule: 'G1',
    section: '2.6.2',
    severity: 'error',
    summary: 'a required metadata item is missing',
    remedy: 'restore',
    misplaces: 'metadata-item',
  },
  VHDX_METADATA_ITEM_LENGTH: {
    rule: 'G2',
    section: '2.6.2',
    severity: 'error',
    summary: 'a known metadata item has a wrong length',
    remedy: 'restore',
    misplaces: 'metadata-item',
  },
  VHDX_BLOCK_SIZE_INVALID: {
    rule: 'G3',
    section: '2.6.2.1',
    severity: 'error',
    summary: 'the block size is not a power of two from 1 MiB to 256 MiB',
    remedy: 'restore',
    schema: true,
    expects: 'a power of two from 1 MiB to 256 MiB',
  },
  VHDX_FILE_PARAMETERS_RESERVED_NONZERO: {
    rule: 'G4',
    section: '2.6.2.1',
    severity: 'warning',
    summary: 'reserved bits of the file parameters are not zero',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_PARENT_LOCATOR_MISSING: {
    rule: 'G5',
    section: '2.6.2.6',
    severity: 'error',
    summary: 'a differencing disk has no parent locator',
    remedy: 'restore',
  },
  VHDX_PARENT_LOCATOR_UNEXPECTED: {
    rule: 'G5',
    section: '2.6.2.6',
    severity: 'warning',
    summary: 'a disk without a parent has a parent locator',
    advice: 'Remove the item: QEMU refuses such a file.',
  },
  VHDX_FIXED_NOT_ALLOCATED: {
    rule: 'G6',
    covers: ['I13'],
    section: '2.6.2.1',
    severity: 'warning',
    summary: 'a fixed disk has blocks without storage',
    advice: 'Convert the image to a fixed one to allocate all blocks.',
  },
  VHDX_FIXED_WITH_PARENT: {
    rule: 'G7',
    section: '2.6.2.1',
    severity: 'info',
    summary: 'a differencing disk is marked as fixed',
  },
  VHDX_DISK_SIZE_UNALIGNED: {
    rule: 'G8',
    section: '2.6.2.2',
    severity: 'error',
    summary: 'the virtual disk size is not a multiple of the logical sector size',
    remedy: 'restore',
  },
  VHDX_DISK_SIZE_TOO_LARGE: {
    rule: 'G9',
    section: '2.6.2.2',
    severity: 'error',
    summary: 'the virtual disk is larger than 64 TiB',
    remedy: 'restore',
    schema: true,
  },
  VHDX_DISK_SIZE_ZERO: {
    rule: 'G10',
    section: '2.6.2.2',
    severity: 'warning',
    summary: 'the virtual disk has size 0',
    remedy: 'restore',
  },
  VHDX_LOGICAL_SECTOR_SIZE_INVALID: {
    rule: 'G11',
    section: '2.6.2.4',
    severity: 'error',
    summary: 'the logical sector size is neither 512 nor 4096',
    remedy: 'restore',
    schema: true,
  },
  VHDX_PHYSICAL_SECTOR_SIZE_INVALID: {
    rule: 'G12',
    section: '2.6.2.5',
    severity: 'error',
    summary: 'the physical sector size is neither 512 nor 4096',
    remedy: 'restore',
    schema: true,
  },
  VHDX_PHYSICAL_SECTOR_SIZE_LESS: {
    rule: 'G13',
    section: '2.6.2.5',
    severity: 'warning',
    summary: 'the physical sector size is less than the logical sector size',
  },
  VHDX_DISK_ID_ZERO: { rule: 'G14', section: '2.6.2.3', severity: 'warning', summary: 'the virtual disk ID is zero' },
  VHDX_PARENT_SECTOR_SIZE_MISMATCH: {
    rule: 'G15',
    covers: ['J4'],
    section: '2.6.2.4',
    severity: 'error',
    summary: 'parent and child have logical sectors of different sizes',
    advice: 'Find the right parent.',
    chain: true,
  },
  VHDX_PARENT_SIZE_DIFFERS: {
    rule: 'G16',
    covers: ['J7'],
    section: '2.6.2.2',
    severity: 'info',
    summary: 'parent and child are disks of different sizes',
    chain: true,
  },
  VHDX_PARENT_DISK_ID_DIFFERS: {
    rule: 'G17',
    section: '2.6.1.2',
    severity: 'info',
    summary: 'parent and child have different virtual disk IDs',
    chain: true,
  },
} as const;

/** What the documentation adds to METADATA_ITEMS. */
export const METADATA_ITEMS_EXPLAINED = {
  VHDX_METADATA_ITEM_MISSING: {
    meaning:
      'Every image has file parameters, virtual disk size, virtual disk ID, and logical and physical sector size.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_ITEM_LENGTH: {
    meaning: 'The known items have fixed lengths. What another length means is undefined.',
    reportedBy: ['format'],
  },
  VHDX_BLOCK_SIZE_INVALID: {
    meaning: 'Every offset in the BAT depends on the block size, so the disk cannot be read.',
    reportedBy: ['schemas/vhdx_file_parameters'],
  },
  VHDX_FILE_PARAMETERS_RESERVED_NONZERO: {
    meaning:
      'Only LeaveBlockAllocated and HasParent have a meaning; the other bits must be zero and are ignored by most readers.',
    reportedBy: ['schemas/vhdx_file_parameters'],
  },
  VHDX_PARENT_LOCATOR_MISSING: {
    meaning: 'HasParent is set, but no item says which file is the parent.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_LOCATOR_UNEXPECTED: {
    meaning: 'HasParent is not set, so the locator is not used.',
    reportedBy: ['format'],
  },
  VHDX_FIXED_NOT_ALLOCATED: {
    meaning:
      'LeaveBlockAllocated is set, so every block should have storage. Writing to such a block makes the file grow.',
    reportedBy: ['check'],
  },
  VHDX_FIXED_WITH_PARENT: {
    meaning: 'Both HasParent and LeaveBlockAllocated are set. The bits allow it, but it is unusual.',
    reportedBy: ['format'],
  },
  VHDX_DISK_SIZE_UNALIGNED: { meaning: 'A disk has a whole number of logical sectors.', reportedBy: ['format'] },
  VHDX_DISK_SIZE_TOO_LARGE: {
    meaning: '64 TiB is the largest size that the specification allows.',
    reportedBy: ['schemas/vhdx_virtual_disk_size'],
  },
  VHDX_DISK_SIZE_ZERO: {
    meaning: 'There is nothing to read. The specification does not forbid it, but most readers refuse such a file.',
    reportedBy: ['format'],
  },
  VHDX_LOGICAL_SECTOR_SIZE_INVALID: {
    meaning: 'The layout of the BAT and of the sector bitmaps depends on it, so the disk cannot be read.',
    reportedBy: ['schemas/vhdx_logical_sector_size'],
  },
  VHDX_PHYSICAL_SECTOR_SIZE_INVALID: {
    meaning: 'The specification allows 512 and 4096 only.',
    reportedBy: ['schemas/vhdx_physical_sector_size'],
  },
  VHDX_PHYSICAL_SECTOR_SIZE_LESS: {
    meaning: 'A physical sector of a real drive holds at least one logical sector. Reading is not affected.',
    reportedBy: ['format'],
  },
  VHDX_DISK_ID_ZERO: {
    meaning: 'The ID identifies the disk to the host. Zero identifies nothing; reading is not affected.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_SECTOR_SIZE_MISMATCH: {
    meaning: 'Sectors of child and parent correspond one to one, so both must have the same logical sector size.',
    reportedBy: ['create', 'disk'],
  },
  VHDX_PARENT_SIZE_DIFFERS: {
    meaning:
      'This is legal, for example after the child was resized. What lies past the end of the parent reads as zeros.',
    reportedBy: ['check'],
  },
  VHDX_PARENT_DISK_ID_DIFFERS: {
    meaning: 'A child normally has the virtual disk ID of its parent. Reading is not affected.',
    reportedBy: ['check'],
  },
} as const;
