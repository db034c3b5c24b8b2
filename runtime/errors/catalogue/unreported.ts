/** Subject of a rule that no file at rest can break. */
export type Bound =
  /** Programs that write a file: the finished file does not show how it was written. */
  | 'writer'
  /** Programs that read a file: it defines how a file is read, not what must be in it. */
  | 'reader'
  /** Whoever decides which files may be opened or written. */
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
  A5: {
    bound: 'writer',
    reason: 'The first 64 KiB never change after creation; a single file does not show a change.',
  },
  B5: {
    bound: 'reader',
    reason: 'All fields are taken from the current header only, the valid one with the greater sequence number.',
  },
  B21: { bound: 'writer', reason: 'FileWriteGuid changes before the first modification of a session.' },
  B22: {
    bound: 'writer',
    reason: 'DataWriteGuid changes before a change that a user of the disk can see, and for nothing else.',
  },
  B23: {
    bound: 'writer',
    reason: 'LogGuid changes before log space is overwritten, and the headers are updated before anything else.',
  },
  B24: { bound: 'writer', reason: 'The noncurrent header is overwritten and flushed, never the current one.' },
  C16: { bound: 'writer', reason: 'Unknown optional regions are preserved; the check counts their space as used.' },
  C18: { bound: 'writer', reason: 'Region tables are changed through the log.' },
  D1: { bound: 'reader', reason: 'With a zero LogGuid the log is not replayed, whatever it contains.' },
  D9: { bound: 'reader', reason: 'An entry without descriptors is valid.' },
  E1: {
    bound: 'reader',
    reason:
      'Entries form a sequence if their sequence numbers are consecutive; a gap ends a sequence and is not a fault.',
  },
  E3: {
    bound: 'reader',
    reason: 'The search for the active sequence begins at every 4 KiB and includes sequences that wrap around.',
  },
  E4: {
    bound: 'reader',
    reason: 'Of several sequences the one whose head has the greatest sequence number is active.',
  },
  E5: { bound: 'reader', reason: 'The search ends also if a sequence fills the log exactly.' },
  E8: { bound: 'reader', reason: 'The replay begins at the tail that the head entry names.' },
  E9: { bound: 'reader', reason: 'Entries are replayed in order; the file grows for targets past its end.' },
  E10: { bound: 'reader', reason: 'After the replay the file has at least LastFileOffset bytes.' },
  E11: { bound: 'reader', reason: 'Only headers and log are read before the replay.' },
  E13: { bound: 'writer', reason: 'A replay that was interrupted can be repeated.' },
  E14: { bound: 'writer', reason: 'A replay ends with a header update that clears LogGuid.' },
  E15: { bound: 'writer', reason: 'A replay leaves DataWriteGuid as it is.' },
  E16: {
    bound: 'reader',
    reason: 'The check judges everything after the log as it is after the replay, and says so.',
  },
  E17: {
    bound: 'writer',
    reason:
      'A log entry is flushed before its changes are written in place, and those are flushed before the tail moves past it.',
  },
  E18: { bound: 'writer', reason: 'Log space is reused only outside the active sequence.' },
  E19: {
    bound: 'writer',
    reason: 'FlushedFileOffset is stable when it is logged; a target size is logged before a file shrinks.',
  },
  E20: {
    bound: 'writer',
    reason: 'Closing the file clears LogGuid; otherwise the log is pending (E12).',
  },
  F13: { bound: 'reader', reason: 'Unknown items that are not required are accepted and kept.' },
  F20: { bound: 'writer', reason: 'A fork copies the items with IsVirtualDisk, a merge replaces them.' },
  H10: { bound: 'reader', reason: 'Paths to the parent are tried in the order relative, volume, absolute.' },
  H14: { bound: 'writer', reason: 'Paths that no longer lead to the parent are updated after it has been found.' },
  H16: { bound: 'policy', reason: 'The resolver that the caller passes decides which paths may be followed.' },
  H17: { bound: 'policy', reason: 'A file that children refer to must not be written; it does not record them.' },
  I2: {
    bound: 'reader',
    reason: 'Entries of payload blocks and sector bitmap blocks are interleaved, in every type of disk.',
  },
  I14: { bound: 'reader', reason: 'A block in state NOT_PRESENT reads from the parent, or as zeros.' },
  I15: { bound: 'reader', reason: 'Blocks in states UNDEFINED, ZERO and UNMAPPED are not read from the parent.' },
  I16: { bound: 'reader', reason: 'The sector bitmap is not used for a fully present block.' },
  J6: {
    bound: 'policy',
    reason:
      'Two files with the same virtual disk ID must not be attached to a host at once. Storing them in one folder is not a fault: a child has the ID of its parent, and a backup that of the original.',
  },
};
