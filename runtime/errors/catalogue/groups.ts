/** The groups of the rules of [MS-VHDX], in the order in which their structures are read. */
export const RULE_GROUPS = [
  'file',
  'headers',
  'region-tables',
  'log-entries',
  'log-sequence',
  'metadata-table',
  'metadata-items',
  'parent-locator',
  'bat',
  'whole-file',
] as const;
/** Subject of a rule of [MS-VHDX]: `headers` are the rules B1, B2 …, `bat` the rules I1, I2 … */
export type RuleGroup = (typeof RULE_GROUPS)[number];

/** The group of a code: that of its rule, the host that refuses an image, or what could not be done. */
export type CodeGroup =
  | RuleGroup
  | 'hyperv'
  | 'azure'
  | 'wsl'
  | 'sources'
  | 'targets'
  | 'writing'
  | 'creation'
  | 'changing';

/**
 * What a fault of a group keeps from being read: `headers`, and with them all the rest; the `log`, and all that follows its
 * replay. Of the groups that are left out it is only a part of the contents.
 */
export const DECISIVE_GROUPS: Readonly<Partial<Record<CodeGroup, 'headers' | 'log'>>> = {
  file: 'headers',
  headers: 'headers',
  'log-entries': 'log',
  'log-sequence': 'log',
};

/** What the documentation says of a group. */
export interface GroupText {
  /** Title of the group: `Headers`. */
  readonly title: string;
  /** What its rules begin with; left out for faults that are not in an image. */
  readonly letters?: string;
}

/** The groups in words, in the order of the documentation. */
export const GROUP_TEXTS: Readonly<Record<CodeGroup, GroupText>> = {
  file: { title: 'File and file type identifier', letters: 'A' },
  headers: { title: 'Headers', letters: 'B' },
  'region-tables': { title: 'Region tables', letters: 'C' },
  'log-entries': { title: 'Log entries', letters: 'D' },
  'log-sequence': { title: 'Log sequence and replay', letters: 'E' },
  'metadata-table': { title: 'Metadata table', letters: 'F' },
  'metadata-items': { title: 'Metadata items', letters: 'G' },
  'parent-locator': { title: 'Parent locator and chain', letters: 'H' },
  bat: { title: 'BAT and sector bitmaps', letters: 'I' },
  'whole-file': { title: 'Whole file and chain', letters: 'J' },
  hyperv: { title: 'Profile hyperv', letters: 'HV' },
  azure: { title: 'Profile azure', letters: 'AZ' },
  wsl: { title: 'Profile wsl', letters: 'WSL' },
  sources: { title: 'Reading a file' },
  targets: { title: 'Writing a file' },
  writing: { title: 'Writing a disk' },
  creation: { title: 'Creating an image' },
  changing: { title: 'Changing an image' },
};
