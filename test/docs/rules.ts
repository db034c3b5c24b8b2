/** Rules that no finding stands for: whom they bind, and what they say. */
export interface OtherRule {
  readonly rule: string;
  readonly binds: 'writer' | 'reader' | 'host';
  readonly section: string;
  readonly text: string;
}

const ROWS: readonly (readonly [string, OtherRule['binds'], string, string])[] = [
  ['A5', 'writer', '2.2.1', 'Bytes 0 to 65535 are never written after the creation of the file.'],
  [
    'B21',
    'writer',
    '2.2.2',
    'A new FileWriteGuid before the first modification of a session, a replay of the log included.',
  ],
  [
    'B22',
    'writer',
    '2.2.2',
    'A new DataWriteGuid before the first change that a user of the disk can see, and for nothing else.',
  ],
  ['B23', 'writer', '2.2.2', 'A new LogGuid before the log is written, and the headers updated before anything else.'],
  [
    'B24',
    'writer',
    '2.2.2.1',
    'An update goes to the noncurrent header and is flushed; then the other one is updated.',
  ],
  ['C16', 'writer', '2.2', 'The extent of an unknown optional region stays reserved and untouched.'],
  ['C18', 'writer', '2.2.3', 'Changes of the region tables go through the log, both copies.'],
  ['E13', 'writer', '2.3.3', 'A replay that is interrupted and done again gives the same file.'],
  ['E14', 'writer', '2.2.2', 'After a replay LogGuid becomes zero or another one, and the headers are flushed.'],
  ['E15', 'writer', '2.2.2', 'A replay keeps the DataWriteGuid.'],
  [
    'E17',
    'writer',
    '2.3',
    'A log entry is flushed before its targets are written, and these before the tail passes it.',
  ],
  ['E18', 'writer', '2.3.1', 'Room in the log is used again only outside of the active sequence.'],
  ['E19', 'writer', '2.3.1.1', 'Before the file is made shorter, an entry with the new size is written and flushed.'],
  ['F20', 'writer', '2.6.1.2', 'Fork copies the items of the virtual disk, a merge replaces them.'],
  ['H14', 'writer', '2.6.2.6.3', 'Paths of the parent locator that lead nowhere are brought up to date.'],
  ['H17', 'writer', '2.6.2.6.3', 'A file that a child refers to is not written.'],
  [
    'B5',
    'reader',
    '2.2.2',
    'The current header is the valid one with the greater sequence number; only its fields count.',
  ],
  ['D1', 'reader', '2.2.2', 'With a LogGuid of zero nothing is replayed, whatever the log contains.'],
  ['D9', 'reader', '2.3.1.1', 'A log entry may have no descriptors.'],
  ['E1', 'reader', '2.3.2', 'Each entry of a sequence has the sequence number of the one before it plus one.'],
  ['E3', 'reader', '2.3.3', 'A sequence may begin at any 4 KiB of the log and go on at its start.'],
  ['E4', 'reader', '2.3.3', 'The active sequence is the one whose head has the greatest sequence number.'],
  ['E5', 'reader', '2.3.3', 'A sequence that fills the log exactly is found, and the search ends.'],
  ['E8', 'reader', '2.3.3', 'Replay begins at the entry that the tail of the head points to.'],
  ['E9', 'reader', '2.3.3', 'Replay goes in order, past the end of the file too.'],
  ['E10', 'reader', '2.3.3', 'After the replay the file has at least LastFileOffset bytes.'],
  ['E11', 'reader', '2.3.3', 'Before the replay nothing but the headers and the log is read.'],
  ['E16', 'reader', '2.3.3', 'What follows the log is judged on the replayed view, and the report says so.'],
  [
    'E20',
    'reader',
    '2.2.2',
    'After a clean close LogGuid is zero, so that entries that are left over have no meaning.',
  ],
  ['F13', 'reader', '2.6.1.2', 'An unknown item that is not required is no hindrance.'],
  ['H10', 'reader', '2.6.2.6.3', 'Paths to the parent are tried in the order relative, volume, absolute.'],
  ['I2', 'reader', '2.5', 'The entry of payload block b is b + floor(b / chunk ratio), in disks of every kind.'],
  ['I14', 'reader', '2.5.1.1', 'A block that is NOT_PRESENT reads as zeros, or as the parent in a differencing disk.'],
  [
    'I15',
    'reader',
    '2.5.1.1',
    'UNDEFINED, ZERO and UNMAPPED blocks of a differencing disk read as zeros, not as the parent.',
  ],
  ['I16', 'reader', '2.5.1.1', 'For a FULLY_PRESENT block the sector bitmap is not consulted.'],
  ['H16', 'host', '', 'Paths to parents are anybody’s input: only a resolver of the caller follows them.'],
  [
    'J6',
    'host',
    '',
    'Two disks with the same VirtualDiskId on one Windows host: a matter of the host, not of an image.',
  ],
];

export const OTHER_RULES: readonly OtherRule[] = ROWS.map(([rule, binds, section, text]) => ({
  rule,
  binds,
  section,
  text,
}));

/** How many rules each group of the conformance table has. */
export const RULE_COUNTS: Readonly<Record<string, number>> = {
  A: 9,
  B: 24,
  C: 19,
  D: 23,
  E: 20,
  F: 20,
  G: 17,
  H: 17,
  I: 25,
  J: 7,
};
