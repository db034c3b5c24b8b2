/** Remedies that several codes share. */
export const REMEDIES = {
  restore: 'Restore the file from a backup.',
  'repair-copy':
    'Run vhdx check --repair before anything else writes to the file: it restores the damaged copy from the valid one.',
  rewrite: 'No action is needed: most readers ignore it. A tool that rewrites the structure clears it.',
  hostile: 'Do not replay this log. Restore the file from a backup, and find out which program wrote it.',
  copy: 'Copy the virtual disk into a new image with vhdx convert, or restore the file from a backup.',
  salvage: 'Recover what can be read with vhdx convert --salvage, or restore the file from a backup.',
  reconnect: 'Reconnect the disk to its parent.',
} as const;
export type RemedyName = keyof typeof REMEDIES;
