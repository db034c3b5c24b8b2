/** The images that the fuzzer starts from: small, and together of every kind that the specification has. */
import { GIB, IDS, type ImageSpec, MIB, TestImage } from '../support/image-builder.js';
import type { LoggedWrite } from '../support/log-entries.js';

export interface Base {
  readonly name: string;
  readonly image: TestImage;
}

const USER = 'deadbeef-0000-4000-8000-000000000001';
const REGION = 'deadbeef-0000-4000-8000-000000000002';

const sector = (fill: number): Uint8Array => new Uint8Array(4096).fill(fill);

function pending(spec: ImageSpec, write: (image: TestImage) => void): TestImage {
  const image = new TestImage({ logGuid: IDS.log, ...spec });
  write(image);
  return image;
}

/** Entries one behind the other from `start` on, each with the tail at the first. */
function sequence(image: TestImage, start: number, entries: readonly (readonly LoggedWrite[])[]): void {
  let at = start;
  for (const [index, writes] of entries.entries()) {
    at += image.addLogEntry(at % image.logLength, { sequenceNumber: BigInt(index + 7), tail: start, writes });
  }
}

function logged(image: TestImage): readonly LoggedWrite[] {
  return [
    { kind: 'data', fileOffset: image.batOffset, bytes: image.source.bytes(image.batOffset, 4096) },
    { kind: 'zero', fileOffset: image.batOffset + 65_536, length: 8192 },
    { kind: 'data', fileOffset: image.batOffset + 4096, bytes: sector(0) },
  ];
}

/** One block whose sectors are partly in the file. */
function partial(spec: ImageSpec = {}): TestImage {
  const image = new TestImage({ type: 'differencing', allocate: [0, 3], allocateAs: 7, bitmaps: [0], ...spec });
  image.poke(image.dataOffset + 2 * image.blockSize, 0b1010_0101, 0xff, 0, 0xff);
  return image;
}

function anchored(): TestImage {
  const image = new TestImage({ allocate: [0, 5] });
  image.setBat(7, { state: 3, fileOffsetMb: image.append(MIB) });
  image.setBat(9, { state: 1, fileOffsetMb: image.append(MIB) });
  return image.setBat(11, { state: 2 });
}

function withRegion(): TestImage {
  const image = new TestImage({ allocate: [2], regions: [{ guid: REGION, fileOffset: 5 * MIB, length: MIB }] });
  image.append(MIB);
  return image;
}

/** Makes all base images; it takes some milliseconds. */
export function makeBases(): readonly Base[] {
  const bases: readonly (readonly [string, TestImage])[] = [
    ['empty', new TestImage()],
    ['blocks', new TestImage({ allocate: [0, 5, 3, 15] })],
    ['fixed', new TestImage({ type: 'fixed', virtualSize: 4 * MIB })],
    ['differencing', partial()],
    ['differencing, sectors of 4096', partial({ logicalSectorSize: 4096, blockSize: 2 * MIB })],
    ['two chunks', new TestImage({ virtualSize: 5 * GIB, allocate: [0, 4095, 4096], bitmaps: [0] })],
    ['large blocks', new TestImage({ virtualSize: GIB, blockSize: 32 * MIB, allocate: [1] })],
    ['soft anchors', anchored()],
    ['a further region', withRegion()],
    [
      'items',
      new TestImage({
        items: [
          { id: USER, bytes: sector(7), isUser: true },
          { id: REGION, bytes: sector(1) },
        ],
      }),
    ],
    ['pending', pending({ allocate: [0] }, (image) => sequence(image, 0, [logged(image)]))],
    [
      'pending, a sequence',
      pending({ allocate: [0, 1] }, (image) => sequence(image, 8192, [logged(image), [], logged(image)])),
    ],
    [
      'pending, wrapped',
      pending({ allocate: [0] }, (image) => sequence(image, MIB - 12_288, [logged(image), logged(image)])),
    ],
    [
      'pending, differencing',
      pending({ type: 'differencing', allocate: [0] }, (image) => sequence(image, 0, [logged(image)])),
    ],
    ['part of a block', new TestImage({ virtualSize: 3 * MIB + 512, allocate: [3] })],
  ];
  return bases.map(([name, image]) => ({ name, image }));
}
