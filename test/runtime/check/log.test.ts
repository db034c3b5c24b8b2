import { expect, test } from 'vitest';
import { VhdxLogEntryHeader } from '../../../generated/index.js';
import { brief, check } from '../../support/findings.js';
import { IDS, type ImageSpec, KIB, MIB, TestImage } from '../../support/image-builder.js';
import type { LoggedWrite } from '../../support/log-entries.js';

const PENDING: ImageSpec = { logGuid: IDS.log, allocate: [0] };
const OTHER = 'deadbeef-0000-4000-8000-000000000002';
const LOG = MIB;
const BAT = 2 * MIB;
const DATA = 4 * MIB;

/** A sector of the BAT in which block 1 is ZERO. */
function batSector(): Uint8Array {
  const image = new TestImage({ allocate: [0] }).setBat(1, { state: 2 });
  return image.source.bytes(BAT, 4096);
}

const WRITE: LoggedWrite = { kind: 'data', fileOffset: BAT, bytes: batSector() };

/** Overwrites a field of the entry's header. */
function setHeader(bytes: Uint8Array, id: string, value: number | bigint): void {
  const field = VhdxLogEntryHeader.LAYOUT.find((candidate) => candidate.id === id);
  const view = new DataView(bytes.buffer, bytes.byteOffset + (field?.offset ?? 0));
  if (field?.size === 8) view.setBigUint64(0, BigInt(value), true);
  else view.setUint32(0, Number(value), true);
}

interface Case {
  readonly name: string;
  readonly spec?: ImageSpec;
  readonly damage: (image: TestImage) => void;
  readonly finds: readonly string[];
  readonly at?: number;
}

/** One entry whose bytes are changed, with a right checksum: not valid, so there is nothing to replay. */
function damagedEntry(name: string, damage: (bytes: Uint8Array) => void, rule: string, at: number): Case {
  const entry = { sequenceNumber: 5n, writes: [WRITE], damage };
  return {
    name,
    damage: (image) => void image.addLogEntry(0, entry),
    finds: ['E6 error', `${rule} error`],
    at: LOG + at,
  };
}

function target(name: string, write: LoggedWrite, finds: readonly string[]): Case {
  const at = LOG + 64;
  return { name, damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n, writes: [write] }), finds, at };
}

const zeros = new Uint8Array(4096);

