/** Images whose structures lie somewhere else than those of new files. */
import { MIB, type TestImage } from './image-builder.js';

/**
 * Puts the log and all regions behind the blocks of an image, `gap` MiBs apart. Where they were is what must never be
 * seen. To be called last: the image does not know where they are then.
 */
export function structuresBehind(image: TestImage, gap = 0): TestImage {
  const { source, logOffset, logLength, dataOffset } = image;
  const move = (from: number, length: number): bigint => {
    if (gap > 0) image.append(gap * MIB);
    const to = image.append(length) * MIB;
    source.write(source.bytes(from, length), to);
    return BigInt(to);
  };
  const places = new Map<bigint, bigint>();
  image.editRegionTable('both', ({ entries }) => {
    for (const entry of entries) {
      const to = places.get(entry.fileOffset) ?? move(Number(entry.fileOffset), entry.length);
      places.set(entry.fileOffset, to);
      entry.fileOffset = to;
    }
  });
  const log = move(logOffset, logLength);
  image.editHeader('both', (header) => {
    header.logOffset = log;
  });
  source.write(new Uint8Array(dataOffset - logOffset).fill(0xee), logOffset);
  return image;
}
