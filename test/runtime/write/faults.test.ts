/** Faults of the host: whoever is told that something is done can rely on it, and nobody waits for a close in vain. */
import { describe, expect, test } from 'vitest';
import { checkImage, openDisk, openWritableDisk, readExactly, VhdxError } from '../../../runtime/index.js';
import { noise } from '../../support/bytes.js';
import { buildChain } from '../../support/chain-model.js';
import { MIB, TestImage } from '../../support/image-builder.js';
import { codeOf } from '../../support/reason.js';
import { type Operation, RecordingTarget } from '../../support/recording-target.js';

/** What a host may say: lack of room at first hand, and anything else. */
const FAULTS = ['VHDX_TARGET_IO', 'VHDX_TARGET_FULL'] as const;

/** A target that counts how often it is closed, and fails from its `failing`th operation on, or only then. */
class FailingTarget extends RecordingTarget {
  closed = 0;

  constructor(
    image: TestImage,
    code: (typeof FAULTS)[number],
    fails: (count: number, operation: Operation) => boolean,
  ) {
    let count = 0;
    super(image.source, (operation) => {
      count += 1;
      if (fails(count, operation)) throw new VhdxError(code, { message: 'the cable is out' });
    });
  }

  close(): Promise<void> {
    this.closed += 1;
    return Promise.resolve();
  }
}

/** A change of the disk, and what the disk holds once it has been accepted. */
interface Step {
  readonly what: string;
  readonly block: number;
  readonly bytes: Uint8Array | undefined;
}

const STEPS: readonly Step[] = [
  { what: 'a new block', block: 2, bytes: noise(4096, 1) },
  { what: 'a block in place', block: 1, bytes: noise(4096, 2) },
  { what: 'another new block', block: 8, bytes: noise(4096, 3) },
  { what: 'a discarded block', block: 1, bytes: undefined },
  { what: 'the first block once more', block: 2, bytes: noise(4096, 4) },
];

