import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { isZero } from '../../../runtime/base/bytes.js';
import { checkImage } from '../../../runtime/check/check.js';
import { inspectImage } from '../../../runtime/image/info.js';
import { openVhdx } from '../../../runtime/image/open.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { brief } from '../../support/findings.js';
import { KIB, MIB } from '../../support/image-builder.js';
import { refixChecksum } from '../../support/log-entries.js';
import { noRealImages, type RealImage, realImage } from '../../support/real-images.js';
import { SparseSource } from '../../support/sparse-source.js';

/** One of the real images; zeros take no memory. */
function load(name: RealImage): SparseSource {
  const bytes = readFileSync(realImage(name));
  const source = new SparseSource(bytes.length);
  for (let at = 0; at < bytes.length; at += 64 * KIB) {
    const part = bytes.subarray(at, at + 64 * KIB);
    if (!isZero(part)) source.write(part, at);
  }
  return source;
}

if (noRealImages !== undefined) console.warn(`skipped: real images: ${noRealImages}`);

describe.skipIf(noRealImages !== undefined)('real images', () => {
  let windows = new SparseSource();
  let dirty = new SparseSource();
  let disk2vhd = new SparseSource();
  beforeAll(() => {
    windows = load('iotest-dynamic-1G');
    dirty = load('iotest-dirtylog-10G-4M');
    disk2vhd = load('test-disk2vhd');
  });

  test('Windows Server 2012 → clean; the stale entry behind its metadata table is no finding', async () => {
    const report = await checkImage(windows);
    expect(report).toMatchObject({ verdict: 'clean', space: { freeBytes: 0 } });
    expect(report.findings).toEqual([]);
    expect(await inspectImage(windows)).toMatchObject({
      creator: 'Microsoft Windows 6.2.9200.16384',
      type: 'dynamic',
      virtualSize: 1024 * MIB,
      blockSize: 32 * MIB,
      logicalSectorSize: 512,
      physicalSectorSize: 4096,
      blocks: { zero: 29, fullyPresent: 3 },
    });
  });

  test.each(['swap', 'btrfs'] as const)('Windows 10 (%s) → clean, nothing found', async (name) => {
    expect((await checkImage(load(name))).findings).toEqual([]);
  });

  /** What QEMU leaves in every image that it has written to: flags of regions, and the DataWriteGuid of one header. */
  const QEMU = ['B7 warning', 'C13 warning', 'C13 warning'];

  test('QEMU 5.2, more than 4 GiB → clean; its garbage is a warning that names the fault', async () => {
    const report = await checkImage(load('qemu-5.2-convert-6G'));
    expect([report.verdict, report.findings.map(brief)]).toEqual(['clean', [...QEMU, 'I18 warning', 'A8 info']]);
    const found = report.findings.find(({ rule }) => rule === 'I18');
    expect(found).toMatchObject({ path: 'bat[256]', message: expect.stringContaining('QEMU issue 727') });
  });

  test('QEMU 5.2, blocks 5, 3 and 0 in this order → a warning that 4 and 6 may belong one place lower', async () => {
    const report = await checkImage(load('qemu-5.2-issue727-shifted-900M'));
    expect([report.verdict, report.findings.map(brief)]).toEqual(['clean', [...QEMU, 'I18 warning', 'A8 info']]);
    expect(report.findings.find(({ rule }) => rule === 'I18')).toMatchObject({
      code: 'VHDX_BAT_ENTRIES_SHIFTED',
      path: 'bat[4]',
      message: expect.stringMatching(/^bat\[4\] at 0x200020 and 1 more entry .* bat\[113\] .*QEMU issue 727/),
    });
  });

  test("Hyper-V's own pending log → needs attention, and nothing else but its sizes", async () => {
    const report = await checkImage(load('vhdx-log-replay'));
    expect([report.verdict, report.findings.map(brief)]).toEqual(['needs-attention', ['D12 info', 'E12 refuse-write']]);
  });

  test('Disk2vhd → clean; its identical headers are a warning', async () => {
    const report = await checkImage(disk2vhd);
    expect(report.verdict).toBe('clean');
    expect(report.findings.map(brief)).toEqual(['B4 warning', 'A7 info', 'A6 warning']);
  });

  test('QEMU with a pending log → needs attention; the entry, its descriptor and its target are named', async () => {
    const report = await checkImage(dirty);
    expect(report.verdict).toBe('needs-attention');
    expect(report.view).toBe('replayed');
    expect(report.counts).toMatchObject({ error: 0, 'refuse-write': 1 });
    const pending = report.findings.find(({ rule }) => rule === 'E12');
    expect(pending?.fileOffset).toBe(0x10c000);
    expect(pending?.message).toContain(
      'the data descriptor at 0x10c040 writes 4096 bytes at 0x200000 (the BAT region)',
    );
  });

  test('QEMU with a pending log → through the overlay the first 18 blocks are 0xa5, and the file is as before', async () => {
    const before = dirty.bytes(0, dirty.size);
    const { bat, view } = await openVhdx(dirty);
    for (let block = 0; block < 18; block += 1) {
      const { state, fileOffsetMb } = await bat.payloadEntry(block);
      expect(state).toBe(6);
      const bytes = await readExactly(view, fileOffsetMb * MIB, MIB);
      expect(bytes.every((byte) => byte === 0xa5)).toBe(true);
    }
    expect(await bat.payloadEntry(18)).toEqual({ state: 0, fileOffsetMb: 0 });
    expect(Buffer.compare(dirty.bytes(0, dirty.size), before)).toBe(0);
  });

  /** The damages that no other tool tells rightly, on the image made by Windows. */
  const damages: readonly (readonly [string, (image: SparseSource) => void, readonly string[], number])[] = [
    [
      'both headers',
      (image) => [64, 128].forEach((at) => flip(image, at * KIB + 100)),
      ['B3 error', 'B2 error', 'B2 error'],
      64 * KIB + 4,
    ],
    ['one header', (image) => flip(image, 128 * KIB + 100), ['B2 refuse-write'], 128 * KIB + 4],
    ['region table 1', (image) => flip(image, 192 * KIB + 100), ['C1 refuse-write'], 192 * KIB + 4],
    ['two BAT entries on one block', (image) => copyEntry(image, 0, 5), ['I9 error'], 3 * MIB + 5 * 8],
    ['reserved state 4', (image) => image.write(Uint8Array.of(4), 3 * MIB + 7 * 8), ['I5 error'], 3 * MIB + 7 * 8],
    [
      'state 7 in a disk without a parent',
      (image) => image.write(Uint8Array.of(7, 0, 0x40, 6), 3 * MIB + 7 * 8),
      ['I6 error', 'I8 error'],
      3 * MIB + 7 * 8,
    ],
    [
      'block past the end of the file',
      (image) => image.write(Uint8Array.of(6, 0, 0, 0, 1), 3 * MIB + 7 * 8),
      ['I8 error'],
      3 * MIB + 7 * 8,
    ],
    [
      'block inside of the log',
      (image) => image.write(Uint8Array.of(6, 0, 0x10, 0), 3 * MIB + 7 * 8),
      ['I10 error'],
      3 * MIB + 7 * 8,
    ],
    ['8 MiB unreferenced', (image) => void (image.size += 8 * MIB), ['A7 info'], 100 * MIB],
    ['LogGuid without a log entry', (image) => setLogGuid(image), ['E6 error', 'D5 info'], MIB],
    ['signature', (image) => flip(image, 0), ['A2 error'], 0],
  ];

  function flip(image: SparseSource, position: number): void {
    const [byte = 0] = image.bytes(position, 1);
    image.write(Uint8Array.of(byte ^ 1), position);
  }

  function copyEntry(image: SparseSource, from: number, to: number): void {
    const entries = Array.from({ length: 32 }, (_, index) => image.bytes(3 * MIB + index * 8, 8));
    const entry = entries.filter(([state]) => state === 6)[from];
    if (entry === undefined) throw new Error('no block');
    image.write(entry, 3 * MIB + to * 8);
  }

  function setLogGuid(image: SparseSource): void {
    for (const at of [64 * KIB, 128 * KIB]) {
      const header = image.bytes(at, 4096);
      header[48] = 1;
      refixChecksum(header, 4);
      image.write(header, at);
    }
  }

  test.each(damages)('damage of a Windows image: %s → found with its place', async (_, damage, finds, at) => {
    const image = windows.copy();
    damage(image);
    const report = await checkImage(image);
    expect(report.findings.map(brief)).toEqual(finds);
    expect(report.findings.find(({ rule }) => rule !== 'B3')?.fileOffset).toBe(at);
  });
});
