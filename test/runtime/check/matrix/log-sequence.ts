/** Rules E: the sequence of log entries and its replay. */
import { IDS, MIB } from '../../../support/image-builder.js';
import { bytes, LOG, type MatrixCase } from './case.js';
import { asItIs, logged, PENDING } from './log-entries.js';

const PENDING_ONLY = ['E12 refuse-write'];

export const LOG_SEQUENCE_CASES: readonly MatrixCase[] = [
  {
    rule: 'E2',
    reportedAs: 'E6',
    what: 'a head whose tail lies behind it',
    spec: PENDING,
    damage: logged({ tail: 64 * 1024 }),
    severity: 'error',
    section: '2.3.3',
    within: bytes(LOG, MIB),
    near: {
      what: 'a head whose tail is the entry before it',
      spec: PENDING,
      damage: (image) => {
        logged()(image);
        logged({ sequenceNumber: 6n, tail: 0 }, 8192)(image);
      },
      finds: PENDING_ONLY,
    },
  },
  {
    rule: 'E2',
    reportedAs: 'E6',
    what: 'a head whose tail is an entry of another sequence',
    spec: PENDING,
    damage: (image) => {
      logged({ sequenceNumber: 3n, tail: 64 * 1024 })(image);
      logged({ sequenceNumber: 6n, tail: 0 }, 8192)(image);
    },
    severity: 'error',
    section: '2.3.3',
    within: bytes(LOG, MIB),
  },
  {
    rule: 'E6',
    what: 'a LogGuid and an empty log',
    spec: PENDING,
    severity: 'error',
    section: '2.3.3',
    within: bytes(LOG, MIB),
    near: { what: 'an entry without descriptors', spec: PENDING, damage: logged({ writes: [] }), finds: PENDING_ONLY },
  },
  {
    rule: 'E7',
    what: 'a file one MiB shorter than it was',
    spec: PENDING,
    damage: logged({ flushedFileOffset: 6 * MIB }),
    severity: 'error',
    section: '2.3.3',
    within: [5 * MIB, 5 * MIB + 1],
    // The sequence is there and valid; it is the file that is not.
    implies: PENDING_ONLY,
    near: {
      what: 'a file just as long as it was',
      spec: PENDING,
      damage: logged({ flushedFileOffset: 5 * MIB }),
      finds: PENDING_ONLY,
    },
  },
  {
    rule: 'E12',
    what: 'a LogGuid and a valid entry',
    spec: PENDING,
    damage: logged(),
    severity: 'refuse-write',
    section: '2.3.3',
    within: bytes(LOG, 8192),
    near: { what: 'the entry without a LogGuid (D1)', spec: { allocate: [0] }, damage: logged({ guid: IDS.log }) },
  },
  {
    rule: 'E12',
    what: 'entries that wrap, the oldest of which is the last in the log (E3)',
    spec: PENDING,
    damage: (image) => {
      logged({ tail: MIB - 8192, writes: [asItIs(2 * MIB)] }, MIB - 8192)(image);
      logged({ sequenceNumber: 6n, tail: MIB - 8192, writes: [] })(image);
    },
    severity: 'refuse-write',
    section: '2.3.3',
    within: [LOG + MIB - 8192, LOG + MIB],
  },
];
