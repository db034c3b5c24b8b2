/** Rules D: log entries and their descriptors. */
import { VhdxLogEntryHeader } from '../../../../generated/index.js';
import { type FieldId, spanOf } from '../../../../runtime/errors/field-location.js';
import { IDS, type ImageSpec, KIB, MIB, TestImage } from '../../../support/image-builder.js';
import type { LoggedWrite, LogEntrySpec } from '../../../support/log-entries.js';
import { BAT, bytes, DATA, LOG, type MatrixCase, type NearMiss, OTHER, TABLE_1 } from './case.js';

const SECTOR = 4096;

export const PENDING: ImageSpec = { logGuid: IDS.log, allocate: [0] };

/** What stands at a place of the image now: writing it changes nothing. */
export function asItIs(fileOffset: number): LoggedWrite {
  return { kind: 'data', fileOffset, bytes: new TestImage(PENDING).source.bytes(fileOffset, SECTOR) };
}

const WRITE = asItIs(BAT);

/** One entry at the start of the log. */
export function logged(entry: Partial<LogEntrySpec> = {}, start = 0) {
  return (image: TestImage): void => void image.addLogEntry(start, { sequenceNumber: 5n, writes: [WRITE], ...entry });
}

/** Overwrites a field of the entry's header. */
function set(id: FieldId<typeof VhdxLogEntryHeader.LAYOUT>, value: number | bigint) {
  return (entry: Uint8Array): void => {
    const { offset, size } = spanOf(VhdxLogEntryHeader.LAYOUT, id);
    const view = new DataView(entry.buffer, entry.byteOffset + offset);
    if (size === 8) view.setBigUint64(0, BigInt(value), true);
    else view.setUint32(0, Number(value), true);
  };
}

const PENDING_ONLY = ['E12 refuse-write'];

/** The entry is not valid, so there is nothing that could be replayed. */
function invalid(
  rule: string,
  what: string,
  entry: Partial<LogEntrySpec>,
  [offset, length, section]: readonly [number, number, string],
  near?: Omit<NearMiss, 'spec'>,
): MatrixCase {
  const made: MatrixCase = {
    rule,
    what,
    spec: PENDING,
    damage: logged(entry),
    severity: 'error',
    section,
    within: bytes(LOG + offset, length),
    implies: ['E6 error'],
  };
  return near === undefined ? made : { ...made, near: { spec: PENDING, finds: PENDING_ONLY, ...near } };
}

/** The entry is valid, but something is to be said of it. */
function remark(
  rule: string,
  what: string,
  entry: Partial<LogEntrySpec>,
  { severity, section, at }: Pick<MatrixCase, 'severity' | 'section'> & { at: readonly [number, number] },
  near: Omit<NearMiss, 'spec'>,
): MatrixCase {
  const within = bytes(LOG + at[0], at[1]);
  const common = { rule, what, spec: PENDING, damage: logged(entry), severity, section, within };
  return { ...common, implies: PENDING_ONLY, near: { spec: PENDING, finds: PENDING_ONLY, ...near } };
}

/** The entry must not be replayed. */
function hostile(
  rule: string,
  what: string,
  write: LoggedWrite,
  section: string,
  near?: Omit<NearMiss, 'spec'>,
): MatrixCase {
  const made: MatrixCase = {
    rule,
    what,
    spec: PENDING,
    damage: logged({ writes: [write] }),
    severity: 'error',
    section,
    within: bytes(LOG + 64, 32),
  };
  return near === undefined ? made : { ...made, near: { spec: PENDING, finds: PENDING_ONLY, ...near } };
}

/** Data descriptors that fill the ring exactly: two sectors of descriptors and 254 data sectors. */
const RING_FULL: readonly LoggedWrite[] = Array.from({ length: 254 }, (_, index) => asItIs(BAT + index * SECTOR));

/** Zero descriptors for the unused end of the BAT region. */
function zeros(count: number): LoggedWrite[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'zero',
    fileOffset: BAT + (64 + index) * SECTOR,
    length: SECTOR,
  }));
}

const VALID: Omit<NearMiss, 'spec'> = { what: 'the entry as it was', damage: logged() };

