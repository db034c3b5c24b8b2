import { describe, expect, test } from 'vitest';
import { checkImage } from '../../../runtime/check/check.js';
import { openDisk } from '../../../runtime/disk/disk.js';
import { readExactly } from '../../../runtime/io/byte-source.js';
import { type CreateOptions, type CreateReport, createVhdx } from '../../../runtime/create/create.js';
import type { ContentsPart } from '../../../runtime/create/contents.js';
import { KIB, MIB, TIB } from '../../support/image-builder.js';
import { Random } from '../../support/random.js';
import { RecordingTarget } from '../../support/recording-target.js';
import { SparseSource } from '../../support/sparse-source.js';

/** The parts, one after the other in one buffer, as a reader of files has it. */
async function* inTurn(parts: readonly ContentsPart[]): AsyncGenerator<ContentsPart> {
  const buffer = new Uint8Array(Math.max(0, ...parts.map(({ bytes }) => bytes.length)));
  for (const { position, bytes } of parts) {
    buffer.set(bytes);
    yield { position, bytes: buffer.subarray(0, bytes.length) };
    buffer.fill(0xee);
  }
}

interface Made {
  readonly file: SparseSource;
  readonly report: CreateReport;
}

async function made(parts: readonly ContentsPart[], options: CreateOptions): Promise<Made> {
  const target = new RecordingTarget(new SparseSource());
  const report = await createVhdx(target, { ...options, contents: inTurn(parts) });
  expect(report.fileSize).toBe(target.file.size);
  return { file: target.file, report };
}

const part = (position: number, length: number, byte = 0xab): ContentsPart => ({
  position,
  bytes: new Uint8Array(length).fill(byte),
});

async function contentsOf(file: SparseSource, length?: number): Promise<Uint8Array> {
  const disk = await openDisk(file);
  return readExactly(disk, 0, length ?? disk.size);
}

async function verdictOf(file: SparseSource): Promise<string> {
  const { verdict, findings } = await checkImage(file);
  return [verdict, ...findings.flatMap(({ severity, message }) => (severity === 'info' ? [] : [message]))].join(' ');
}

/** Parts of random length at random places, some of them zeros, in ascending order. */
function randomParts(random: Random, size: number): ContentsPart[] {
  const parts: ContentsPart[] = [];
  for (let position = 0; position < size;) {
    const length = Math.min(size - position, 1 + random.below(random.pick([512, 200 * KIB, 3 * MIB])));
    if (!random.oneIn(3)) parts.push(part(position, length, random.oneIn(4) ? 0 : 1 + random.below(255)));
    position += length;
  }
  return parts;
}

describe('random contents', () => {
  const seeds = Array.from({ length: 24 }, (_, seed) => seed);

  test.each(seeds)('seed %d → read as they were given, of either type, with the size known or not', async (seed) => {
    const random = new Random(seed);
    const size = 512 * (1 + random.below(40 * 1024));
    const parts = randomParts(random, size);
    const expected = new Uint8Array(size);
    for (const { position, bytes } of parts) expected.set(bytes, position);
    const blockSize = random.pick([1, 2, 4]) * MIB;
    const end = parts.reduce((last, { position, bytes }) => Math.max(last, position + bytes.length), 0);
    for (const type of ['dynamic', 'fixed'] as const) {
      for (const given of end === 0 ? [size] : [size, undefined]) {
        const { file, report } = await made(parts, { type, blockSize, size: given });
        expect(report.virtualSize).toBe(given ?? Math.ceil(end / 512) * 512);
        expect(Buffer.compare(await contentsOf(file), expected.subarray(0, report.virtualSize))).toBe(0);
        expect(await verdictOf(file)).toBe('clean');
      }
    }
  });
});

