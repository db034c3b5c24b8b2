/** Rules A and B: the file, its identifier, the headers. Other ways to break them than in the matrix. */
import { GUIDS } from '../../../../runtime/base/guid.js';
import { GIB, KIB, MIB, TestImage } from '../../../support/image-builder.js';
import { guid } from '../../../support/image-items.js';
import { HEADERS, UNKNOWN, DIFFERENCING, PENDING, edited, pending, type Variant } from './variant.js';

export const HEADERS_VARIANTS: readonly Variant[] = [
  ...HEADERS.flatMap((at, copy): Variant[] => [
    [`B1 copy ${copy}`, ['B1 refuse-write'], () => edited({}, (image) => image.poke(at, 0))],
    [
      `B1 copy ${copy}, a pending log`,
      ['B1 refuse-write', 'E12 refuse-write'],
      () => pending((image) => image.poke(at + 3, 0)),
    ],
    [
      `B1 copy ${copy} zeroed`,
      ['B1 refuse-write'],
      () => edited({}, (image) => image.source.write(new Uint8Array(4096), at)),
    ],
    [`B2 copy ${copy}, its last byte`, ['B2 refuse-write'], () => edited({}, (image) => image.poke(at + 4095, 1))],
    [
      `B18 copy ${copy}, the last byte of its slot`,
      ['B18 info'],
      () => edited({}, (image) => image.poke(at + 65_535, 1)),
    ],
  ]),
  ['base dynamic', [], () => new TestImage({ allocate: [0] })],
  ['base 4K', [], () => new TestImage({ logicalSectorSize: 4096, allocate: [0], virtualSize: 16 * MIB })],
  ['base diff', [], () => new TestImage({ ...DIFFERENCING, allocate: [0] })],
  ['base fixed', [], () => new TestImage({ type: 'fixed', virtualSize: 4 * MIB })],
  ['base pending', ['E12 refuse-write'], () => pending()],
  ['base two chunks', [], () => new TestImage({ virtualSize: 5 * GIB, allocate: [0, 4096] })],
  ['A1 7 bytes less', ['A2 error'], () => edited({}, (image) => (image.size = 7))],
  ['A1 8 bytes', ['A1 error'], () => edited({}, (image) => (image.size = 8))],
  ['A1 64K', ['A1 error'], () => edited({}, (image) => (image.size = 64 * KIB))],
  ['A2 byte 0', ['A2 error'], () => edited({}, (image) => image.poke(0, 0))],
  ['A3 lone surrogate last', ['A3 info'], () => edited({ creator: 'x'.repeat(255) + '\ud800' }, () => {})],
  ['A3 after NUL ignored', [], () => edited({ creator: 'ab\0\ud800' }, () => {})],
  ['A3 full 256 units', [], () => new TestImage({ creator: 'y'.repeat(256) })],
  ['A4 byte 520', ['A4 info'], () => edited({}, (image) => image.poke(520, 1))],
  ['A4 byte 65535', ['A4 info'], () => edited({}, (image) => image.poke(65535, 1))],
  ['A6 +1', ['A6 warning', 'A7 info'], () => edited({ allocate: [0] }, (image) => (image.size += 1))],
  ['A6 -1 within block', ['A6 warning', 'I8 error'], () => edited({ allocate: [0] }, (image) => (image.size -= 1))],
  ['A7 1MiB', ['A7 info'], () => edited({}, (image) => (image.size += MIB))],
  [
    'A8 hole',
    ['A8 info'],
    () =>
      edited({}, (image) => {
        image.append(MIB);
        image.setBat(0, { state: 6, fileOffsetMb: image.append(MIB) });
      }),
  ],
  [
    'B3 sig+crc',
    ['B1 error', 'B2 error', 'B3 error'],
    () =>
      edited({}, (image) => {
        image.poke(HEADERS[0], 0);
        image.poke(HEADERS[1] + 100, 1);
      }),
  ],
  [
    'B4 equal differ',
    ['B4 error'],
    () =>
      edited({ sequenceNumbers: [5n, 5n] }, (image) =>
        image.editHeader(0, (header) => {
          header.dataWriteGuid = guid(UNKNOWN);
        }),
      ),
  ],
  ['B4 identical', ['B4 warning'], () => new TestImage({ sequenceNumbers: [5n, 5n] })],
  [
    'B6 current first copy',
    ['B6 info'],
    () =>
      edited({ sequenceNumbers: [9n, 8n] }, (image) =>
        image.editHeader(1, (header) => {
          header.fileWriteGuid = guid(UNKNOWN);
        }),
      ),
  ],
  [
    'B6 logGuid differs',
    ['B6 info'],
    () =>
      edited({}, (image) =>
        image.editHeader(0, (header) => {
          header.logGuid = guid(UNKNOWN);
        }),
      ),
  ],
  [
    'B7 plus',
    ['B7 warning'],
    () =>
      edited({ sequenceNumbers: [9n, 8n] }, (image) =>
        image.editHeader(1, (header) => {
          header.dataWriteGuid = guid(UNKNOWN);
        }),
      ),
  ],
  [
    'B8 version 0',
    ['B8 error', 'B6 info'],
    () =>
      edited({}, (image) =>
        image.editHeader(1, (header) => {
          header.version = 0;
        }),
      ),
  ],
  [
    'B8 version both 2',
    ['B8 error'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.version = 2;
        }),
      ),
  ],
  [
    'B8 noncurrent 2',
    ['B6 info'],
    () =>
      edited({}, (image) =>
        image.editHeader(0, (header) => {
          header.version = 2;
        }),
      ),
  ],
  [
    'B9 pending',
    ['B9 error'],
    () =>
      pending((image) =>
        image.editHeader('both', (header) => {
          header.logVersion = 1;
        }),
      ),
  ],
  [
    'B9 clean 65535',
    ['B9 warning'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logVersion = 65535;
        }),
      ),
  ],
  [
    'B10',
    ['B10 error'],
    () =>
      edited(PENDING, (image) =>
        image.editHeader('both', (header) => {
          header.logLength = 0;
        }),
      ),
  ],
  [
    'B11 half',
    ['B11 error'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logLength = MIB + 4096;
        }),
      ),
  ],
  [
    'B11 pending',
    ['B11 error'],
    () =>
      pending((image) =>
        image.editHeader('both', (header) => {
          header.logLength = MIB - 1;
        }),
      ),
  ],
  [
    'B12 0',
    ['B12 error'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = 0n;
        }),
      ),
  ],
  [
    'B12 unaligned',
    ['B12 error'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = BigInt(MIB + 512);
        }),
      ),
  ],
  [
    'B12 log len 0 offset 0',
    ['B16 refuse-write', 'A8 info'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = 0n;
          header.logLength = 0;
        }),
      ),
  ],
  [
    'B12 log len 0 unaligned offset',
    ['B12 error', 'B16 refuse-write'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = 5n;
          header.logLength = 0;
        }),
      ),
  ],
  [
    'B13 by 1MiB',
    ['B13 error'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = BigInt(image.size);
        }),
      ),
  ],
  [
    'B13 2^63',
    ['B13 error'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = 2n ** 63n;
        }),
      ),
  ],
  [
    'B13 wrap 2^64-1M',
    ['B13 error'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = 2n ** 64n - BigInt(MIB);
        }),
      ),
  ],
  [
    'B14 log on BAT',
    ['C10 error', 'A8 info'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = BigInt(image.batOffset);
        }),
      ),
  ],
  [
    'B14 log on block',
    ['I10 error', 'A8 info'],
    () =>
      edited({ allocate: [0] }, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = BigInt(image.dataOffset);
        }),
      ),
  ],
  [
    'B14 log on bitmap',
    ['I20 error', 'A8 info'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7, bitmaps: [0] }, (image) =>
        image.editHeader('both', (header) => {
          header.logOffset = BigInt(image.dataOffset + MIB);
        }),
      ),
  ],
  [
    'B16',
    ['B16 refuse-write', 'A8 info'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.logLength = 0;
        }),
      ),
  ],
  [
    'B17 current only',
    ['B17 warning', 'B6 info'],
    () =>
      edited({}, (image) =>
        image.editHeader(1, (header) => {
          const bytes = new Uint8Array(4016);
          bytes[4015] = 1;
          header.reserved = bytes;
        }),
      ),
  ],
  [
    'B19 both guids',
    ['B19 warning'],
    () =>
      edited({}, (image) =>
        image.editHeader('both', (header) => {
          header.fileWriteGuid = guid(GUIDS.zero);
          header.dataWriteGuid = guid(GUIDS.zero);
        }),
      ),
  ],
  [
    'B19 noncurrent only',
    ['B6 info'],
    () =>
      edited({}, (image) =>
        image.editHeader(0, (header) => {
          header.fileWriteGuid = guid(GUIDS.zero);
        }),
      ),
  ],
  ['B20', ['B20 refuse-write'], () => new TestImage({ sequenceNumbers: [2n ** 64n - 2n, 2n ** 64n - 1n] })],
  ['B20 first', ['B20 refuse-write'], () => new TestImage({ sequenceNumbers: [2n ** 64n - 1n, 0n] })],
  ['B20 near', ['B20 refuse-write'], () => new TestImage({ sequenceNumbers: [2n ** 64n - 4n, 2n ** 64n - 3n] })],
  ['B20 just enough', [], () => new TestImage({ sequenceNumbers: [2n ** 64n - 8n, 2n ** 64n - 7n] })],
];
