/** Rules I: BAT entries, blocks and sector bitmaps. [MS-VHDX] 2.4, 2.5 */
export const BAT = {
  VHDX_BAT_TOO_SMALL: {
    rule: 'I1',
    section: '2.5',
    severity: 'error',
    summary: 'the BAT region has no room for all entries',
    remedy: 'restore',
  },
  VHDX_BAT_UNUSED_NONZERO: {
    rule: 'I3',
    section: '2.5',
    severity: 'info',
    summary: 'the bytes after the last BAT entry are not zero',
  },
  VHDX_BAT_RESERVED_NONZERO: {
    rule: 'I4',
    section: '2.5.1',
    severity: 'warning',
    summary: 'reserved bits of a BAT entry are not zero',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_BAT_STATE_RESERVED: {
    rule: 'I5',
    section: '2.5.1.1',
    severity: 'error',
    summary: 'a payload block has a reserved state',
    remedy: 'restore',
    schema: true,
  },
  VHDX_BAT_PARTIAL_WITHOUT_PARENT: {
    rule: 'I6',
    section: '2.5.1.1',
    severity: 'error',
    summary: 'a block is partially present, but the disk has no parent',
    remedy: 'restore',
  },
  VHDX_BAT_OFFSET_ZERO: {
    rule: 'I7',
    section: '2.5.1',
    severity: 'error',
    summary: 'a present block has file offset 0',
    remedy: 'restore',
    schema: true,
  },
  VHDX_BAT_BLOCK_BEYOND_END: {
    rule: 'I8',
    section: '2.5.1',
    severity: 'error',
    summary: 'a payload block extends past the end of the file',
    remedy: 'restore',
    cutsOff: true,
  },
  VHDX_BAT_BLOCK_OVERLAP: {
    rule: 'I9',
    covers: ['J1'],
    section: '2.5.1',
    severity: 'error',
    summary: 'two payload blocks share storage',
    remedy: 'salvage',
  },
  VHDX_BAT_BLOCK_ON_STRUCTURE: {
    rule: 'I10',
    covers: ['B14', 'C11', 'J1'],
    section: '2.5.1',
    severity: 'error',
    summary: 'a payload block overlaps the header section, the log or a region',
    remedy: 'salvage',
  },
  VHDX_BAT_OFFSET_IGNORED: {
    rule: 'I11',
    section: '2.5.1.1',
    severity: 'warning',
    summary: 'a block without contents has a file offset',
    advice: 'Set the file offset of the entry to zero.',
  },
  VHDX_BAT_SOFT_ANCHOR_INVALID: {
    rule: 'I12',
    section: '2.5.1.1',
    severity: 'warning',
    summary: 'the former contents of an unmapped block lie outside the file',
    advice: 'Set the file offset of the entry to zero.',
    cutsOff: true,
  },
  VHDX_BAT_SOFT_ANCHOR_COLLISION: {
    rule: 'I12',
    covers: ['J1'],
    section: '2.5.1.1',
    severity: 'refuse-write',
    summary: 'the former contents of an unmapped block lie on another structure',
    advice: 'Set the file offset of the entry to zero before anything writes to the file.',
  },
  VHDX_BAT_BITMAP_MISSING: {
    rule: 'I17',
    section: '2.5.1.2',
    severity: 'error',
    summary: 'a partially present block has no sector bitmap',
    remedy: 'restore',
  },
  VHDX_BAT_BITMAP_STATE_RESERVED: {
    rule: 'I18',
    section: '2.5.1.2',
    severity: 'error',
    summary: 'a sector bitmap block has a reserved state',
    remedy: 'restore',
    schema: true,
  },
  VHDX_BAT_ENTRIES_SHIFTED: {
    rule: 'I18',
    section: '2.5.1.2',
    severity: 'warning',
    summary: 'a fault of old versions of QEMU may have moved blocks of the disk',
    advice: 'Compare the contents with a backup, or have the guest check its file systems.',
  },
  VHDX_BAT_BITMAP_WITHOUT_PARENT: {
    rule: 'I19',
    section: '2.5.1.2',
    severity: 'warning',
    summary: 'a disk without a parent has a sector bitmap block',
  },
  VHDX_BAT_BITMAP_OFFSET_ZERO: {
    rule: 'I20',
    section: '2.5.1',
    severity: 'error',
    summary: 'a present sector bitmap block has file offset 0',
    remedy: 'restore',
    schema: true,
  },
  VHDX_BAT_BITMAP_BEYOND_END: {
    rule: 'I20',
    section: '2.5.1',
    severity: 'error',
    summary: 'a sector bitmap block extends past the end of the file',
    remedy: 'restore',
    cutsOff: true,
  },
  VHDX_BAT_BITMAP_OVERLAP: {
    rule: 'I20',
    covers: ['B14', 'C11', 'J1'],
    section: '2.5.1',
    severity: 'error',
    summary: 'a sector bitmap block shares storage with another structure',
    remedy: 'salvage',
  },
  VHDX_BAT_BITMAP_UNUSED: {
    rule: 'I21',
    section: '2.5.1.2',
    severity: 'info',
    summary: 'a sector bitmap block belongs to no partially present block',
  },
  VHDX_BITMAP_BITS_PAST_END: {
    rule: 'I22',
    section: '2.4',
    severity: 'info',
    summary: 'a sector bitmap has bits set for sectors past the end of the disk',
  },
  VHDX_BITMAP_BITS_UNUSED: {
    rule: 'I22',
    section: '2.4',
    severity: 'info',
    summary: 'a sector bitmap has bits set for blocks that are not partially present',
  },
  VHDX_BITMAP_BLOCK_UNIFORM: {
    rule: 'I23',
    section: '2.4',
    severity: 'info',
    summary: 'a partially present block has all of its sectors, or none',
  },
  VHDX_BAT_OFFSET_TOO_LARGE: {
    rule: 'I24',
    section: '2.5.1',
    severity: 'error',
    summary: 'a block lies beyond the largest possible file offset',
    remedy: 'restore',
  },
  VHDX_BAT_ROOM_FOR_GROWTH: {
    rule: 'I25',
    section: '2.5',
    severity: 'info',
    summary: 'the BAT region is larger than the disk needs',
  },
} as const;

/** What the documentation adds to BAT. */
export const BAT_EXPLAINED = {
  VHDX_BAT_TOO_SMALL: {
    meaning: 'Size and block size of the disk need more entries than the region can hold.',
    reportedBy: ['image'],
  },
  VHDX_BAT_UNUSED_NONZERO: { meaning: 'Entries beyond those of the disk are ignored.', reportedBy: ['check'] },
  VHDX_BAT_RESERVED_NONZERO: {
    meaning: 'Bits 3 to 19 of an entry must be zero and are ignored by most readers.',
    reportedBy: ['schemas/vhdx_payload_bat_entry', 'schemas/vhdx_sector_bitmap_bat_entry', 'image'],
  },
  VHDX_BAT_STATE_RESERVED: {
    meaning: 'States 4 and 5 have no meaning, so it is unknown what the block reads as.',
    reportedBy: ['schemas/vhdx_payload_bat_entry', 'image'],
  },
  VHDX_BAT_PARTIAL_WITHOUT_PARENT: {
    meaning:
      'PARTIALLY_PRESENT means that some sectors come from the parent. Without one their contents are undefined.',
    reportedBy: ['image'],
  },
  VHDX_BAT_OFFSET_ZERO: {
    meaning: 'Offset 0 lies in the header section, so the entry names no storage.',
    reportedBy: ['schemas/vhdx_payload_bat_entry', 'image'],
  },
  VHDX_BAT_BLOCK_BEYOND_END: {
    meaning: 'The storage of the block is missing, or a part of it: the file was cut off, or the entry is wrong.',
    when: {
      warning: 'only bytes past the end of the virtual disk are missing, as in fixed images of old versions of QEMU',
    },
    reportedBy: ['disk', 'image'],
  },
  VHDX_BAT_BLOCK_OVERLAP: {
    meaning: 'Each block has storage of its own. At least one of the two reads foreign data.',
    reportedBy: ['image'],
  },
  VHDX_BAT_BLOCK_ON_STRUCTURE: {
    meaning: 'Writing to the block would destroy the structure; what it reads is not data of the disk.',
    reportedBy: ['image'],
  },
  VHDX_BAT_OFFSET_IGNORED: {
    meaning:
      'In states NOT_PRESENT and ZERO the offset is reserved. Readers ignore it, but Hyper-V is reported to fail on it.',
    reportedBy: ['image'],
    related: ['VHDX_HYPERV_ZERO_WITH_OFFSET'],
  },
  VHDX_BAT_SOFT_ANCHOR_INVALID: {
    meaning:
      'An entry in state UNDEFINED or UNMAPPED may name the former storage of its block. Here that is not in the file.',
    reportedBy: ['image'],
  },
  VHDX_BAT_SOFT_ANCHOR_COLLISION: {
    meaning: 'A writer that uses the former storage of the block again would overwrite another structure.',
    reportedBy: ['image'],
  },
  VHDX_BAT_BITMAP_MISSING: {
    meaning: 'The sector bitmap says which sectors come from the parent. Without it the block cannot be read.',
    reportedBy: ['image'],
  },
  VHDX_BAT_BITMAP_STATE_RESERVED: {
    meaning: 'Sector bitmap blocks are NOT_PRESENT (0) or PRESENT (6); other states have no meaning.',
    when: {
      warning:
        'the disk has no parent, so that no reader uses the entry; QEMU before 7.2.2 and 8.1 leaves such entries',
    },
    reportedBy: ['schemas/vhdx_sector_bitmap_bat_entry', 'image'],
  },
  VHDX_BAT_ENTRIES_SHIFTED: {
    meaning:
      'QEMU before 7.2.2 and 8.1 could write blocks of disks over 4 GiB one place too late when they were written in descending order (QEMU issue 727).',
    reportedBy: ['check'],
    related: ['VHDX_BAT_BITMAP_STATE_RESERVED'],
  },
  VHDX_BAT_BITMAP_WITHOUT_PARENT: {
    meaning: 'Only differencing disks use sector bitmaps. Real images have such entries, and readers ignore them.',
    reportedBy: ['image'],
  },
  VHDX_BAT_BITMAP_OFFSET_ZERO: {
    meaning: 'Offset 0 lies in the header section, so the entry names no storage.',
    reportedBy: ['schemas/vhdx_sector_bitmap_bat_entry', 'image'],
  },
  VHDX_BAT_BITMAP_BEYOND_END: {
    meaning:
      'The bitmap is missing: the file was cut off, or the entry is wrong. Partially present blocks of its chunk cannot be read.',
    reportedBy: ['image'],
  },
  VHDX_BAT_BITMAP_OVERLAP: {
    meaning: 'The bitmap, or what it overlaps, contains foreign data.',
    reportedBy: ['image'],
  },
  VHDX_BAT_BITMAP_UNUSED: { meaning: 'The bitmap takes 1 MiB of the file and is not used.', reportedBy: ['image'] },
  VHDX_BITMAP_BITS_PAST_END: { meaning: 'These bits are ignored.', reportedBy: ['check'] },
  VHDX_BITMAP_BITS_UNUSED: { meaning: 'These bits are ignored.', reportedBy: ['check'] },
  VHDX_BITMAP_BLOCK_UNIFORM: {
    meaning: 'The block could be FULLY_PRESENT, or NOT_PRESENT, which would be faster to read.',
    reportedBy: ['check'],
  },
  VHDX_BAT_OFFSET_TOO_LARGE: {
    meaning: 'The offset is greater than 2^53 bytes, which no host file reaches.',
    reportedBy: ['image'],
  },
  VHDX_BAT_ROOM_FOR_GROWTH: { meaning: 'The disk can grow without moving the BAT.', reportedBy: ['check'] },
} as const;
