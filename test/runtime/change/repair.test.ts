import { describe, expect, test } from 'vitest';
import { checkImage, planRepair, repairImage, type RepairReport } from '../../../runtime/index.js';
import { VhdxGuid } from '../../../generated/index.js';
import { formatGuid, GUIDS, isZeroGuid, parseGuid } from '../../../runtime/base/guid.js';
import { IDS, type ImageSpec, KIB, MIB, TestImage } from '../../support/image-builder.js';
import type { LoggedWrite } from '../../support/log-entries.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { firstDifference, headersOf } from '../../support/replay-model.js';

const HEADERS = [64 * KIB, 128 * KIB] as const;
const TABLES = [192 * KIB, 256 * KIB] as const;
const OTHER_LOG = 'feedface-0000-4000-8000-00000000cafe';

function fill(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

/** A write into unused bytes of the BAT region, which changes nothing that anybody looks at. */
function spare(image: TestImage, value: number): LoggedWrite {
  return { kind: 'data', fileOffset: image.batOffset + 512 * KIB, bytes: fill(4096, value) };
}

function pendingImage(spec: ImageSpec = {}): TestImage {
  const image = new TestImage({ logGuid: IDS.log, allocate: [0], ...spec });
  image.addLogEntry(0, { sequenceNumber: 3n, writes: [spare(image, 0xab)] });
  return image;
}

function damageHeader(image: TestImage, index: 0 | 1): void {
  image.flip(HEADERS[index] + 2000);
}

interface Outcome {
  readonly report: RepairReport;
  readonly target: RecordingTarget;
  readonly before: Uint8Array;
}

/** Repairs the image and makes sure of what holds for every repair. */
async function repair(image: TestImage): Promise<Outcome> {
  const before = image.toBytes();
  const dataWriteGuids = headersOf(image.source).flatMap((header) =>
    header === undefined ? [] : [formatGuid(header.dataWriteGuid)],
  );
  const plan = await planRepair(image.source);
  expect(Buffer.compare(image.toBytes(), before)).toBe(0);
  const target = new RecordingTarget(image.source);
  const report = await repairImage(target);
  expect(report.plan).toEqual(plan);
  expect([report.fileSize, report.changed]).toEqual([plan.newFileSize, plan.steps.length > 0]);
  expect(image.size).toBe(report.fileSize);
  if (report.plan.steps.length === 0) expect(target.operations).toEqual([]);
  else {
    for (const header of headersOf(image.source)) {
      expect(dataWriteGuids).toContain(formatGuid(header?.dataWriteGuid ?? parseGuid(GUIDS.zero)));
      expect(formatGuid(header?.fileWriteGuid ?? parseGuid(GUIDS.zero))).not.toBe(IDS.fileWrite);
    }
    expect(target.operations.at(-1)).toEqual({ kind: 'flush' });
    // Once is enough.
    const again = new RecordingTarget(image.source);
    expect((await repairImage(again)).plan.steps).toEqual([]);
    expect(again.operations).toEqual([]);
  }
  expect(image.size).toBeGreaterThanOrEqual(before.length);
  return { report, target, before };
}

const kinds = ({ report }: Outcome): string[] => report.plan.steps.map(({ kind }) => kind);
const codesOf = ({ report }: Outcome): string[] => report.plan.refusals.map(({ code }) => code);

describe('an image that needs no repair', () => {
  test.each([
    ['a clean one', () => new TestImage({ allocate: [0, 3] })],
    ['what is no VHDX', () => Object.assign(new TestImage(), { poked: true })],
  ])('%s → nothing is planned, nothing is written', async (name, make) => {
    const image = make();
    if (name === 'what is no VHDX') image.poke(0, 0);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual([]);
    expect(codesOf(outcome)).toEqual([]);
    expect(outcome.report.after).toBe(outcome.report.plan.before);
  });

  test('errors that have no one right answer → nothing is planned, nothing is written', async () => {
    const image = new TestImage({ allocate: [0, 1] });
    image.setBat(1, { state: 6, fileOffsetMb: image.dataOffset / MIB });
    expect(kinds(await repair(image))).toEqual([]);
  });
});

describe('a damaged header', () => {
  test.each([0, 1] as const)('copy %i → both are valid afterwards, the rest is as it was', async (index) => {
    const image = new TestImage({ allocate: [0] });
    damageHeader(image, index);
    const { report, before } = await repair(image);
    expect(report.plan.before.verdict).toBe('needs-attention');
    expect(report.plan.steps).toMatchObject([
      { kind: 'restore-header', code: 'VHDX_HEADER_CHECKSUM_MISMATCH', rule: 'B2', fileOffset: HEADERS[index] },
    ]);
    expect(report.after.verdict).toBe('clean');
    expect(headersOf(image.source)).not.toContain(undefined);
    expect(firstDifference(image.toBytes(), before)).toBe(-1);
  });

  test('a report that lists no findings → the same plan', async () => {
    const image = new TestImage({ allocate: [0] });
    damageHeader(image, 1);
    image.flip(TABLES[0] + 2000);
    const { steps } = await planRepair(image.source, { findingsPerGroup: 0 });
    expect(steps).toEqual((await planRepair(image.source)).steps);
    expect(steps.map(({ kind }) => kind)).toEqual(['restore-header', 'restore-region-table']);
  });

  test('both → nothing is written', async () => {
    const image = new TestImage();
    damageHeader(image, 0);
    damageHeader(image, 1);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual([]);
    expect(outcome.report.after.verdict).toBe('corrupt');
  });

  test('zeros in its place, a log of an earlier session that is in its places → restored', async () => {
    const image = new TestImage({ allocate: [0] });
    const bytes = image.source.bytes(image.batOffset, 4096);
    image.addLogEntry(0, {
      guid: OTHER_LOG,
      sequenceNumber: 5n,
      writes: [{ kind: 'data', fileOffset: image.batOffset, bytes }],
    });
    image.source.write(new Uint8Array(4096), HEADERS[1]);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual(['restore-header']);
    expect(outcome.report.after.verdict).toBe('clean');
  });

  test('zeros in its place, a log of a time when the file was longer → restored: it could not be replayed (2.3.3)', async () => {
    const image = new TestImage({ allocate: [0] });
    image.addLogEntry(0, {
      guid: OTHER_LOG,
      sequenceNumber: 5n,
      writes: [spare(image, 9)],
      flushedFileOffset: image.size + MIB,
      lastFileOffset: image.size + MIB,
    });
    image.source.write(new Uint8Array(4096), HEADERS[1]);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual(['restore-header']);
    expect(codesOf(outcome)).toEqual([]);
  });

  test('the same log, of the length that the file has → not overwritten: it may be the one to be replayed', async () => {
    const image = new TestImage({ allocate: [0] });
    image.addLogEntry(0, { guid: OTHER_LOG, sequenceNumber: 5n, writes: [spare(image, 9)] });
    image.source.write(new Uint8Array(4096), HEADERS[1]);
    expect(kinds(await repair(image))).toEqual([]);
  });

  test('torn while it was updated, entries of an earlier session in the log → restored', async () => {
    const image = new TestImage({ allocate: [0] });
    image.addLogEntry(0, { guid: OTHER_LOG, sequenceNumber: 5n, writes: [spare(image, 9)] });
    // The first 512 bytes are those of the update, which names a log that has no entry yet; the rest was never written.
    image.editHeader(0, (header) => {
      header.sequenceNumber = 9n;
      header.logGuid = VhdxGuid.create(parseGuid(IDS.log));
    });
    image.flip(HEADERS[0] + 600);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual(['restore-header']);
    expect(outcome.report.after.verdict).toBe('clean');
  });

  test('nothing of it can be read, entries of a session in the log that are not in their places → nothing is written', async () => {
    const image = new TestImage({ allocate: [0] });
    image.addLogEntry(0, { guid: OTHER_LOG, sequenceNumber: 5n, writes: [spare(image, 9)] });
    image.source.write(new Uint8Array(4096), HEADERS[0]);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual([]);
    expect(codesOf(outcome)).toEqual(['VHDX_HEADER_SIGNATURE_MISMATCH']);
  });

  test.each([
    ['its LogGuid can be read', (image: TestImage) => image.flip(HEADERS[1] + 2000)],
    ['nothing of it can be read', (image: TestImage) => image.source.write(new Uint8Array(4096), HEADERS[1])],
    ['its LogGuid is damaged too', (image: TestImage) => image.flip(HEADERS[1] + 50)],
  ])('the newer one, with a log that is not in its places, %s → nothing is written', async (_, damage) => {
    const image = new TestImage({ allocate: [0] });
    image.editHeader(1, (header) => {
      header.logGuid = VhdxGuid.create(parseGuid(OTHER_LOG));
    });
    image.addLogEntry(4096, { guid: OTHER_LOG, sequenceNumber: 5n, writes: [spare(image, 1)] });
    expect((await checkImage(image.source)).log?.state).toBe('pending');
    damage(image);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual([]);
    expect(outcome.report.plan.refusals).toMatchObject([{ rule: expect.stringMatching(/^B[12]$/) as unknown }]);
    expect(outcome.report.plan.refusals[0]?.message).toContain(OTHER_LOG);
    expect(outcome.report.after.verdict).toBe('needs-attention');
  });

  test('the older one, with a log pending by the newer → the log is replayed, not lost', async () => {
    const image = pendingImage();
    damageHeader(image, 0);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual(['replay-log', 'restore-header']);
    expect(image.source.bytes(image.batOffset + 512 * KIB, 4)).toEqual(fill(4, 0xab));
    expect(outcome.report.after.verdict).toBe('clean');
    for (const header of headersOf(image.source)) expect(isZeroGuid(header?.logGuid ?? parseGuid(IDS.log))).toBe(true);
  });

  test('its sequence number cannot grow → nothing is written', async () => {
    const image = new TestImage({ sequenceNumbers: [2n ** 64n - 3n, 2n ** 64n - 2n] });
    damageHeader(image, 0);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual([]);
    expect(codesOf(outcome)).toEqual(['VHDX_HEADER_SEQUENCE_EXHAUSTED']);
  });

  test('an error in the other one → nothing is written', async () => {
    const image = new TestImage();
    image.editHeader(1, (header) => {
      header.logLength = 5;
    });
    damageHeader(image, 0);
    expect(kinds(await repair(image))).toEqual([]);
  });
});

describe('a damaged copy of the region table', () => {
  test.each([0, 1] as const)('copy %i → written anew from the other one', async (index) => {
    const image = new TestImage({ allocate: [0] });
    const good = image.source.bytes(TABLES[0], 64 * KIB);
    image.source.write(fill(512, 0xee), TABLES[index] + 512);
    const outcome = await repair(image);
    expect(outcome.report.plan.steps).toMatchObject([
      { kind: 'restore-region-table', rule: 'C1', fileOffset: TABLES[index], length: 64 * KIB },
    ]);
    expect(outcome.report.after.verdict).toBe('clean');
    expect(Buffer.compare(image.source.bytes(TABLES[index], 64 * KIB), good)).toBe(0);
  });

  test('both, or two that differ → left as they are', async () => {
    const both = new TestImage();
    both.flip(TABLES[0] + 9);
    both.flip(TABLES[1] + 9);
    expect(kinds(await repair(both))).toEqual([]);
    const differing = new TestImage().editRegionTableBytes(1, (bytes) => bytes.fill(1, 60_000, 60_001));
    expect(kinds(await repair(differing))).toEqual([]);
  });

  test('whose good state is in the log → restored by the replay alone', async () => {
    const image = new TestImage({ logGuid: IDS.log });
    const writes = Array.from({ length: 16 }, (_, sector): LoggedWrite => {
      const fileOffset = TABLES[1] + sector * 4096;
      return { kind: 'data', fileOffset, bytes: image.source.bytes(fileOffset, 4096) };
    });
    image.addLogEntry(0, { sequenceNumber: 1n, writes });
    image.flip(TABLES[1] + 9);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual(['replay-log']);
    expect(outcome.report.after.verdict).toBe('clean');
  });

  test('behind a log that cannot be replayed → left as it is', async () => {
    const image = new TestImage({ logGuid: IDS.log });
    image.flip(TABLES[1] + 9);
    damageHeader(image, 0);
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual(['restore-header']);
    for (const header of headersOf(image.source))
      expect(formatGuid(header?.logGuid ?? parseGuid(GUIDS.zero))).toBe(IDS.log);
  });
});

describe('a length that is no whole number of MiB', () => {
  test('a part of a MiB behind everything → extended with zeros', async () => {
    const image = new TestImage({ allocate: [0] });
    const size = image.size;
    image.source.write(fill(100, 7), size);
    const outcome = await repair(image);
    expect(outcome.report.plan.steps).toMatchObject([
      { kind: 'extend-file', rule: 'A6', fileOffset: size + 100, length: MIB - 100 },
    ]);
    expect(image.size).toBe(size + MIB);
    expect(image.source.bytes(size, 200)).toEqual(Uint8Array.from([...fill(100, 7), ...fill(100, 0)]));
    expect(outcome.report.after.counts.warning).toBe(0);
  });

  test('a block, a bitmap, a region or an anchor that has lost its end → not extended, as that would hide it', async () => {
    const blocks = new TestImage({ allocate: [0, 1] });
    const bitmaps = new TestImage({ type: 'differencing', allocate: [0], allocateAs: 7, bitmaps: [0] });
    const region = new TestImage({
      regions: [{ guid: OTHER_LOG, fileOffset: 4 * MIB, length: MIB }],
    });
    region.append(MIB);
    const anchor = new TestImage();
    anchor.setBat(2, { state: 3, fileOffsetMb: anchor.append(MIB) });
    for (const image of [blocks, bitmaps, region, anchor]) {
      image.size -= 4096;
      const outcome = await repair(image);
      expect(kinds(outcome)).toEqual([]);
      expect(codesOf(outcome)).toEqual(['VHDX_FILE_LENGTH_UNALIGNED']);
    }
  });

  test('the last block lacks what is past the end of the disk → extended', async () => {
    const image = new TestImage({ virtualSize: 3 * MIB + 512, allocate: [3] });
    image.size = image.dataOffset + 4096;
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual(['extend-file']);
    expect(outcome.report.after.findings).toEqual([]);
  });

  test('the next whole MiB is past 2^53 bytes → not extended', async () => {
    const image = new TestImage();
    image.size = Number.MAX_SAFE_INTEGER;
    const target = new RecordingTarget(image.source);
    const report = await repairImage(target);
    expect(report.plan.refusals.map(({ code }) => code)).toEqual(['VHDX_FILE_LENGTH_UNALIGNED']);
    expect(target.operations).toEqual([]);
  });

  test('a log that makes the file longer → the replay does it', async () => {
    const image = new TestImage({ logGuid: IDS.log });
    const size = image.size;
    image.addLogEntry(0, { sequenceNumber: 1n, lastFileOffset: size + 2 * MIB });
    image.size = size + 512;
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual(['replay-log']);
    expect(image.size).toBe(size + 2 * MIB);
  });

  test('blocks that cannot be found → not extended', async () => {
    const image = new TestImage();
    image.editMetadataEntry(GUIDS.virtualDiskSize, (entry) => {
      entry.length = 7;
    });
    image.size += 4096;
    expect(codesOf(await repair(image))).toEqual(['VHDX_FILE_LENGTH_UNALIGNED']);
  });
});

describe('a pending log', () => {
  test('all at once → replayed, header and table restored, file extended', async () => {
    const image = pendingImage();
    damageHeader(image, 0);
    image.flip(TABLES[0] + 40_000);
    image.size += 8192;
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual(['replay-log', 'restore-header', 'restore-region-table', 'extend-file']);
    expect(outcome.report.after.counts).toMatchObject({ error: 0, 'refuse-write': 0, warning: 0 });
  });

  test('of a file that has been cut off (E7) → refused, with the reason', async () => {
    const image = new TestImage({ logGuid: IDS.log });
    image.addLogEntry(0, { sequenceNumber: 1n, flushedFileOffset: image.size + MIB });
    const outcome = await repair(image);
    expect(kinds(outcome)).toEqual([]);
    expect(outcome.report.plan.refusals).toMatchObject([
      { code: 'VHDX_LOG_PENDING', message: expect.stringContaining('truncated') as unknown },
    ]);
  });

  test('of the parent of a differencing disk → its DataWriteGuid stays, so the child keeps it', async () => {
    const image = pendingImage();
    await repair(image);
    for (const header of headersOf(image.source)) {
      expect(formatGuid(header?.dataWriteGuid ?? parseGuid(GUIDS.zero))).toBe(IDS.dataWrite);
    }
  });
});

describe('a repair that is interrupted', () => {
  test('by a signal before it begins → nothing is written', async () => {
    const image = new TestImage();
    damageHeader(image, 0);
    const target = new RecordingTarget(image.source);
    await expect(repairImage(target, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(target.operations).toEqual([]);
  });
});