export const LOG_ENTRY_CASES: readonly MatrixCase[] = [
  invalid('D2', 'signature', { damage: (entry) => (entry[3] = 0) }, [0, 4, '2.3.1.1'], VALID),
  invalid('D3', 'length of half a sector more', { damage: set('entry_length', 2 * SECTOR + 2048) }, [8, 4, '2.3.1.1'], {
    what: 'an entry that fills the log exactly',
    damage: logged({ writes: RING_FULL }),
  }),
  invalid('D3', 'length of 0', { damage: set('entry_length', 0) }, [8, 4, '2.3.1.1']),
  invalid('D3', 'length of the log and a sector', { damage: set('entry_length', MIB + SECTOR) }, [8, 4, '2.3.1.1']),
  invalid('D4', 'checksum', { breakChecksum: true }, [4, 4, '2.3.1.1'], {
    what: 'an entry that wraps',
    damage: logged({ tail: MIB - SECTOR }, MIB - SECTOR),
  }),
  {
    rule: 'D5',
    what: 'LogGuid of another session, and nothing else',
    spec: PENDING,
    damage: logged({ guid: OTHER }),
    severity: 'info',
    section: '2.3.1.1',
    within: bytes(LOG + 32, 16),
    implies: ['E6 error'],
    near: {
      what: 'an entry of another session behind a valid one',
      spec: PENDING,
      damage: (image) => [logged()(image), logged({ guid: OTHER }, 64 * KIB)(image)],
      finds: PENDING_ONLY,
    },
  },
  invalid('D6', 'sequence number 0', { sequenceNumber: 0n, writes: [] }, [16, 8, '2.3.1.1'], {
    what: 'sequence number 1',
    damage: logged({ sequenceNumber: 1n }),
  }),
  invalid('D7', 'tail between sectors', { tail: 2048 }, [12, 4, '2.3.1.1'], {
    what: 'tail in the last sector of the log',
    damage: (image) => {
      logged({ writes: [] }, MIB - SECTOR)(image);
      logged({ sequenceNumber: 6n, tail: MIB - SECTOR })(image);
    },
  }),
  invalid('D7', 'tail behind the log', { tail: MIB }, [12, 4, '2.3.1.1']),
  invalid(
    'D8',
    'more descriptors than there is room for',
    { damage: set('descriptor_count', 127 + 128) },
    [24, 4, '2.3.1'],
    {
      what: '126 descriptors, which fill the first sector',
      damage: logged({ writes: zeros(126) }),
    },
  ),
  invalid('D8', 'one more descriptor than there is', { damage: set('descriptor_count', 2) }, [24, 4, '2.3.1']),
  remark(
    'D10',
    'reserved field',
    { damage: set('reserved', 1) },
    { severity: 'warning', section: '2.3.1.1', at: [28, 4] },
    { what: 'no descriptors, as Hyper-V leaves them (D9)', damage: logged({ writes: [] }) },
  ),
  remark(
    'D11',
    'FlushedFileOffset one sector past its MiB',
    { flushedFileOffset: 4 * MIB + SECTOR, lastFileOffset: 4 * MIB },
    { severity: 'warning', section: '2.3.1.1', at: [48, 8] },
    { what: 'both a MiB less than the file', damage: logged({ flushedFileOffset: 4 * MIB, lastFileOffset: 4 * MIB }) },
  ),
  remark(
    'D11',
    'LastFileOffset one sector past its MiB',
    { lastFileOffset: 4 * MIB + SECTOR },
    { severity: 'warning', section: '2.3.1.1', at: [56, 8] },
    VALID,
  ),
  remark(
    'D12',
    'LastFileOffset greater than FlushedFileOffset',
    { flushedFileOffset: 4 * MIB },
    { severity: 'info', section: '2.3.1.1', at: [56, 8] },
    { what: 'both equal', damage: logged() },
  ),
  invalid('D13', 'signature of a descriptor', { damage: (entry) => (entry[64] = 0) }, [64, 4, '2.3.1'], VALID),
  invalid('D13', 'sequence number of a descriptor', { damage: (entry) => (entry[64 + 24] = 6) }, [64, 32, '2.3.1']),
  invalid('D14', 'target between sectors', { writes: [{ ...WRITE, fileOffset: BAT + 512 }] }, [64 + 16, 8, '2.3.1.3'], {
    what: 'target in the last sector of the BAT region',
    damage: logged({ writes: [asItIs(3 * MIB - SECTOR)] }),
  }),
  invalid(
    'D15',
    'length between sectors',
    { writes: [{ kind: 'zero', fileOffset: BAT + 64 * KIB, length: 512 }] },
    [64 + 8, 8, '2.3.1.2'],
    {
      what: 'length of no sector, which writes nothing anywhere',
      damage: logged({ writes: [{ kind: 'zero', fileOffset: 0, length: 0 }] }),
    },
  ),
  remark(
    'D15',
    'reserved field of a zero descriptor',
    { writes: zeros(1), damage: (entry) => (entry[68] = 1) },
    { severity: 'warning', section: '2.3.1.2', at: [68, 4] },
    {
      what: 'the same bytes of a data descriptor, which are contents',
      damage: logged({ writes: [asItIs(BAT + 64 * KIB)], damage: (entry) => (entry[68] = 1) }),
      finds: ['E12 refuse-write', 'I3 info'],
    },
  ),
  invalid('D16', 'signature of a data sector', { damage: (entry) => (entry[SECTOR] = 0) }, [SECTOR, 4, '2.3.1.4'], {
    what: 'a sequence number of more than 32 bits',
    damage: logged({ sequenceNumber: 2n ** 40n + 5n }),
  }),
  invalid('D16', 'upper half of its number', { damage: (entry) => (entry[SECTOR + 4] = 1) }, [
    SECTOR,
    SECTOR,
    '2.3.1.4',
  ]),
  invalid('D16', 'lower half of its number', { damage: (entry) => (entry[2 * SECTOR - 4] = 6) }, [
    SECTOR,
    SECTOR,
    '2.3.1.4',
  ]),
  invalid('D17', 'a data sector without a descriptor', { damage: set('descriptor_count', 0) }, [8, 4, '2.3.1'], VALID),
  hostile(
    'D18',
    'target in the current header',
    { kind: 'data', fileOffset: 128 * KIB, bytes: new Uint8Array(SECTOR) },
    '2.2.2',
    {
      what: 'target in the first region table',
      damage: logged({ writes: [asItIs(TABLE_1)] }),
    },
  ),
  hostile('D18', 'target in the identifier', { kind: 'zero', fileOffset: 0, length: SECTOR }, '2.2.2'),
  hostile(
    'D18',
    'target that ends in the first region table',
    { kind: 'zero', fileOffset: TABLE_1 - SECTOR, length: 2 * SECTOR },
    '2.2.2',
  ),
  hostile(
    'D19',
    'target in the last sector of the log',
    { kind: 'zero', fileOffset: BAT - SECTOR, length: SECTOR },
    '2.3',
    {
      what: 'target in the sector behind the log',
      damage: logged({ writes: [asItIs(BAT)] }),
    },
  ),
  hostile('D19', 'zeros that run into the log', { kind: 'zero', fileOffset: MIB - SECTOR, length: 2 * SECTOR }, '2.3'),
  {
    rule: 'D20',
    what: 'target in a payload block',
    spec: PENDING,
    damage: logged({ writes: [{ kind: 'zero', fileOffset: DATA, length: SECTOR }] }),
    severity: 'warning',
    section: '2.3',
    within: bytes(LOG + 64, 32),
    implies: PENDING_ONLY,
    near: {
      what: 'target in space that no block has',
      spec: { logGuid: IDS.log },
      damage: (image) => {
        image.append(MIB);
        logged({ writes: [{ kind: 'zero', fileOffset: DATA, length: SECTOR }] })(image);
      },
      finds: ['A7 info', 'E12 refuse-write'],
    },
  },
  hostile('D21', 'target a MiB past the end', { kind: 'zero', fileOffset: 6 * MIB - SECTOR, length: SECTOR }, '2.3.3', {
    what: 'target that ends at LastFileOffset, past the end of the file',
    damage: logged({
      writes: [{ kind: 'zero', fileOffset: 6 * MIB - SECTOR, length: SECTOR }],
      lastFileOffset: 6 * MIB,
    }),
    finds: ['A7 info', 'D12 info', 'E12 refuse-write'],
  }),
  hostile('D21', 'zeros of a terabyte', { kind: 'zero', fileOffset: BAT, length: 2 ** 40 }, '2.3.3'),
  hostile(
    'D21',
    'target whose end is past 2^64',
    { kind: 'zero', fileOffset: BAT, length: 2n ** 64n - 4096n },
    '2.3.3',
  ),
  {
    rule: 'D21',
    what: 'LastFileOffset of a petabyte',
    spec: PENDING,
    damage: logged({ lastFileOffset: 2 ** 50 }),
    severity: 'error',
    section: '2.3.3',
    within: bytes(LOG, 64),
    implies: ['D12 info'],
  },
  remark(
    'D22',
    'a sector twice in one entry',
    { writes: [WRITE, WRITE] },
    { severity: 'info', section: '2.3.3', at: [64 + 32, 32] },
    { what: 'two sectors side by side', damage: logged({ writes: [WRITE, asItIs(BAT + SECTOR)] }) },
  ),
  {
    rule: 'D23',
    what: 'an entry that does not begin at a sector',
    spec: PENDING,
    damage: logged({}, 512),
    severity: 'info',
    section: '2.3.1',
    within: bytes(LOG + 512, 64),
    implies: ['E6 error'],
    near: { what: 'an entry in the second sector', spec: PENDING, damage: logged({}, SECTOR), finds: PENDING_ONLY },
  },
];
