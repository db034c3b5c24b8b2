import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkImage } from '../../../runtime/check/check.js';
import { VhdxError } from '../../../runtime/errors/errors.js';
import { inspectImage } from '../../../runtime/image/info.js';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { openVhdx } from '../../../runtime/image/open.js';
import { GIB, IDS, KIB, MIB, TestImage } from '../../support/image-builder.js';

test('sound image → its parts', async () => {
  const image = new TestImage({ allocate: [3], creator: 'someone' });
  const opened = await openVhdx(image.source);
  expect(opened).toMatchObject({
    creator: 'someone',
    header: { index: 1 },
    log: { state: 'clean' },
    disk: { type: 'dynamic', virtualSize: 16 * MIB, blockSize: MIB, logicalSectorSize: 512, physicalSectorSize: 4096 },
    findings: [],
  });
  expect(await opened.bat.payloadEntry(3)).toEqual({ state: 6, fileOffsetMb: 4 });
});

test('damaged header copy → opened, with the finding', async () => {
  const image = new TestImage();
  image.flip(128 * KIB);
  const opened = await openVhdx(image.source);
  expect(opened.header.index).toBe(0);
  expect(opened.findings.map(({ code }) => code)).toEqual(['VHDX_HEADER_SIGNATURE_MISMATCH']);
});

test('error → thrown with code, rule, section and place', async () => {
  const image = new TestImage();
  image.flip(3 * MIB);
  const failure = await openVhdx(image.source).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(VhdxError);
  expect(failure).toMatchObject({
    code: 'VHDX_METADATA_SIGNATURE_MISMATCH',
    rule: 'F1',
    section: '2.6.1.1',
    fileOffset: 3 * MIB,
  });
});

test('inspection of a differencing disk → everything there is to know', async () => {
  const image = new TestImage({
    type: 'differencing',
    virtualSize: 5 * GIB,
    allocate: [0, 4096],
    allocateAs: 7,
    bitmaps: [0, 1],
  });
  expect(await inspectImage(image.source)).toMatchObject({
    type: 'differencing',
    virtualDiskId: IDS.disk,
    dataWriteGuid: IDS.dataWrite,
    header: { current: 1, fileOffset: 128 * KIB, sequenceNumber: 8n, version: 1, logVersion: 0 },
    log: { state: 'clean', fileOffset: MIB, length: MIB },
    regions: [
      { name: 'bat', fileOffset: 2 * MIB },
      { name: 'metadata', fileOffset: 3 * MIB },
    ],
    bat: { entries: 8194, payloadBlocks: 5120, sectorBitmapBlocks: 2, chunkRatio: 4096 },
    blocks: { notPresent: 5118, partiallyPresent: 2, allocated: 2 },
    parent: { entries: [{ key: 'parent_linkage', value: `{${IDS.parent}}` }, {}, {}] },
  });
});

describe('what is no VHDX', () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const mbr = new Uint8Array(1024);
  mbr.set([0x55, 0xaa], 510);
  const vhd = new Uint8Array(2048);
  vhd.set(text('conectix'), 1536);
  test.each([
    ['empty file', new Uint8Array(), 'an empty file'],
    ['one byte', Uint8Array.of(118), undefined],
    ['seven bytes of the signature', text('vhdxfil'), undefined],
    ['random bytes', Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) & 0xff), undefined],
    [
      'dynamic VHD',
      text('conectix etc.'),
      'a dynamic or differencing VHD (the older format of Virtual PC and Hyper-V)',
    ],
    ['fixed VHD', vhd, 'a fixed VHD (the older format of Virtual PC and Hyper-V)'],
    ['QCOW2', Uint8Array.of(0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3), 'a QCOW2 (QEMU)'],
    ['raw disk', mbr, 'a raw disk image (with a boot sector)'],
  ])('%s → not a VHDX', async (_, bytes, looksLike) => {
    const report = await checkImage(new MemorySource(bytes));
    expect(report).toMatchObject({ verdict: 'not-vhdx', looksLike, findings: [{ rule: 'A2' }] });
    await expect(openVhdx(new MemorySource(bytes))).rejects.toMatchObject({ code: 'VHDX_SIGNATURE_MISMATCH' });
  });
});

/** An image with something of everything, 8 MiB. */
function richImage(): TestImage {
  const image = new TestImage({
    type: 'differencing',
    logGuid: IDS.log,
    allocate: [0, 1],
    allocateAs: 7,
    bitmaps: [0],
  });
  image.addLogEntry(0, {
    sequenceNumber: 1n,
    writes: [{ kind: 'zero', fileOffset: 2 * MIB + 512 * KIB, length: 4096 }],
  });
  return image;
}

test('image cut off anywhere → a report, and never clean', async () => {
  const bytes = richImage().toBytes();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.nat(bytes.length - 1),
        fc.nat(16).map((n) => Math.min(n * 64 * KIB, bytes.length - 1)),
      ),
      async (length) => {
        const report = await checkImage(new MemorySource(bytes.subarray(0, length)));
        expect(['corrupt', 'not-vhdx']).toContain(report.verdict);
      },
    ),
    { numRuns: 200, seed: 5 },
  );
});

test('image with random changes → a report, and open agrees with it', async () => {
  const original = richImage();
  // Places where there are structures.
  const spots = [
    0,
    64 * KIB,
    128 * KIB,
    192 * KIB,
    256 * KIB,
    MIB,
    MIB + 4096,
    2 * MIB,
    2 * MIB + 4096 * 8,
    3 * MIB,
    3 * MIB + 64 * KIB,
  ];
  const change = fc.tuple(fc.constantFrom(...spots), fc.nat(200), fc.integer({ min: 0, max: 255 }));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), fc.boolean(), async (changes, refix) => {
      const image = original.copy();
      for (const [spot, offset, value] of changes) image.poke(spot + offset, value);
      if (refix) image.editRegionTableBytes('both', () => undefined).editHeader('both', () => undefined);
      const report = await checkImage(image.source);
      const failure: unknown = await openVhdx(image.source).then(
        () => undefined,
        (error: unknown) => error,
      );
      // The opener reads no BAT entry, so it does not see what is wrong with one.
      const first = report.findings.find(({ severity, rule }) => severity === 'error' && !/^I(?!1$)/.test(rule));
      expect(failure instanceof VhdxError ? failure.code : failure).toBe(first?.code);
    }),
    { numRuns: 1500, seed: 6 },
  );
});

test('headers of one sequence number that differ, each with a log → no log is chosen; what is behind them is checked', async () => {
  const image = new TestImage({ logGuid: IDS.log }).setBat(1, { state: 5 });
  image.addLogEntry(0, { sequenceNumber: 1n });
  image.editHeader('both', (header) => (header.sequenceNumber = 7n));
  image.editHeader(0, (header) => (header.dataWriteGuid.data2 ^= 5));
  const { findings } = await checkImage(image.source);
  const codes = findings.map(({ code }) => code);
  expect(codes).toEqual(['VHDX_HEADER_SEQUENCE_EQUAL', 'VHDX_BAT_STATE_RESERVED']);
});
