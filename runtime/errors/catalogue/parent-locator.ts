/** Rules H: the parent locator, and the parents that it leads to. [MS-VHDX] 2.6.2.6 */
export const PARENT_LOCATOR = {
  VHDX_PARENT_LOCATOR_TOO_SHORT: {
    rule: 'H1',
    section: '2.6.2.6',
    severity: 'error',
    summary: 'the parent locator has no room for its entries',
    remedy: 'restore',
  },
  VHDX_PARENT_LOCATOR_TYPE_UNKNOWN: {
    rule: 'H2',
    section: '2.6.2.6.1',
    severity: 'error',
    summary: 'the type of the parent locator is unknown',
    advice: 'Use a tool that supports this type of parent.',
  },
  VHDX_PARENT_LOCATOR_RESERVED_NONZERO: {
    rule: 'H3',
    section: '2.6.2.6.1',
    severity: 'warning',
    summary: 'a reserved field of the parent locator is not zero',
    remedy: 'rewrite',
    schema: true,
  },
  VHDX_PARENT_LOCATOR_ENTRY_INVALID: {
    rule: 'H4',
    section: '2.6.2.6.2',
    severity: 'error',
    summary: 'an entry of the parent locator has an invalid offset or length',
    remedy: 'restore',
    schema: true,
    expects: 'an even number greater than 0',
  },
  VHDX_PARENT_LOCATOR_STRING_MALFORMED: {
    rule: 'H5',
    section: '2.6.2.6.2',
    severity: 'error',
    summary: 'a string of the parent locator is not well-formed',
    remedy: 'restore',
  },
  VHDX_PARENT_LOCATOR_TRAILING_NUL: {
    rule: 'H5',
    section: '2.6.2.6.2',
    severity: 'warning',
    summary: 'the length of a string of the parent locator includes a trailing NUL',
  },
  VHDX_PARENT_LOCATOR_KEY_DUPLICATE: {
    rule: 'H6',
    section: '2.6.2.6.2',
    severity: 'error',
    summary: 'a key of the parent locator occurs twice',
    remedy: 'restore',
  },
  VHDX_PARENT_LINKAGE_MISSING: {
    rule: 'H7',
    section: '2.6.2.6.3',
    severity: 'error',
    summary: 'the parent locator has no parent_linkage',
    remedy: 'reconnect',
  },
  VHDX_PARENT_LINKAGE_MALFORMED: {
    rule: 'H7',
    section: '2.6.2.6.3',
    severity: 'error',
    summary: 'the parent_linkage is not a GUID in braces',
    remedy: 'reconnect',
  },
  VHDX_PARENT_LINKAGE2_PRESENT: {
    rule: 'H8',
    section: '2.6.2.6.3',
    severity: 'warning',
    summary: 'there is a parent_linkage2: a merge into the parent was interrupted',
    advice: 'Finish the merge; until then either linkage may be that of the parent.',
  },
  VHDX_PARENT_PATH_MISSING: {
    rule: 'H9',
    section: '2.6.2.6.3',
    severity: 'error',
    summary: 'the parent locator has no path',
    remedy: 'reconnect',
  },
  VHDX_PARENT_NOT_FOUND: {
    rule: 'H9',
    section: '2.6.2.6.3',
    severity: 'refuse-write',
    summary: 'no path of the parent locator leads to a file',
    advice: 'Move the parent to where the child looks for it, or name it with --parent.',
    chain: true,
  },
  VHDX_PARENT_PATH_FORM: {
    rule: 'H11',
    section: '2.6.2.6.3',
    severity: 'warning',
    summary: 'an absolute path of the parent locator does not have the form that its key requires',
    remedy: 'reconnect',
  },
  VHDX_PARENT_RELATIVE_PATH_FORM: {
    rule: 'H12',
    section: '2.6.2.6.3',
    severity: 'warning',
    summary: 'the relative path of the parent locator is not a relative Windows path',
    remedy: 'reconnect',
  },
  VHDX_PARENT_LINKAGE_MISMATCH: {
    rule: 'H13',
    covers: ['J4'],
    section: '2.6.2.6.3',
    severity: 'error',
    summary: 'the parent is not the one that the child was created for, or has been written to since',
    advice: 'Find the right parent. Ignoring the mismatch gives wrong data wherever the parent has changed.',
    chain: true,
  },
  VHDX_CHAIN_CYCLE: {
    rule: 'H15',
    section: '2.6.2.6',
    severity: 'error',
    summary: 'the chain of parents leads back to an image that is already in it',
    remedy: 'reconnect',
    chain: true,
  },
  VHDX_CHAIN_TOO_DEEP: {
    rule: 'H15',
    section: '2.6.2.6',
    severity: 'error',
    summary: 'the chain of parents is too long',
    advice: 'Merge some of the disks.',
    chain: true,
  },
} as const;

