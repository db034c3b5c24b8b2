/** What a group of codes is about. */
export interface GroupFacts {
  /** What its rules begin with; left out for faults that are not in an image. */
  readonly letter?: string;
  /**
   * What its codes keep from being read: `headers` and with them all the rest, the `log` and all that follows its replay,
   * or only a part of the `contents`.
   */
  readonly decides?: 'headers' | 'log' | 'contents';
}

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
export type CodeGroup = RuleGroup | 'hyperv' | 'azure' | 'wsl' | 'sources' | 'targets' | 'writing' | 'creation';

/** Every group, in the order of the documentation. */
export const GROUPS: Readonly<Record<CodeGroup, GroupFacts>> = {
  file: { letter: 'A', decides: 'headers' },
  headers: { letter: 'B', decides: 'headers' },
  'region-tables': { letter: 'C', decides: 'contents' },
  'log-entries': { letter: 'D', decides: 'log' },
  'log-sequence': { letter: 'E', decides: 'log' },
  'metadata-table': { letter: 'F', decides: 'contents' },
  'metadata-items': { letter: 'G', decides: 'contents' },
  'parent-locator': { letter: 'H', decides: 'contents' },
  bat: { letter: 'I', decides: 'contents' },
  'whole-file': { letter: 'J', decides: 'contents' },
  hyperv: { letter: 'HV' },
  azure: { letter: 'AZ' },
  wsl: { letter: 'WSL' },
  sources: {},
  targets: {},
  writing: {},
  creation: {},
};

/** The groups in words. */
export const GROUP_TITLES: Readonly<Record<CodeGroup, string>> = {
  file: 'File and file type identifier',
  headers: 'Headers',
  'region-tables': 'Region tables',
  'log-entries': 'Log entries',
  'log-sequence': 'Log sequence and replay',
  'metadata-table': 'Metadata table',
  'metadata-items': 'Metadata items',
  'parent-locator': 'Parent locator and chain',
  bat: 'BAT and sector bitmaps',
  'whole-file': 'Whole file and chain',
  hyperv: 'Profile hyperv',
  azure: 'Profile azure',
  wsl: 'Profile wsl',
  sources: 'Reading a file',
  targets: 'Writing a file',
  writing: 'Writing a disk',
  creation: 'Creating an image',
};
