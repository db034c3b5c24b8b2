/** Why an image cannot be changed as requested. Not faults of an image. */
export const CHANGING = {
  VHDX_PLAN_STALE: { section: '2.2.2', summary: 'the image has changed since the plan was made' },
} as const;

/** What the documentation adds to CHANGING. */
export const CHANGING_EXPLAINED = {
  VHDX_PLAN_STALE: {
    meaning:
      'A plan is carried out only on the file that it was made for, in the same state: its length, its headers and the identifiers in them are compared first.',
    advice: 'Make the plan again and apply that one.',
    lookedAt: ['change'],
  },
} as const;
