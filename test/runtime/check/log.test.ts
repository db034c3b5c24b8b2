import { expect, test } from 'vitest';
import { brief, check } from '../../support/findings.js';
import { GIB, IDS, type ImageSpec, MIB, TestImage } from '../../support/image-builder.js';
import type { LoggedWrite } from '../../support/log-entries.js';

const PENDING: ImageSpec = { logGuid: IDS.log, allocate: [0] };
const BAT = 2 * MIB;

/** A sector of the BAT in which block 1 is ZERO. */
function batSector(): Uint8Array {
  const image = new TestImage({ allocate: [0] }).setBat(1, { state: 2 });
  return image.source.bytes(BAT, 4096);
}

const WRITE: LoggedWrite = { kind: 'data', fileOffset: BAT, bytes: batSector() };

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

test('zero descriptors for 4 TiB in all → those behind them are not looked up', async () => {
  const block = 4 * MIB;
  const zeros = (count: number): LoggedWrite[] => [
    ...Array.from({ length: count }, (): LoggedWrite => ({ kind: 'zero', fileOffset: GIB, length: GIB })),
    { kind: 'zero', fileOffset: block, length: 4096 },
  ];
  const found: number[] = [];
  for (const count of [1, 4096]) {
    const image = new TestImage(PENDING);
    image.size = 2 * GIB;
    image.addLogEntry(0, { sequenceNumber: 5n, writes: zeros(count) });
    const { groups } = await check(image);
    found.push(groups.find(({ code }) => code === 'VHDX_LOG_TARGET_PAYLOAD')?.count ?? 0);
  }
  expect(found).toEqual([1, 0]);
});

test('damaged entry after the active sequence → information, as a torn write leaves it', async () => {
  const image = new TestImage(PENDING);
  const length = image.addLogEntry(0, { sequenceNumber: 5n });
  image.addLogEntry(length, { sequenceNumber: 6n, tail: 0, writes: [WRITE], breakChecksum: true });
  expect((await check(image)).findings.map(brief)).toEqual(['D4 info', 'E12 refuse-write']);
});

test('pending log of a file that has been cut off → no advice to replay it', async () => {
  const image = new TestImage(PENDING);
  image.addLogEntry(0, { sequenceNumber: 5n, flushedFileOffset: 64 * MIB, lastFileOffset: 5 * MIB });
  const { findings } = await check(image);
  expect(findings.map(({ rule, fix }) => [rule, fix])).toEqual([
    ['E7', 'Restore the file from a backup.'],
    ['E12', undefined],
  ]);
});

test('schema-made message → what is there and what is expected, a checksum in hex', async () => {
  const image = new TestImage();
  image.poke(0x20004, 1, 2, 3, 4);
  image.poke(3 * MIB + 8, 1);
  const [checksum, reserved] = (await check(image)).findings;
  expect(checksum?.message).toMatch(
    /^A header has a wrong checksum: headers\[1\]\.checksum at 0x20004 is 0x4030201, but the CRC-32C of the bytes is 0x[0-9a-f]+\.$/,
  );
  expect(reserved?.message).toBe(
    'Reserved fields of the metadata table are not zero: metadata_table.reserved at 0x300008 is 1, expected 0.',
  );
});
