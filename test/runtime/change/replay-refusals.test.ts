import { expect, test } from 'vitest';
import { VhdxGuid, type VhdxHeader } from '../../../generated/index.js';
import { parseGuid } from '../../../runtime/base/guid.js';
import { planLogReplay, replayLog } from '../../../runtime/change/replay.js';
import { IDS, MIB, TestImage } from '../../support/image-builder.js';
import type { LoggedWrite, LogEntrySpec } from '../../support/log-entries.js';
import { RecordingTarget } from '../../support/recording-target.js';

const SECTOR = 4096;
const SPARE = 2 * MIB + MIB / 2;

function data(fileOffset: number, fill: number): LoggedWrite {
  return { kind: 'data', fileOffset, bytes: new Uint8Array(SECTOR).fill(fill) };
}

function zero(fileOffset: number, length: number): LoggedWrite {
  return { kind: 'zero', fileOffset, length };
}

/** A way to make a pending log that must not be replayed. */
interface Refusal {
  readonly name: string;
  readonly code: string;
  readonly entry?: Partial<LogEntrySpec>;
  readonly damage?: (image: TestImage) => void;
}

function editing(which: 0 | 1 | 'both', edit: (one: VhdxHeader) => void): (image: TestImage) => void {
  return (image) => void image.editHeader(which, edit);
}

const refusals: readonly Refusal[] = [
  { name: 'E6 no valid entry', code: 'VHDX_LOG_NO_ACTIVE_SEQUENCE', entry: { breakChecksum: true } },
  { name: 'E6 tail outside of the sequence', code: 'VHDX_LOG_NO_ACTIVE_SEQUENCE', entry: { tail: 8 * SECTOR } },
  {
    name: 'E7 file shorter than FlushedFileOffset',
    code: 'VHDX_LOG_FILE_TRUNCATED',
    entry: { flushedFileOffset: 5 * MIB },
  },
  { name: 'D18 file type identifier', code: 'VHDX_LOG_TARGET_HEADER', entry: { writes: [data(0, 1)] } },
  { name: 'D18 header', code: 'VHDX_LOG_TARGET_HEADER', entry: { writes: [data(64 * 1024, 1)] } },
  {
    name: 'D18 last sector before the region tables',
    code: 'VHDX_LOG_TARGET_HEADER',
    entry: { writes: [zero(188 * 1024, SECTOR)] },
  },
  { name: 'D19 the log itself', code: 'VHDX_LOG_TARGET_LOG', entry: { writes: [data(MIB + 8 * SECTOR, 1)] } },
  {
    name: 'D19 a range that reaches into the log',
    code: 'VHDX_LOG_TARGET_LOG',
    entry: { writes: [zero(MIB - SECTOR, 2 * SECTOR)] },
  },
  { name: 'D21 past every end', code: 'VHDX_LOG_TARGET_BEYOND_END', entry: { writes: [zero(4 * MIB, SECTOR)] } },
  {
    name: 'D21 after a good descriptor',
    code: 'VHDX_LOG_TARGET_BEYOND_END',
    entry: { writes: [data(SPARE, 1), zero(SPARE, 2 ** 42)] },
  },
  { name: 'D21 a file of 2 PiB', code: 'VHDX_LOG_REPLAY_TOO_LARGE', entry: { lastFileOffset: 2 ** 51 } },
  {
    name: 'B3 no valid header',
    code: 'VHDX_HEADER_NONE_VALID',
    damage: (image) => {
      image.flip(65_600);
      image.flip(131_136);
    },
  },
  {
    name: 'B4 no current header',
    code: 'VHDX_HEADER_SEQUENCE_EQUAL',
    damage: (image) => {
      image.editHeader(0, (one) => {
        one.fileWriteGuid = VhdxGuid.create(parseGuid(IDS.parent));
      });
      image.editHeader('both', (one) => {
        one.sequenceNumber = 4n;
      });
    },
  },
  {
    name: 'B8 unknown version',
    code: 'VHDX_HEADER_VERSION_UNSUPPORTED',
    damage: editing(1, (one) => {
      one.version = 2;
    }),
  },
  {
    name: 'B9 unknown log version',
    code: 'VHDX_HEADER_LOG_VERSION_UNSUPPORTED',
    damage: editing('both', (one) => {
      one.logVersion = 1;
    }),
  },
  {
    name: 'B10 no log',
    code: 'VHDX_LOG_MISSING',
    damage: editing('both', (one) => {
      one.logLength = 0;
    }),
  },
  {
    name: 'B11 log length',
    code: 'VHDX_LOG_LENGTH_UNALIGNED',
    damage: editing('both', (one) => {
      one.logLength = MIB + 1;
    }),
  },
  {
    name: 'B12 log offset',
    code: 'VHDX_LOG_OFFSET_INVALID',
    damage: editing('both', (one) => {
      one.logOffset = 0n;
    }),
  },
  {
    name: 'B13 log past the end',
    code: 'VHDX_LOG_BEYOND_END',
    damage: editing('both', (one) => {
      one.logOffset = 64n * 1024n * 1024n;
    }),
  },
  {
    name: 'A1 cut off',
    code: 'VHDX_FILE_TOO_SHORT',
    damage: (image) => {
      image.size = MIB - 1;
    },
  },
  {
    name: 'A2 not a VHDX',
    code: 'VHDX_SIGNATURE_MISMATCH',
    damage: (image) => {
      image.flip(0);
    },
  },
];

test.each(refusals)('$name → $code, before the first write', async ({ code, entry, damage }) => {
  const image = new TestImage({ logGuid: IDS.log });
  image.addLogEntry(0, { sequenceNumber: 1n, writes: [data(SPARE, 1)], ...entry });
  damage?.(image);
  const target = new RecordingTarget(image.source);
  await expect(replayLog(target)).rejects.toMatchObject({ code });
  await expect(planLogReplay(image.source)).rejects.toMatchObject({ code });
  expect(target.operations).toEqual([]);
});
