/** Rules B: the headers. */
import { VhdxGuid, type VhdxHeader } from '../../../../generated/index.js';
import { GUIDS, parseGuid } from '../../../../runtime/base/guid.js';
import { GIB, IDS, KIB, MIB, type TestImage } from '../../../support/image-builder.js';
import { bytes, DATA, entry, HEADER_1, HEADER_2, type MatrixCase, OTHER } from './case.js';

const guid = (text: string): VhdxGuid => VhdxGuid.create(parseGuid(text));

/** Changes both headers alike, so that they differ in the sequence number alone. */
function both(change: (header: VhdxHeader) => void) {
  return (image: TestImage): void => void image.editHeader('both', change);
}

function stale(change: (header: VhdxHeader) => void) {
  return (image: TestImage): void => void image.editHeader(0, change);
}

function flipAt(...places: readonly number[]) {
  return (image: TestImage): void => places.forEach((place) => image.flip(place));
}

/** Moves the log to the end of the file. */
function moveLog(image: TestImage): void {
  const place = BigInt(image.append(image.logLength) * MIB);
  image.editHeader('both', (header) => (header.logOffset = place));
}

export const HEADER_CASES: readonly MatrixCase[] = [
  {
    rule: 'B1',
    what: 'signature of the first header',
    damage: flipAt(HEADER_1),
    severity: 'refuse-write',
    section: '2.2.2',
    within: bytes(HEADER_1, 4),
    near: { what: 'the byte behind the first header', damage: flipAt(HEADER_1 + 4096), finds: ['B18 info'] },
  },
  {
    rule: 'B1',
    what: 'signature of the current header',
    damage: flipAt(HEADER_2 + 3),
    severity: 'refuse-write',
    section: '2.2.2',
    within: bytes(HEADER_2, 4),
  },
  {
    rule: 'B1',
    what: 'signatures of both headers',
    damage: flipAt(HEADER_1, HEADER_2),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_1, 4),
    implies: ['B3 error'],
  },
  {
    rule: 'B2',
    what: 'checksum of the current header',
    damage: flipAt(HEADER_2 + 4),
    severity: 'refuse-write',
    section: '2.2.2',
    within: bytes(HEADER_2 + 4, 4),
    near: {
      what: 'a reserved byte with a right checksum',
      damage: both((header) => (header.reserved = Uint8Array.of(1))),
      finds: ['B17 warning'],
    },
  },
  {
    rule: 'B2',
    what: 'the last byte of the first header',
    damage: flipAt(HEADER_1 + 4095),
    severity: 'refuse-write',
    section: '2.2.2',
    within: bytes(HEADER_1 + 4, 4),
  },
  {
    rule: 'B2',
    what: 'a byte of each header',
    damage: flipAt(HEADER_1 + 100, HEADER_2 + 100),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_1 + 4, 4),
    implies: ['B3 error'],
  },
  {
    rule: 'B3',
    what: 'signature of one, checksum of the other',
    damage: flipAt(HEADER_1, HEADER_2 + 100),
    severity: 'error',
    section: '2.2.2',
    within: [HEADER_1, HEADER_2 + 4096],
    implies: ['B1 error', 'B2 error'],
    near: { what: 'one of the two', damage: flipAt(HEADER_2 + 100), finds: ['B2 refuse-write'] },
  },
  {
    rule: 'B4',
    what: 'equal numbers in headers that differ',
    spec: { sequenceNumbers: [5n, 5n] },
    damage: (image) => void image.editHeader(1, (header) => (header.fileWriteGuid = guid(OTHER))),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 8, 8),
    near: {
      what: 'numbers that differ by one',
      damage: stale((header) => (header.fileWriteGuid = guid(OTHER))),
      finds: ['B6 info'],
    },
  },
  {
    rule: 'B4',
    what: 'identical headers, as Disk2vhd writes them',
    spec: { sequenceNumbers: [5n, 5n] },
    severity: 'warning',
    section: '2.2.2',
    within: bytes(HEADER_2 + 8, 8),
  },
  {
    rule: 'B6',
    what: 'another FileWriteGuid in the noncurrent header',
    damage: stale((header) => (header.fileWriteGuid = guid(OTHER))),
    severity: 'info',
    section: '2.2.2.1',
    within: bytes(HEADER_1, 4096),
    near: { what: 'a sequence number far behind', spec: { sequenceNumbers: [1n, 2n ** 40n] } },
  },
  {
    rule: 'B7',
    what: 'another DataWriteGuid in the noncurrent header',
    damage: stale((header) => (header.dataWriteGuid = guid(OTHER))),
    severity: 'warning',
    section: '2.2.2',
    within: bytes(HEADER_1 + 32, 16),
    near: { what: 'another LogOffset there', damage: stale((header) => (header.logOffset = 0n)), finds: ['B6 info'] },
  },
  {
    rule: 'B8',
    what: 'version 2',
    damage: both((header) => (header.version = 2)),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 66, 2),
    near: {
      what: 'version 2 in the noncurrent header',
      damage: stale((header) => (header.version = 2)),
      finds: ['B6 info'],
    },
  },
  {
    rule: 'B8',
    what: 'version 2 in the current header, 1 in the other, which must not be fallen back to',
    damage: (image) => void image.editHeader(1, (header) => (header.version = 2)),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 66, 2),
    implies: ['B6 info'],
  },
  {
    rule: 'B9',
    what: 'log version 1 with a log to replay',
    spec: { logGuid: IDS.log },
    damage: (image) => {
      image.addLogEntry(0, { sequenceNumber: 1n });
      image.editHeader('both', (header) => (header.logVersion = 1));
    },
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 64, 2),
    near: {
      what: 'log version 1 in the noncurrent header',
      damage: stale((header) => (header.logVersion = 1)),
      finds: ['B6 info'],
    },
  },
  {
    rule: 'B9',
    what: 'log version 1 without a log to replay',
    damage: both((header) => (header.logVersion = 1)),
    severity: 'warning',
    section: '2.2.2',
    within: bytes(HEADER_2 + 64, 2),
  },
  {
    rule: 'B10',
    what: 'a LogGuid, but no log',
    spec: { logGuid: IDS.log, logLength: 0 },
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 68, 4),
    near: { what: 'neither LogGuid nor log', spec: { logLength: 0 }, finds: ['B16 refuse-write'] },
  },
  {
    rule: 'B11',
    what: 'a log one sector short of 1 MiB',
    damage: both((header) => (header.logLength = MIB - 4096)),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 68, 4),
    near: { what: 'a log of 2 MiB', spec: { logLength: 2 * MIB } },
  },
  {
    rule: 'B12',
    what: 'a log one sector past its MiB',
    damage: both((header) => (header.logOffset = BigInt(MIB + 4096))),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 72, 8),
    near: { what: 'offset 0 of a log of length 0', spec: { logLength: 0 }, finds: ['B16 refuse-write'] },
  },
  {
    rule: 'B12',
    what: 'a log in the header section',
    damage: both((header) => (header.logOffset = 0n)),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 72, 8),
  },
  {
    rule: 'B13',
    what: 'a log that ends one MiB past the end',
    damage: both((header) => (header.logOffset = BigInt(DATA))),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 72, 8),
    near: { what: 'a log that ends where the file ends', damage: moveLog, finds: ['A8 info'] },
  },
  {
    rule: 'B13',
    what: 'a log whose end is past 2^64',
    damage: both((header) => (header.logOffset = 2n ** 64n - 1048576n)),
    severity: 'error',
    section: '2.2.2',
    within: bytes(HEADER_2 + 72, 8),
  },
  {
    rule: 'B14',
    reportedAs: 'I10',
    what: 'a block on the log',
    damage: (image) => void image.setBat(5, { state: 6, fileOffsetMb: 1 }),
    severity: 'error',
    section: '2.5.1',
    within: entry(5),
    near: { what: 'the log right behind a block', spec: { allocate: [5] }, damage: moveLog, finds: ['A8 info'] },
  },
  {
    rule: 'B15',
    what: 'a log of 1 GiB and 1 MiB',
    spec: { logLength: GIB + MIB },
    severity: 'warning',
    section: '',
    within: bytes(HEADER_2 + 68, 4),
    near: { what: 'a log of 1 GiB', spec: { logLength: GIB } },
  },
  {
    rule: 'B16',
    what: 'no log',
    spec: { logLength: 0 },
    severity: 'refuse-write',
    section: '2.2.2',
    within: bytes(HEADER_2 + 68, 4),
    near: { what: 'the shortest log' },
  },
  {
    rule: 'B17',
    what: 'the last reserved byte of the header',
    damage: both((header) => (header.reserved = Uint8Array.from({ length: 4016 }, (_, at) => (at === 4015 ? 1 : 0)))),
    severity: 'warning',
    section: '2.2.2',
    within: bytes(HEADER_2 + 80, 4016),
    near: {
      what: 'reserved bytes of the noncurrent header',
      damage: stale((header) => (header.reserved = Uint8Array.of(1))),
      finds: ['B6 info'],
    },
  },
  {
    rule: 'B18',
    what: 'the last byte of the slot of the second header',
    damage: flipAt(HEADER_2 + 64 * KIB - 1),
    severity: 'info',
    section: '2.2.2',
    within: [HEADER_2 + 4096, HEADER_2 + 64 * KIB],
    near: { what: 'the byte behind the region tables', damage: flipAt(320 * KIB) },
  },
  {
    rule: 'B19',
    what: 'FileWriteGuid of zeros',
    damage: both((header) => (header.fileWriteGuid = guid(GUIDS.zero))),
    severity: 'warning',
    section: '2.2.2',
    within: bytes(HEADER_2 + 16, 16),
    near: {
      what: 'FileWriteGuid with one bit',
      damage: both((header) => (header.fileWriteGuid = guid(GUIDS.zero.replace(/0$/, '1')))),
    },
  },
  {
    rule: 'B19',
    what: 'DataWriteGuid of zeros',
    damage: both((header) => (header.dataWriteGuid = guid(GUIDS.zero))),
    severity: 'warning',
    section: '2.2.2',
    within: bytes(HEADER_2 + 32, 16),
  },
  {
    rule: 'B20',
    what: 'sequence number 2^64 - 1',
    spec: { sequenceNumbers: [1n, 2n ** 64n - 1n] },
    severity: 'refuse-write',
    section: '2.2.2',
    within: bytes(HEADER_2 + 8, 8),
    near: { what: 'sequence number 2^64 - 7', spec: { sequenceNumbers: [1n, 2n ** 64n - 7n] } },
  },
  {
    rule: 'B20',
    what: 'sequence number 2^64 - 6, too few for three updates of both headers',
    spec: { sequenceNumbers: [1n, 2n ** 64n - 6n] },
    severity: 'refuse-write',
    section: '2.2.2',
    within: bytes(HEADER_2 + 8, 8),
  },
];
