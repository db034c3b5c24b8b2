/** How long a replay may make a file: as long as its disk can need, whatever LastFileOffset or a descriptor says. */
import { describe, expect, test } from 'vitest';
import { checkImage, openDisk, openWritableDisk, readExactly } from '../../../runtime/index.js';
import { planRepair, repairImage } from '../../../runtime/change/repair.js';
import { LIMITS } from '../../../runtime/base/limits.js';
import { planLogReplay, replayLog } from '../../../runtime/change/replay.js';
import { GIB, IDS, type ImageSpec, MIB, TestImage, TIB } from '../../support/image-builder.js';
import type { LogEntrySpec } from '../../support/log-entries.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { codeOf } from '../../support/reason.js';

const CODE = 'VHDX_LOG_REPLAY_TOO_LARGE';

function pending(entry: Partial<LogEntrySpec>, spec: ImageSpec = {}): TestImage {
  const image = new TestImage({ logGuid: IDS.log, allocate: [0], ...spec });
  image.addLogEntry(0, { sequenceNumber: 1n, ...entry });
  return image;
}

/** The most that the disk of 16 MiB can need, in a file of that size with one chunk. */
function mostOf(image: TestImage): number {
  return image.size + LIMITS.allocatedAheadBytes + image.batLength + image.metadataLength + 16 * MIB + MIB;
}

describe.each([
  ['LastFileOffset', (): TestImage => pending({ lastFileOffset: 12 * TIB })],
  [
    'a descriptor that LastFileOffset makes room for',
    (): TestImage =>
      pending({
        lastFileOffset: 12 * TIB,
        writes: [{ kind: 'data', fileOffset: 12 * TIB - MIB, bytes: new Uint8Array(4096).fill(1) }],
      }),
  ],
  [
    'zeros as far as that',
    (): TestImage =>
      pending({
        lastFileOffset: 12 * TIB,
        writes: [{ kind: 'zero', fileOffset: 12 * TIB - MIB, length: MIB }],
      }),
  ],
])('a file of some MiB that would have 12 TiB: %s', (_, build) => {
  test.each([
    ['replay', (target: RecordingTarget): Promise<unknown> => replayLog(target)],
    ['openWritableDisk', (target: RecordingTarget): Promise<unknown> => openWritableDisk(target)],
    ['planLogReplay', (target: RecordingTarget): Promise<unknown> => planLogReplay(target)],
  ])('%s → refused, before the first write', async (_name, work) => {
    const target = new RecordingTarget(build().source);
    expect(await codeOf(work(target))).toBe(CODE);
    expect(target.operations).toEqual([]);
  });

  test('replay → the error has the severity of the finding, for the image can be read', async () => {
    const refused = replayLog(new RecordingTarget(build().source));
    await expect(refused).rejects.toMatchObject({ code: CODE, severity: 'refuse-write' });
  });

  test('check → says so, and does not advise to replay the log', async () => {
    const { verdict, findings } = await checkImage(build().source);
    expect(verdict).toBe('needs-attention');
    const found = findings.find(({ code }) => code === CODE);
    expect(found).toMatchObject({ severity: 'refuse-write', rule: 'D21' });
    expect(found?.message).toMatch(/would make the file of \d+ MiB 12 TiB long/);
    expect(findings.find(({ code }) => code === 'VHDX_LOG_PENDING')?.fix).toBeUndefined();
  });

  test('repair → the log is left, and the plan says why', async () => {
    const image = build();
    const { steps, refusals } = await planRepair(image.source);
    expect([steps.length, refusals[0]?.message]).toEqual([0, expect.stringContaining('12 TiB')]);
    const target = new RecordingTarget(image.source);
    await repairImage(target);
    expect(target.operations).toEqual([]);
  });

  test('reading → as ever', async () => {
    const image = build();
    const disk = await openDisk(image.source);
    expect((await readExactly(disk, 0, MIB)).length).toBe(MIB);
  });
});

describe('a file that grows by what its disk can need', () => {
  test('up to the limit → replayed; a MiB more → refused', async () => {
    const { size } = new TestImage({ allocate: [0] });
    const most = mostOf(new TestImage({ allocate: [0] }));
    const target = new RecordingTarget(pending({ lastFileOffset: most }).source);
    expect(await replayLog(target)).toMatchObject({ fileSize: size, newFileSize: most });
    expect(await codeOf(replayLog(new RecordingTarget(pending({ lastFileOffset: most + MIB }).source)))).toBe(CODE);
  });

  test('all blocks of a large disk at once → replayed', async () => {
    const image = pending({ lastFileOffset: 12 * TIB }, { virtualSize: 12 * TIB, blockSize: 32 * MIB });
    expect(await replayLog(new RecordingTarget(image.source))).toMatchObject({ newFileSize: 12 * TIB });
  });

  test('a plan for a repair → says what the file grows to', async () => {
    const { steps } = await planRepair(pending({ lastFileOffset: 9 * MIB }).source);
    expect(steps[0]?.message).toContain('the file grows from 5 MiB to 9 MiB');
  });

  test('a file longer than its disk needs already → replayed', async () => {
    const image = pending({ lastFileOffset: 4 * MIB });
    image.size = 20 * GIB;
    expect(await replayLog(new RecordingTarget(image.source))).toMatchObject({ newFileSize: 20 * GIB });
  });

  test('a disk of which nothing is known → some GiB, and no more', async () => {
    const build = (lastFileOffset: number): TestImage => {
      const image = pending({ lastFileOffset });
      image.flip(image.metadataOffset);
      return image;
    };
    expect(await replayLog(new RecordingTarget(build(4 * GIB).source))).toMatchObject({ newFileSize: 4 * GIB });
    expect(await codeOf(replayLog(new RecordingTarget(build(12 * TIB).source)))).toBe(CODE);
  });
});
