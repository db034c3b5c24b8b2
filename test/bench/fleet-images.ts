/** Many images for a benchmark, the same for the same seed: of all types, sizes and block sizes, some damaged. */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { GIB, KIB, MIB, TestImage } from '../support/image-builder.js';
import { Random } from '../support/random.js';

const SEED = 14;

const CHUNK = 64 * KIB;
const ZEROS = new Uint8Array(CHUNK);

/** With holes where nothing but zeros is written, so that a file takes little room. */
export function writeImage(path: string, image: TestImage): void {
  const file = openSync(path, 'w');
  ftruncateSync(file, image.size);
  const { logOffset, batOffset, batLength, metadataOffset, metadataLength } = image;
  for (const [from, end] of [
    [0, logOffset],
    [batOffset, batOffset + batLength],
    [metadataOffset, metadataOffset + metadataLength],
  ] as const) {
    for (let at = from; at < end; at += CHUNK) {
      const bytes = image.source.bytes(at, Math.min(CHUNK, end - at));
      if (Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) !== 0) writeSync(file, bytes, 0, bytes.length, at);
    }
  }
  closeSync(file);
}

function seededImage(random: Random): TestImage {
  const blockSize = random.pick([1, 2, 8, 32]) * MIB;
  const virtualSize = random.pick([64 * MIB, GIB, 10 * GIB, 127 * GIB, 1024 * GIB]);
  const blocks = virtualSize / blockSize;
  const allocate = Array.from({ length: 1 + random.below(40) }, () => random.below(blocks));
  const image = new TestImage({
    virtualSize,
    blockSize,
    type: 'dynamic',
    allocate: [...new Set(allocate)].toSorted((one, other) => one - other),
  });
  // One in fifty is damaged: a byte of a header.
  if (random.oneIn(50)) image.poke(64 * KIB + 2000, 1);
  return image;
}

/** Makes `count` images in folders below `folder`, and tells the virtual size of each by its path from there. */
export function makeFleet(folder: string, count: number): ReadonlyMap<string, number> {
  const random = new Random(SEED);
  const sizes = new Map<string, number>();
  for (let index = 0; index < count; index += 1) {
    const group = `host-${index % 20}`;
    mkdirSync(join(folder, group), { recursive: true });
    const name = `${group}/disk-${index}.vhdx`;
    const image = seededImage(random);
    writeImage(join(folder, name), image);
    sizes.set(name, image.spec.virtualSize ?? 0);
  }
  return sizes;
}