/** What the documentation adds to PARENT_LOCATOR. */
export const PARENT_LOCATOR_EXPLAINED = {
  VHDX_PARENT_LOCATOR_TOO_SHORT: {
    meaning: 'The item is shorter than the entries that it counts, so the parent cannot be identified.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_LOCATOR_TYPE_UNKNOWN: {
    meaning: 'The specification defines one type, for VHDX parents. The entries of others have an unknown meaning.',
    reportedBy: ['disk', 'format'],
  },
  VHDX_PARENT_LOCATOR_RESERVED_NONZERO: {
    meaning: 'The field Reserved must be zero and is ignored by readers.',
    reportedBy: ['schemas/vhdx_parent_locator'],
  },
  VHDX_PARENT_LOCATOR_ENTRY_INVALID: {
    meaning:
      'Offsets and lengths of keys and values must be greater than zero, and lie inside the item; lengths must be even.',
    reportedBy: ['schemas/vhdx_parent_locator_entry', 'format'],
  },
  VHDX_PARENT_LOCATOR_STRING_MALFORMED: {
    meaning: 'Keys and values are UTF-16LE without NUL.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_LOCATOR_TRAILING_NUL: {
    meaning: 'Strings are stored with their length and without a NUL. The trailing one is ignored.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_LOCATOR_KEY_DUPLICATE: {
    meaning: 'Keys must be unique; with two it is ambiguous which value is meant.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_LINKAGE_MISSING: {
    meaning:
      'parent_linkage is the DataWriteGuid of the parent. Without it a wrong or changed parent cannot be detected.',
    when: { warning: 'parent_linkage is there, but is the zero GUID' },
    reportedBy: ['format'],
  },
  VHDX_PARENT_LINKAGE_MALFORMED: {
    meaning: 'The value is to be compared with the DataWriteGuid of the parent, which is not possible.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_LINKAGE2_PRESENT: {
    meaning: 'While a child is merged into its parent, the locator holds the linkage from before and after the merge.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_PATH_MISSING: {
    meaning: 'At least one of relative_path, volume_path and absolute_win32_path must say where the parent is.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_NOT_FOUND: {
    meaning:
      'The paths of the locator were tried in the order relative, volume, absolute. Only folders that the caller allows are searched.',
    reportedBy: ['disk'],
  },
  VHDX_PARENT_PATH_FORM: {
    meaning: 'volume_path begins with \\\\?\\Volume{GUID}\\, absolute_win32_path with \\\\?\\ or a drive letter.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_RELATIVE_PATH_FORM: {
    meaning: 'relative_path has backslashes, and neither a drive nor a root.',
    reportedBy: ['format'],
  },
  VHDX_PARENT_LINKAGE_MISMATCH: {
    meaning: 'The DataWriteGuid of the parent is neither parent_linkage nor parent_linkage2 of the child.',
    reportedBy: ['check', 'disk'],
  },
  VHDX_CHAIN_CYCLE: { meaning: 'An image cannot be its own ancestor.', reportedBy: ['disk'] },
  VHDX_CHAIN_TOO_DEEP: {
    meaning: 'The number of images in a chain is limited, so that crafted files cannot exhaust the host.',
    reportedBy: ['disk'],
  },
} as const;