const cases: readonly Case[] = [
  {
    name: 'D1 entry without a LogGuid in the header',
    spec: { allocate: [0] },
    damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n }),
    finds: [],
  },
  damagedEntry('D2 signature', (bytes) => (bytes[0] = 0), 'D2', 0),
  damagedEntry('D3 length that is no multiple of 4 KiB', (bytes) => setHeader(bytes, 'entry_length', 8000), 'D3', 8),
  damagedEntry('D3 length of 0', (bytes) => setHeader(bytes, 'entry_length', 0), 'D3', 8),
  damagedEntry('D3 entry longer than the log', (bytes) => setHeader(bytes, 'entry_length', 2 * MIB), 'D3', 8),
  {
    name: 'D4 checksum',
    damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n, writes: [WRITE], breakChecksum: true }),
    finds: ['E6 error', 'D4 error'],
    at: LOG + 4,
  },
  {
    name: 'D5 LogGuid',
    damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n, guid: OTHER }),
    finds: ['E6 error', 'D5 info'],
    at: LOG + 32,
  },
  damagedEntry('D6 sequence number 0', (bytes) => setHeader(bytes, 'sequence_number', 0), 'D6', 16),
  damagedEntry('D7 tail that is no multiple of 4 KiB', (bytes) => setHeader(bytes, 'tail', 100), 'D7', 12),
  damagedEntry('D7 tail outside of the log', (bytes) => setHeader(bytes, 'tail', MIB), 'D7', 12),
  damagedEntry(
    'D8 more descriptors than there is room for',
    (bytes) => setHeader(bytes, 'descriptor_count', 1000),
    'D8',
    24,
  ),
  {
    name: 'D9 empty entry',
    damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n }),
    finds: ['E12 refuse-write'],
    at: LOG,
  },
  {
    name: 'D10 reserved field',
    damage: (image) =>
      void image.addLogEntry(0, { sequenceNumber: 5n, damage: (bytes) => setHeader(bytes, 'reserved', 1) }),
    finds: ['D10 warning', 'E12 refuse-write'],
    at: LOG + 28,
  },
  {
    name: 'D11 file size',
    damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n, lastFileOffset: 4096 }),
    finds: ['D11 warning', 'E12 refuse-write'],
    at: LOG + 56,
  },
  {
    name: 'D12 LastFileOffset greater than FlushedFileOffset',
    damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n, flushedFileOffset: MIB }),
    finds: ['D12 info', 'E12 refuse-write'],
    at: LOG + 56,
  },
  damagedEntry('D13 signature of a descriptor', (bytes) => (bytes[64] = 0), 'D13', 64),
  damagedEntry('D13 sequence number of a descriptor', (bytes) => (bytes[64 + 24] = 9), 'D13', 64),
  damagedEntry('D14 target of a descriptor', (bytes) => (bytes[64 + 16] = 1), 'D14', 64 + 16),
  {
    name: 'D15 length of a zero descriptor',
    damage: (image) =>
      void image.addLogEntry(0, { sequenceNumber: 5n, writes: [{ kind: 'zero', fileOffset: BAT, length: 100 }] }),
    finds: ['E6 error', 'D15 error'],
    at: LOG + 64 + 8,
  },
  {
    name: 'D15 reserved field',
    damage: (image) =>
      void image.addLogEntry(0, {
        sequenceNumber: 5n,
        writes: [{ kind: 'zero', fileOffset: BAT + 64 * KIB, length: 4096 }],
        damage: (bytes) => (bytes[68] = 1),
      }),
    finds: ['D15 warning', 'E12 refuse-write'],
    at: LOG + 68,
  },
  damagedEntry('D16 signature of a data sector', (bytes) => (bytes[4096] = 0), 'D16', 4096),
  damagedEntry('D16 upper half of a data sector’s number', (bytes) => (bytes[4100] = 1), 'D16', 4096),
  damagedEntry('D16 lower half of a data sector’s number', (bytes) => (bytes[8188] = 9), 'D16', 4096),
  damagedEntry('D17 data sector without a descriptor', (bytes) => setHeader(bytes, 'descriptor_count', 0), 'D17', 8),
  target('D18 target in a header', { kind: 'data', fileOffset: 128 * KIB, bytes: zeros }, ['D18 error']),
  target('D18 target in the identifier', { kind: 'zero', fileOffset: 0, length: 4096 }, ['D18 error']),
  target('D19 target in the log', { kind: 'data', fileOffset: LOG + 8192, bytes: zeros }, ['D19 error']),
  target('D19 range over the log', { kind: 'zero', fileOffset: 512 * KIB, length: 8 * MIB }, ['D19 error']),
  target(
    'D20 target in a payload block',
    { kind: 'data', fileOffset: DATA, bytes: zeros },
    ['E12 refuse-write', 'D20 warning'].toReversed(),
  ),
  target('D21 target past the end', { kind: 'data', fileOffset: 2 ** 40, bytes: zeros }, ['D21 error']),
  target('D21 zeros of a terabyte', { kind: 'zero', fileOffset: DATA, length: 2n ** 40n }, ['D21 error']),
  target('D21 end past 2^64', { kind: 'zero', fileOffset: 2n ** 64n - 4096n, length: 8192 }, ['D21 error']),
  {
    name: 'D22 a sector twice',
    damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n, writes: [WRITE, WRITE] }),
    finds: ['D22 info', 'E12 refuse-write'],
  },
  {
    name: 'E2 head whose tail is not in its sequence',
    damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n, tail: 8192 }),
    finds: ['E6 error'],
    at: LOG,
  },
  { name: 'E6 empty log', damage: () => undefined, finds: ['E6 error'], at: LOG },
  {
    name: 'E7 truncated file',
    damage: (image) =>
      void image.addLogEntry(0, { sequenceNumber: 5n, flushedFileOffset: 64 * MIB, lastFileOffset: 5 * MIB }),
    finds: ['E7 error', 'E12 refuse-write'],
    at: 5 * MIB,
  },
  {
    name: 'E10 file that becomes longer',
    damage: (image) =>
      void image.addLogEntry(0, { sequenceNumber: 5n, lastFileOffset: 7 * MIB, flushedFileOffset: 5 * MIB }),
    finds: ['D12 info', 'E12 refuse-write', 'A7 info'],
  },
  {
    name: 'E12 one entry',
    damage: (image) => void image.addLogEntry(0, { sequenceNumber: 5n, writes: [WRITE] }),
    finds: ['E12 refuse-write'],
    at: LOG,
  },
];

test.each(cases)('$name → $finds', async ({ name, spec, damage, finds, at }) => {
  const image = new TestImage(spec ?? PENDING);
  damage(image);
  const report = await check(image);
  expect(report.findings.map(brief).toSorted()).toEqual(finds.toSorted());
  const [rule] = name.split(' ');
  const named = report.findings.find((found) => found.rule === rule) ?? report.findings[0];
  expect(named?.fileOffset).toBe(at ?? named?.fileOffset);
});

test('pending entry → named with its descriptor and target', async () => {
  const image = new TestImage(PENDING);
  image.addLogEntry(8192, { sequenceNumber: 5n, writes: [WRITE] });
  const report = await check(image);
  expect(report.verdict).toBe('needs-attention');
  expect(report.findings[0]?.message).toContain(
    'the entry at 0x102000 (sequence number 5): the data descriptor at 0x102040 writes 4096 bytes at 0x200000 (the BAT region)',
  );
});

test('pending write to the BAT → judged as it will be after the replay', async () => {
  const image = new TestImage({ logGuid: IDS.log, allocate: [0] });
  const broken = new TestImage({ allocate: [0] }).setBat(1, { state: 5 }).source.bytes(BAT, 4096);
  image.addLogEntry(0, { sequenceNumber: 5n, writes: [{ kind: 'data', fileOffset: BAT, bytes: broken }] });
  const report = await check(image);
  expect(report.view).toBe('replayed');
  expect(report.findings.map(brief)).toEqual(['E12 refuse-write', 'I5 error']);
});

test('damaged entry after the active sequence → information, as a torn write leaves it', async () => {
  const image = new TestImage(PENDING);
  const length = image.addLogEntry(0, { sequenceNumber: 5n });
  image.addLogEntry(length, { sequenceNumber: 6n, tail: 0, writes: [WRITE], breakChecksum: true });
  expect((await check(image)).findings.map(brief)).toEqual(['D4 info', 'E12 refuse-write']);
});
