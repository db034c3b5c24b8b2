/** Rules F: the metadata table. [MS-VHDX] 2.6.1 */
export const METADATA_TABLE = {
  VHDX_METADATA_SIGNATURE_MISMATCH: {
    rule: 'F1',
    section: '2.6.1.1',
    severity: 'error',
    summary: 'the metadata table has a wrong signature',
    remedy: 'restore',
    schema: true,
    damages: 'metadata-table',
  },
  VHDX_METADATA_REGION_TOO_SHORT: {
    rule: 'F1',
    section: '2.6.1',
    severity: 'error',
    summary: 'the metadata region has no room for its table',
    remedy: 'restore',
  },
  VHDX_METADATA_COUNT_EXCEEDED: {
    rule: 'F2',
    section: '2.6.1.1',
    severity: 'error',
    summary: 'the metadata table has more than 2047 entries',
    remedy: 'restore',
    schema: true,
    damages: 'metadata-table',
  },
  VHDX_METADATA_TABLE_RESERVED_NONZERO: {
    rule: 'F3',
    section: '2.6.1.1',
    severity: 'warning',
    summary: 'reserved fields of the metadata table are not zero',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_METADATA_DUPLICATE: {
    rule: 'F4',
    section: '2.6.1.2',
    severity: 'error',
    summary: 'two metadata items have the same ID',
    remedy: 'restore',
    misplaces: 'metadata-item',
  },
  VHDX_METADATA_OFFSET_INVALID: {
    rule: 'F5',
    section: '2.6.1.2',
    severity: 'error',
    summary: 'a metadata item begins inside the metadata table',
    remedy: 'restore',
    schema: true,
    inContext: true,
    expects: 'at least 64 KiB',
    misplaces: 'metadata-item',
  },
  VHDX_METADATA_BEYOND_REGION: {
    rule: 'F6',
    section: '2.6.1.2',
    severity: 'error',
    summary: 'a metadata item extends past the metadata region',
    remedy: 'restore',
    misplaces: 'metadata-item',
  },
  VHDX_METADATA_OVERLAP: {
    rule: 'F7',
    section: '2.6.1.2',
    severity: 'error',
    summary: 'two metadata items overlap',
    remedy: 'restore',
    misplaces: 'metadata-item',
  },
  VHDX_METADATA_LENGTH_EXCEEDED: {
    rule: 'F8',
    section: '2.6.1.2',
    severity: 'error',
    summary: 'a metadata item is longer than 1 MiB',
    remedy: 'restore',
    schema: true,
    misplaces: 'metadata-item',
  },
  VHDX_METADATA_EMPTY_WITH_OFFSET: {
    rule: 'F9',
    section: '2.6.1.2',
    severity: 'warning',
    summary: 'an empty metadata item has an offset',
    remedy: 'rewrite',
  },
  VHDX_METADATA_USER_COUNT_EXCEEDED: {
    rule: 'F10',
    section: '2.6.1.2',
    severity: 'error',
    summary: 'there are more than 1024 user metadata items',
    remedy: 'restore',
  },
  VHDX_METADATA_ENTRY_RESERVED_NONZERO: {
    rule: 'F11',
    section: '2.6.1.2',
    severity: 'warning',
    summary: 'reserved bits of a metadata table entry are not zero',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_METADATA_UNKNOWN_REQUIRED: {
    rule: 'F12',
    section: '2.6.1.2',
    severity: 'error',
    summary: 'an unknown metadata item is marked as required',
    advice: 'Use a tool that supports this item.',
  },
  VHDX_METADATA_USER_REQUIRED: {
    rule: 'F14',
    severity: 'warning',
    summary: 'a user metadata item is marked as required, which Windows refuses',
    advice: 'Clear IsRequired of the item.',
  },
  VHDX_METADATA_ID_ZERO: { rule: 'F15', severity: 'warning', summary: 'a metadata item has a zero ID' },
  VHDX_METADATA_UNUSUAL_SIZE: {
    rule: 'F16',
    severity: 'info',
    summary: 'the metadata is larger than some readers accept',
  },
  VHDX_METADATA_FLAGS_UNEXPECTED: {
    rule: 'F17',
    section: '2.6.2',
    severity: 'warning',
    summary: 'a known metadata item has unexpected flags',
  },
  VHDX_METADATA_KNOWN_EXTRA: {
    rule: 'F18',
    severity: 'info',
    summary: 'there is a metadata item that the specification does not name',
  },
  VHDX_METADATA_INCOMPLETE_FILE: {
    rule: 'F18',
    severity: 'error',
    summary: 'the creation of the file was not completed',
    advice: 'Create the image again.',
  },
  VHDX_METADATA_UNREFERENCED: {
    rule: 'F19',
    section: '2.6.1.1',
    severity: 'info',
    summary: 'there are bytes between the metadata items',
  },
} as const;

/** What the documentation adds to METADATA_TABLE. */
export const METADATA_TABLE_EXPLAINED = {
  VHDX_METADATA_SIGNATURE_MISMATCH: {
    meaning: 'The table must begin with "metadata". Its items, among them the size of the disk, cannot be located.',
    reportedBy: ['schemas/vhdx_metadata_table'],
  },
  VHDX_METADATA_REGION_TOO_SHORT: { meaning: 'The table alone has 64 KiB.', reportedBy: ['image'] },
  VHDX_METADATA_COUNT_EXCEEDED: {
    meaning: 'The 64 KiB of the table have room for 2047 entries, so the count is wrong.',
    reportedBy: ['schemas/vhdx_metadata_table'],
  },
  VHDX_METADATA_TABLE_RESERVED_NONZERO: {
    meaning: 'The reserved fields of the table header must be zero and are ignored by most readers.',
    reportedBy: ['schemas/vhdx_metadata_table'],
  },
  VHDX_METADATA_DUPLICATE: {
    meaning: 'ItemId and IsUser together must be unique; with two items it is ambiguous which one is meant.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_OFFSET_INVALID: {
    meaning: 'Items lie after the 64 KiB of the table.',
    reportedBy: ['schemas/vhdx_metadata_table_entry', 'format'],
  },
  VHDX_METADATA_BEYOND_REGION: {
    meaning: 'Offset and length of the item lead past the end of the region.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_OVERLAP: { meaning: 'At least one of the two items contains foreign data.', reportedBy: ['format'] },
  VHDX_METADATA_LENGTH_EXCEEDED: {
    meaning: 'The specification limits an item to 1 MiB.',
    reportedBy: ['schemas/vhdx_metadata_table_entry'],
  },
  VHDX_METADATA_EMPTY_WITH_OFFSET: { meaning: 'An item of length 0 must have offset 0.', reportedBy: ['format'] },
  VHDX_METADATA_USER_COUNT_EXCEEDED: {
    meaning: 'The specification limits the items with IsUser to 1024.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_ENTRY_RESERVED_NONZERO: {
    meaning: 'The reserved bits must be zero and are ignored by most readers.',
    reportedBy: ['schemas/vhdx_metadata_table_entry'],
  },
  VHDX_METADATA_UNKNOWN_REQUIRED: {
    meaning: 'A reader that does not know a required item must not open the file.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_USER_REQUIRED: {
    meaning: 'Items with IsUser belong to users of the disk; a reader cannot know them, so they must not be required.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_ID_ZERO: {
    meaning: 'The ID says what an item is; zero identifies nothing. Readers ignore such an item.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_UNUSUAL_SIZE: {
    meaning:
      'The specification allows it, but OpenVMM refuses more than 40 MiB of items, 1023 system items or a region of 128 MiB.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_FLAGS_UNEXPECTED: {
    meaning:
      'The specification fixes IsUser, IsVirtualDisk and IsRequired of the known items. Early Windows images differ, and most readers ignore the flags.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_KNOWN_EXTRA: {
    meaning: 'The item is known from other implementations. It does not change how the disk is read.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_INCOMPLETE_FILE: {
    meaning: 'The file has the item with which OpenVMM marks a file that is still being created.',
    reportedBy: ['format'],
  },
  VHDX_METADATA_UNREFERENCED: {
    meaning: 'No item refers to these bytes of the region. They may be left over from a deleted item.',
    reportedBy: ['check'],
  },
} as const;