describe('storage', () => {
  /** Blocks that have storage. */
  async function allocated(file: SparseSource): Promise<number[]> {
    const { bat } = (await openDisk(file)).image;
    const found: number[] = [];
    for (let block = 0; block < bat.geometry.payloadBlocks; block += 1) {
      if ((await bat.payloadEntry(block)).state === 6) found.push(block);
    }
    return found;
  }

  test('a block with one byte, one of zeros, one never given → storage for the first alone', async () => {
    const parts = [part(MIB + 5, 1), part(2 * MIB, MIB, 0)];
    const { file } = await made(parts, { size: 4 * MIB, blockSize: MIB });
    expect(await allocated(file)).toEqual([1]);
    expect(file.size).toBe((4 + 1) * MIB);
  });

  test('a part across blocks of which one is zeros → no storage for that one', async () => {
    const bytes = new Uint8Array(3 * MIB).fill(1, 0, MIB).fill(1, 3 * MIB - 1);
    const { file } = await made([{ position: MIB / 2, bytes }], { size: 8 * MIB, blockSize: MIB });
    expect(await allocated(file)).toEqual([0, 1, 3]);
  });

  test('zeros before the first byte of a block → the block reads as zeros there', async () => {
    const { file } = await made([part(0, 512, 0), part(512, 512), part(1024, 512, 0)], { size: MIB });
    expect([...(await contentsOf(file, 1536))].map((byte) => byte > 0)).toEqual(
      Array.from({ length: 1536 }, (_, at) => at >= 512 && at < 1024),
    );
  });

  test('the last blocks of 64 TiB → two of them, and a BAT that is written in part', async () => {
    const parts = [part(0, 512), part(64 * TIB - 512, 512)];
    const { file, report } = await made(parts, { size: 64 * TIB, blockSize: MIB });
    expect(report.fileSize).toBe((516 + 2) * MIB);
    expect(file.memory).toBeLessThan(4 * MIB);
    const disk = await openDisk(file);
    expect(await readExactly(disk, 64 * TIB - 512, 512)).toEqual(new Uint8Array(512).fill(0xab));
    expect(await readExactly(disk, 64 * TIB - 1024, 512)).toEqual(new Uint8Array(512));
  });
});

describe('a size that is known only at the end', () => {
  test('→ that of the contents; the BAT lies behind the blocks', async () => {
    const { file, report } = await made([part(0, 3 * MIB), part(3 * MIB, 100)], { blockSize: MIB });
    expect(report.virtualSize).toBe(3 * MIB + 512);
    const { image } = await openDisk(file);
    expect(image.regions.metadata?.fileOffset).toBe(2 * MIB);
    expect(image.bat.fileOffset).toBe((3 + 4) * MIB);
    expect(file.size).toBe(8 * MIB);
  });

  test('sectors of 4096 bytes → rounded up to one of them', async () => {
    const { report } = await made([part(0, 4097)], { logicalSectorSize: 4096 });
    expect(report.virtualSize).toBe(8192);
  });

  test.each(['dynamic', 'fixed'] as const)('no contents, %s → refused', async (type) => {
    await expect(made([], { type })).rejects.toMatchObject({ code: 'VHDX_CREATE_SIZE_INVALID' });
  });

  test('contents past 64 TiB → refused', async () => {
    await expect(made([part(64 * TIB, 1)], {})).rejects.toMatchObject({ code: 'VHDX_CREATE_SIZE_INVALID' });
  });
});

describe('contents that cannot be taken', () => {
  test.each(['dynamic', 'fixed'] as const)('more than the disk has, %s → refused', async (type) => {
    const parts = [part(0, MIB), part(MIB, 1)];
    await expect(made(parts, { type, size: MIB })).rejects.toMatchObject({
      code: 'VHDX_CREATE_SIZE_INVALID',
      message: expect.stringContaining('do not fit') as string,
    });
  });

  test('not in ascending order → RangeError', async () => {
    await expect(made([part(512, 512), part(0, 512)], { size: MIB })).rejects.toThrow(RangeError);
    await expect(made([part(0, 513), part(512, 512)], { size: MIB })).rejects.toThrow(RangeError);
  });

  test('their source fails → what it said, and no VHDX', async () => {
    const fault = new Error('the network is gone');
    async function* broken(): AsyncGenerator<ContentsPart> {
      yield part(0, MIB);
      throw fault;
    }
    const target = new RecordingTarget(new SparseSource());
    await expect(createVhdx(target, { contents: broken() })).rejects.toBe(fault);
    expect((await checkImage(target)).verdict).toBe('not-vhdx');
  });
});
