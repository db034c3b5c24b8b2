/** What programs in the field write is no damage: the check says what it is, and the contents are read. */
import { describe, expect, test } from 'vitest';
import { checkImage } from '../../../runtime/check/check.js';
import { replayLog } from '../../../runtime/change/replay.js';
import { openDisk } from '../../../runtime/disk/disk.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { expectBytes } from '../../support/bytes.js';
import { brief } from '../../support/findings.js';
import type { TestImage } from '../../support/image-builder.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { HABITS } from '../../support/writer-habits.js';

async function expectContents(image: TestImage, contents: ReadonlyMap<number, Uint8Array>): Promise<void> {
  const disk = await openDisk(image.source);
  for (let block = 0; block < image.payloadBlocks; block += 1) {
    const start = block * image.blockSize;
    const length = Math.min(128 * 1024, disk.size - start);
    const wanted = new Uint8Array(length);
    wanted.set(contents.get(block) ?? new Uint8Array(0));
    expectBytes(await readExactly(disk, start, length), wanted);
  }
  await disk.close();
}

describe.each(HABITS)('$writer: $what', ({ finds, verdict, make }) => {
  test('check → no error', async () => {
    const { image } = make();
    const report = await checkImage(image.source);
    expect([report.verdict, report.findings.map(brief)]).toEqual([verdict, finds]);
  });

  test('reading → every block, and the file as it was', async () => {
    const { image, contents } = make();
    const before = image.toBytes();
    await expectContents(image, contents);
    expectBytes(image.toBytes(), before);
  });

  test('replay → the same contents, and no log', async () => {
    const { image, contents } = make();
    await replayLog(new RecordingTarget(image.source));
    await expectContents(image, contents);
    expect((await checkImage(image.source)).findings.map(({ rule }) => rule)).not.toContain('E12');
  });
});
