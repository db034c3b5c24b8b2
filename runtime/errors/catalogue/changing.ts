/** Why an image cannot be changed as requested. Not faults of an image. */
export const CHANGING = {
  VHDX_PLAN_STALE: { section: '2.2.2', summary: 'the image has changed since the plan was made' },
  VHDX_COMPACT_NO_PARENT: { section: '2.6.2.2', summary: 'the disk has no parent to compare its blocks with' },
} as const;

/** What the documentation adds to CHANGING. */
export const CHANGING_EXPLAINED = {
  VHDX_PLAN_STALE: {
    meaning:
      'A plan is carried out only on the file that it was made for, in the same state: its length, its headers and the identifiers in them are compared first.',
    advice: 'Make the plan again and apply that one.',
    lookedAt: ['change'],
  },
  VHDX_COMPACT_NO_PARENT: {
    meaning: 'Blocks that equal those of a parent can be given up only in a differencing disk.',
    advice: 'Compact the disk without --against-parent.',
    lookedAt: ['change'],
  },
} as const;
