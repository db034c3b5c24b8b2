/** Whom a rule binds that no file at rest can break. */
export type Bound =
  /** What writes to a file: the finished file does not show how it came about. */
  | 'writer'
  /** What reads a file: it says how a file is to be understood, not what must be in it. */
  | 'reader'
  /** What decides about files: who may open or write which. */
  | 'policy';

/** Why a rule is not reported by a check. */
export interface UnreportedRule {
  /** Whom the rule binds. */
  readonly bound: Bound;
  /** Why no finding reports it. */
  readonly reason: string;
}

/** Every rule that a check cannot find broken in a file, or a chain of files, as it is; all others have a code. */
export const UNREPORTED_RULES: Readonly<Record<string, UnreportedRule>> = {
  A5: { bound: 'writer', reason: 'The first 64 KiB never change; a single file shows no change.' },
  B5: { bound: 'reader', reason: 'Which header counts: the check takes all fields from the current one alone.' },
  B21: { bound: 'writer', reason: 'FileWriteGuid changes before the first modification of a session.' },
  B22: {
    bound: 'writer',
    reason: 'DataWriteGuid changes with what a user of the disk can see, and with nothing else.',
  },
  B23: {
    bound: 'writer',
    reason: 'LogGuid changes before log space is overwritten, the headers before anything else.',
  },
  B24: { bound: 'writer', reason: 'The noncurrent header is the one that is overwritten, then flushed.' },
  C16: { bound: 'writer', reason: 'Unknown optional regions are kept; the check counts their space as used.' },
  C18: { bound: 'writer', reason: 'Region tables are changed through the log.' },
  D1: { bound: 'reader', reason: 'With a LogGuid of zero there is nothing to replay, whatever is in the log.' },
  D9: { bound: 'reader', reason: 'An entry without descriptors is valid.' },
  E1: { bound: 'reader', reason: 'What makes entries a sequence; a gap ends one, and is no fault by itself.' },
  E3: {
    bound: 'reader',
    reason: 'The search for the active sequence begins at every 4 KiB and finds those that wrap.',
  },
  E4: { bound: 'reader', reason: 'Of several sequences the one with the greatest number at its head is active.' },
  E5: { bound: 'reader', reason: 'The search ends on a ring that is exactly full.' },
  E8: { bound: 'reader', reason: 'The replay begins at the tail that the head names.' },
  E9: { bound: 'reader', reason: 'Entries are replayed in order; the file grows for targets past its end.' },
  E10: { bound: 'reader', reason: 'After the replay the file has at least LastFileOffset bytes.' },
  E11: { bound: 'reader', reason: 'Only headers and log are read before the replay.' },
  E13: { bound: 'writer', reason: 'A replay that was interrupted can be repeated.' },
  E14: { bound: 'writer', reason: 'A replay ends with a header update that clears LogGuid.' },
  E15: { bound: 'writer', reason: 'A replay leaves DataWriteGuid as it is.' },
  E16: {
    bound: 'reader',
    reason: 'The check judges everything behind the log as it is after the replay, and says so.',
  },
  E17: {
    bound: 'writer',
    reason: 'Entries are flushed before writes in place, and those before the tail passes them.',
  },
  E18: { bound: 'writer', reason: 'Log space is used again outside of the active sequence only.' },
  E19: {
    bound: 'writer',
    reason: 'FlushedFileOffset is stable when it is logged; a target size is logged before a file shrinks.',
  },
  E20: {
    bound: 'writer',
    reason: 'A clean close clears LogGuid; a file where that was left out has a pending log (E12).',
  },
  F13: { bound: 'reader', reason: 'Unknown items that are not required are accepted and kept.' },
  F20: { bound: 'writer', reason: 'A fork copies the items with IsVirtualDisk, a merge replaces them.' },
  H10: { bound: 'reader', reason: 'Paths to the parent are tried in the order relative, volume, absolute.' },
  H14: { bound: 'writer', reason: 'Paths that no longer lead to the parent are updated after it was found.' },
  H16: { bound: 'policy', reason: 'Which paths may be followed is decided by the resolver that the caller gives.' },
  H17: { bound: 'policy', reason: 'A file that children refer to is not written; it does not know of them.' },
  I2: { bound: 'reader', reason: 'How entries of blocks and sector bitmaps are interleaved, in files of every kind.' },
  I14: { bound: 'reader', reason: 'What a block in state NOT_PRESENT reads as.' },
  I15: { bound: 'reader', reason: 'Blocks in states UNDEFINED, ZERO and UNMAPPED do not fall through to the parent.' },
  I16: { bound: 'reader', reason: 'The sector bitmap is not looked at for a fully present block.' },
  J6: {
    bound: 'policy',
    reason:
      'Two files with one virtual disk ID must not be attached to one host at once. That they lie in one folder is no fault: a child has the ID of its parent, a backup that of the original.',
  },
};