describe.each(FAULTS)('%s at any operation', (code) => {
  test.each([
    [
      'once',
      (failing: number) =>
        (count: number): boolean =>
          count === failing,
    ],
    [
      'from then on',
      (failing: number) =>
        (count: number): boolean =>
          count >= failing,
    ],
  ])('%s → whoever hears that it is closed has everything that was accepted', async (_, rule) => {
    let failures = 0;
    for (let failing = 1; failing < 60; failing += 1) {
      const image = new TestImage({ allocate: [1] });
      const target = new FailingTarget(image, code, rule(failing));
      const disk = await openWritableDisk(target);
      const accepted = new Map<number, Uint8Array>();
      for (const [index, { block, bytes }] of STEPS.entries()) {
        const change = bytes === undefined ? disk.discard(block * MIB, MIB) : disk.write(bytes, block * MIB);
        if ((await codeOf(change)) === 'done') accepted.set(block, bytes ?? new Uint8Array(4096));
        else accepted.delete(block);
        if (index === 2) await codeOf(disk.flush());
      }
      const closed = await codeOf(disk.close());
      expect(target.closed).toBe(1);
      if (closed !== 'done') {
        failures += 1;
        expect(['VHDX_DISK_POISONED', code]).toContain(closed);
      } else {
        const after = await openDisk(image.source);
        for (const [block, bytes] of accepted) {
          expect(Buffer.compare(await readExactly(after, block * MIB, 4096), bytes), `block ${block}`).toBe(0);
        }
      }
      const { findings } = await checkImage(image.source);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
    expect(failures).toBeGreaterThan(5);
  });
});

test('accepted, then a fault while the file grows → close() closes the file and says VHDX_DISK_POISONED', async () => {
  const image = new TestImage();
  let truncates = 0;
  const target = new FailingTarget(image, 'VHDX_TARGET_IO', (_, { kind }) => {
    truncates += Number(kind === 'truncate');
    return kind === 'truncate' && truncates === 2;
  });
  const disk = await openWritableDisk(target);
  expect(await codeOf(disk.write(noise(4096, 1), 0))).toBe('done');
  // The file has grown by more than the first one needs.
  expect(await codeOf(disk.write(noise(4096, 2), 4 * MIB))).toBe('done');
  expect(await codeOf(disk.write(noise(4096, 3), 8 * MIB))).toBe('VHDX_TARGET_IO');
  expect(await codeOf(disk.close())).toBe('VHDX_DISK_POISONED');
  expect(target.closed).toBe(1);
});

test('everything flushed, then a fault → close() is done: nothing that was accepted is missing', async () => {
  const image = new TestImage();
  let isBroken = false;
  const target = new FailingTarget(image, 'VHDX_TARGET_IO', () => isBroken);
  const disk = await openWritableDisk(target);
  await disk.write(noise(4096, 1), 0);
  await disk.flush();
  isBroken = true;
  expect(await codeOf(disk.write(noise(4096, 2), 0))).toBe('VHDX_TARGET_IO');
  expect(await codeOf(disk.close())).toBe('done');
  const after = await openDisk(image.source);
  expect(Buffer.compare(await readExactly(after, 0, 4096), noise(4096, 1))).toBe(0);
});

test('a flush that fails while others wait for the next one → none of them is told that it is done', async () => {
  const image = new TestImage({ allocate: [0] });
  let isBroken = false;
  const target = new FailingTarget(image, 'VHDX_TARGET_IO', (_, { kind }) => isBroken && kind === 'flush');
  const disk = await openWritableDisk(target);
  await disk.write(noise(4096, 1), 0);
  isBroken = true;
  const flushes = [disk.flush(), disk.flush(), disk.flush()];
  expect(await Promise.all(flushes.map(codeOf))).toEqual([
    'VHDX_TARGET_IO',
    'VHDX_DISK_POISONED',
    'VHDX_DISK_POISONED',
  ]);
  expect(await codeOf(disk.close())).toBe('VHDX_DISK_POISONED');
});

test('a log entry that cannot be written while others wait → none of them is told that a discard is done', async () => {
  const image = new TestImage({ allocate: [0] });
  let isBroken = false;
  const target = new FailingTarget(image, 'VHDX_TARGET_IO', (_, { kind }) => isBroken && kind === 'write');
  const disk = await openWritableDisk(target);
  await disk.discard(0, MIB);
  isBroken = true;
  const flushes = [disk.flush(), disk.flush()];
  expect(await Promise.all(flushes.map(codeOf))).toEqual(['VHDX_TARGET_IO', 'VHDX_DISK_POISONED']);
  expect(await codeOf(disk.close())).toBe('VHDX_DISK_POISONED');
});

test('a target that cannot be closed → the fault is told', async () => {
  const target = new FailingTarget(new TestImage(), 'VHDX_TARGET_IO', () => false);
  target.close = (): Promise<void> => Promise.reject(new VhdxError('VHDX_TARGET_IO', { message: 'not closed' }));
  const disk = await openWritableDisk(target);
  expect(await codeOf(disk.close())).toBe('VHDX_TARGET_IO');
});

const LEVEL = { virtualSize: 2 * MIB, blocks: [] };

describe('an image that cannot be opened for writing', () => {
  test.each([
    ['no VHDX', (image: TestImage): void => image.flip(0), 'VHDX_SIGNATURE_MISMATCH'],
    ['one damaged header', (image: TestImage): void => image.flip(65_600), 'VHDX_HEADER_CHECKSUM_MISMATCH'],
    ['a child without its parent', (): void => undefined, 'VHDX_PARENT_NOT_FOUND'],
  ])('%s → the target is closed, so that no lock is left', async (_, damage, code) => {
    const [child] = buildChain({ blockSize: MIB, sectorSize: 512, levels: [LEVEL, LEVEL] });
    const image = code === 'VHDX_PARENT_NOT_FOUND' && child !== undefined ? child : new TestImage();
    damage(image);
    const target = new FailingTarget(image, 'VHDX_TARGET_IO', () => false);
    expect(await codeOf(openWritableDisk(target))).toBe(code);
    expect(target.closed).toBe(1);
  });
});
