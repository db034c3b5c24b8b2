/** Contents of disks in parts, whatever file they are for. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isInMemory } from '../../../runtime/io/node/file-system.js';
import { createFile, openDisk, openWritableDisk } from '../../../runtime/node.js';
import { partsOfDisk, partsOfRaw } from '../../../runtime/node/read-ahead.js';
import { type ByteSource, MemorySource, type VhdxDisk } from '../../../runtime/index.js';
import { MIB } from '../../support/image-builder.js';
import { noise } from '../../support/bytes.js';
import { Random } from '../../support/random.js';

const SHARED_MEMORY = '/dev/shm';
const folder = mkdtempSync(join(tmpdir(), 'vhdx-parts-'));
const [base, child] = [join(folder, 'base.vhdx'), join(folder, 'child.vhdx')];
const SIZE = 40 * MIB;
afterAll(() => rmSync(folder, { recursive: true }));

/** Blocks in no order, a few whole and most in part; in the child single sectors of others, too. */
async function fill(path: string, seed: number, lengths: readonly number[]): Promise<void> {
  const disk = await openWritableDisk(path);
  const random = new Random(seed);
  for (let count = 0; count < 30; count += 1) {
    const length = lengths[random.below(lengths.length)] ?? 512;
    await disk.write(noise(length, count), 512 * random.below((SIZE - length) / 512));
  }
  await disk.close();
}

beforeAll(async () => {
  await createFile(base, { size: SIZE, blockSize: MIB });
  await fill(base, 1, [512, 100 * 1024, 3 * MIB]);
  await createFile(child, { parent: base });
  await fill(child, 2, [512, 4096, MIB]);
});

/** All bytes of the parts, which come in ascending order. */
async function contentsOf(parts: ReturnType<typeof partsOfRaw>): Promise<Uint8Array> {
  const contents = new Uint8Array(SIZE);
  let end = 0;
  for await (const { position, bytes } of parts) {
    expect(position).toBeGreaterThanOrEqual(end);
    contents.set(bytes, position);
    end = position + bytes.length;
  }
  return contents;
}

async function whole(disk: VhdxDisk): Promise<Uint8Array> {
  const bytes = new Uint8Array(disk.size);
  await disk.read(bytes, 0);
  return bytes;
}

describe.each([
  ['on a disk', folder],
  ['in memory', SHARED_MEMORY],
])('parts for a file %s', (_, where) => {
  const to = join(where, 'out');

  test.skipIf(!existsSync(where))(
    'a disk of blocks in no order, and a child with sectors of its own → all bytes',
    async () => {
      for (const path of [base, child]) {
        const disk = await openDisk(path);
        expect(Buffer.compare(await contentsOf(partsOfDisk(disk, { to })), await whole(disk))).toBe(0);
        await disk.close();
      }
    },
  );

  test.skipIf(!existsSync(where))('a source that is no file → all bytes, with three reads at once', async () => {
    const bytes = noise(SIZE, 3);
    const memory = new MemorySource(bytes);
    let [reading, most] = [0, 0];
    const source: ByteSource = {
      size: SIZE,
      async read(into, position) {
        reading += 1;
        most = Math.max(most, reading);
        await new Promise((resolve) => setImmediate(resolve));
        reading -= 1;
        return memory.read(into, position);
      },
    };
    expect(Buffer.compare(await contentsOf(partsOfRaw(source, { to })), bytes)).toBe(0);
    expect([reading, most]).toEqual([0, 3]);
  });
});

test.skipIf(!existsSync(SHARED_MEMORY))('a folder in memory, another, and none → told apart', () => {
  expect(isInMemory(join(SHARED_MEMORY, 'file'))).toBe(true);
  expect(isInMemory('/proc/file')).toBe(false);
  expect(isInMemory(join(folder, 'none', 'file'))).toBe(false);
});
