/** Rules I and J: the BAT and the whole file. Other ways to break them than in the matrix. */
import { GIB, MIB, TestImage } from '../../../support/image-builder.js';
import { UNKNOWN, DIFFERENCING, CHUNKS, CHUNKS_4K, edited, dataMb, type Variant } from './variant.js';

export const BAT_VARIANTS: readonly Variant[] = [
  ...([4, 5] as const).flatMap((state): Variant[] => [
    [`I5 ${state}, dynamic`, ['I5 error'], () => edited({}, (image) => image.setBat(2, { state }))],
    [`I5 ${state}, differencing`, ['I5 error'], () => edited(DIFFERENCING, (image) => image.setBat(2, { state }))],
    [`I5 ${state}, two chunks`, ['I5 error'], () => edited(CHUNKS, (image) => image.setBat(4098, { state }))],
    [
      `I5 ${state}, fixed`,
      ['I5 error', 'G6 warning', 'A8 info'],
      () => edited({ type: 'fixed', virtualSize: 4 * MIB }, (image) => image.setBat(2, { state })),
    ],
  ]),
  ...([1, 2, 3, 4, 5, 7] as const).map((state): Variant => [
    `I18 ${state}`,
    ['I18 error'],
    () => edited(DIFFERENCING, (image) => image.setBat(4096, { state })),
  ]),
  [
    'I1 one entry short',
    ['I1 error'],
    () => edited({ virtualSize: 128 * GIB, blockSize: MIB, batLength: MIB }, () => {}),
  ],
  [
    'I1 diff needs bitmap',
    ['I1 error'],
    () => edited({ ...DIFFERENCING, virtualSize: 2 ** 17 * MIB - 31 * MIB, blockSize: MIB, batLength: MIB }, () => {}),
  ],
  [
    'I1 dynamic exact 131072',
    [],
    () => edited({ virtualSize: (131072 - 31) * MIB, blockSize: MIB, batLength: MIB }, () => {}),
  ],
  [
    'I1 dynamic exact+1',
    ['I1 error'],
    () => edited({ virtualSize: (131072 - 30) * MIB, blockSize: MIB, batLength: MIB }, () => {}),
  ],
  ['I2 second chunk block', [], () => new TestImage({ ...CHUNKS, allocate: [4096, 5119] })],
  ['I3 beyond', ['I3 info'], () => edited({}, (image) => image.setBat(16, { state: 6, fileOffsetMb: 1 }))],
  [
    'I3 4K',
    ['I3 info'],
    () => edited({ logicalSectorSize: 4096 }, (image) => image.setBat(16, { state: 6, fileOffsetMb: 1 })),
  ],
  [
    'I3 diff tail of chunk',
    ['I3 info'],
    () => edited(DIFFERENCING, (image) => image.setBat(16, { state: 6, fileOffsetMb: 1 })),
  ],
  [
    'I3 diff uniform tail',
    ['I3 info'],
    () =>
      edited(DIFFERENCING, (image) => {
        for (let k = 0; k < 4096; k++) image.setBat(k, { state: 2 });
      }),
  ],
  ['I4 second chunk', ['I4 warning'], () => edited(CHUNKS, (image) => image.setBat(4097, { state: 0, reserved: 4 }))],
  [
    'I4 present',
    ['I4 warning'],
    () => edited({}, (image) => image.setBat(0, { state: 6, reserved: 1, fileOffsetMb: image.append(MIB) })),
  ],
  [
    'I4 uniform all',
    ['I4 warning'],
    () =>
      edited({}, (image) => {
        for (let k = 0; k < 16; k++) image.setBat(k, { state: 0, reserved: 1 });
      }),
  ],
  [
    'I4 bitmap diff',
    ['I4 warning'],
    () => edited(DIFFERENCING, (image) => image.setBat(4096, { state: 0, reserved: 1 })),
  ],
  [
    'I5 with offset',
    ['I5 error', 'A7 info'],
    () => edited({}, (image) => image.setBat(2, { state: 4, fileOffsetMb: image.append(MIB) })),
  ],
  [
    'I5 all',
    ['I5 error'],
    () =>
      edited({}, (image) => {
        for (let k = 0; k < 16; k++) image.setBat(k, { state: 5 });
      }),
  ],
  [
    'I6 dynamic',
    ['I6 error'],
    () => edited({}, (image) => image.setBat(2, { state: 7, fileOffsetMb: image.append(MIB) })),
  ],
  [
    'I6 fixed',
    ['I6 error'],
    () =>
      edited({ type: 'fixed', virtualSize: 4 * MIB }, (image) =>
        image.setBat(2, { state: 7, fileOffsetMb: dataMb(image) + 2 }),
      ),
  ],
  [
    'I6 second chunk',
    ['I6 error'],
    () => edited(CHUNKS, (image) => image.setBat(4098, { state: 7, fileOffsetMb: image.append(MIB) })),
  ],
  ['I6 offset 0', ['I6 error', 'I7 error'], () => edited({}, (image) => image.setBat(2, { state: 7 }))],
  [
    'I7 fixed',
    ['I7 error', 'A8 info'],
    () => edited({ type: 'fixed', virtualSize: 4 * MIB }, (image) => image.setBat(2, { state: 6 })),
  ],
  [
    'I7 4K second chunk',
    ['I7 error'],
    () => edited(CHUNKS_4K, (image) => image.setBat(image.payloadIndex(image.chunkRatio), { state: 6 })),
  ],
  [
    'I8 at end',
    ['I8 error'],
    () => edited({}, (image) => image.setBat(0, { state: 6, fileOffsetMb: image.size / MIB })),
  ],
  ['I8 far', ['I8 error'], () => edited({}, (image) => image.setBat(0, { state: 6, fileOffsetMb: 2 ** 30 }))],
  [
    'I8 32M block half',
    ['I8 error'],
    () => edited({ virtualSize: GIB, blockSize: 32 * MIB, allocate: [0] }, (image) => (image.size -= 16 * MIB)),
  ],
  [
    'I8 last used part ok',
    ['I8 warning', 'A6 warning'],
    () => edited({ virtualSize: 3 * MIB + 512, allocate: [3] }, (image) => (image.size = image.dataOffset + 512)),
  ],
  [
    'I8 last used part ok, MiB',
    ['I8 warning'],
    () =>
      edited(
        { virtualSize: 32 * MIB + MIB, blockSize: 32 * MIB, allocate: [1] },
        (image) => (image.size = image.dataOffset + MIB),
      ),
  ],
  [
    'I8 not last',
    ['I8 error', 'A6 warning'],
    () => edited({ virtualSize: 3 * MIB + 512, allocate: [2] }, (image) => (image.size = image.dataOffset + 512)),
  ],
  [
    'I8 diff partial',
    ['I8 error', 'A8 info'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7, bitmaps: [0] }, (image) => {
        image.setBat(0, { state: 7, fileOffsetMb: 100 });
        image.poke(image.dataOffset + MIB, 5);
      }),
  ],
  [
    'I9 state7+6',
    ['I9 error'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7, bitmaps: [0] }, (image) => {
        image.setBat(1, { state: 6, fileOffsetMb: dataMb(image) });
        image.poke(image.dataOffset + MIB, 5);
      }),
  ],
  [
    'I9 across chunks',
    ['I9 error'],
    () =>
      edited({ ...CHUNKS, allocate: [0] }, (image) => image.setBat(4097, { state: 6, fileOffsetMb: dataMb(image) })),
  ],
  [
    'I9 three on one',
    ['I9 error'],
    () =>
      edited({ allocate: [0] }, (image) => {
        image.setBat(1, { state: 6, fileOffsetMb: dataMb(image) });
        image.setBat(2, { state: 6, fileOffsetMb: dataMb(image) });
      }),
  ],
  [
    'I9 partial 32M',
    ['I9 error', 'A7 info'],
    () =>
      edited({ virtualSize: GIB, blockSize: 32 * MIB, allocate: [0] }, (image) => {
        image.append(32 * MIB);
        image.setBat(1, { state: 6, fileOffsetMb: dataMb(image) + 31 });
      }),
  ],
  ['I10 log', ['I10 error'], () => edited({}, (image) => image.setBat(0, { state: 6, fileOffsetMb: 1 }))],
  ['I10 bat', ['I10 error'], () => edited({}, (image) => image.setBat(0, { state: 6, fileOffsetMb: 2 }))],
  [
    'I10 metadata fixed',
    ['I10 error', 'A8 info'],
    () => edited({ type: 'fixed', virtualSize: 4 * MIB }, (image) => image.setBat(1, { state: 6, fileOffsetMb: 3 })),
  ],
  [
    'I10 optional region',
    ['I10 error'],
    () =>
      edited({ regions: [{ guid: UNKNOWN, fileOffset: 4 * MIB, length: MIB }] }, (image) => {
        image.append(MIB);
        image.setBat(0, { state: 6, fileOffsetMb: 4 });
      }),
  ],
  [
    'I10 32M block ends in data',
    ['I10 error', 'A7 info'],
    () =>
      edited({ virtualSize: GIB, blockSize: 32 * MIB, allocate: [5] }, (image) => {
        image.setBat(5, { state: 6, fileOffsetMb: 3 });
      }),
  ],
  ['I11 state0', ['I11 warning'], () => edited({}, (image) => image.setBat(0, { state: 0, fileOffsetMb: 1 }))],
  [
    'I11 state2 uniform',
    ['I11 warning'],
    () =>
      edited({}, (image) => {
        for (let k = 0; k < 16; k++) image.setBat(k, { state: 2, fileOffsetMb: 9 });
      }),
  ],
  [
    'I11 fixed',
    ['I11 warning', 'G6 warning', 'A8 info'],
    () =>
      edited({ type: 'fixed', virtualSize: 4 * MIB }, (image) =>
        image.setBat(1, { state: 0, fileOffsetMb: dataMb(image) + 1 }),
      ),
  ],
  [
    'I11 on a block',
    ['I11 warning'],
    () => edited({ allocate: [0] }, (image) => image.setBat(1, { state: 2, fileOffsetMb: dataMb(image) })),
  ],
  ['I12 beyond', ['I12 warning'], () => edited({}, (image) => image.setBat(0, { state: 1, fileOffsetMb: 99 }))],
  [
    'I12 collide block',
    ['I12 refuse-write'],
    () => edited({ allocate: [0] }, (image) => image.setBat(1, { state: 1, fileOffsetMb: dataMb(image) })),
  ],
  [
    'I12 collide metadata',
    ['I12 refuse-write'],
    () => edited({}, (image) => image.setBat(1, { state: 3, fileOffsetMb: 3 })),
  ],
  [
    'I12 collide bitmap',
    ['I12 refuse-write'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7, bitmaps: [0] }, (image) => {
        image.setBat(1, { state: 3, fileOffsetMb: dataMb(image) + 1 });
        image.poke(image.dataOffset + MIB, 5);
      }),
  ],
  [
    'I12 ok diff',
    [],
    () => edited(DIFFERENCING, (image) => image.setBat(1, { state: 3, fileOffsetMb: image.append(MIB) })),
  ],
  [
    'I12 anchor first, block later entry',
    ['I12 refuse-write'],
    () => edited({ allocate: [5] }, (image) => image.setBat(0, { state: 3, fileOffsetMb: dataMb(image) })),
  ],
  ['I17 no SB', ['I17 error'], () => edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7 }, () => {})],
  [
    'I17 second chunk',
    ['I17 error'],
    () =>
      edited({ ...DIFFERENCING, ...CHUNKS }, (image) =>
        image.setBat(4097, { state: 7, fileOffsetMb: image.append(MIB) }),
      ),
  ],
  [
    'I17 SB other chunk',
    ['I17 error', 'I21 info'],
    () =>
      edited({ ...DIFFERENCING, ...CHUNKS }, (image) => {
        image.setBat(4097, { state: 7, fileOffsetMb: image.append(MIB) });
        image.setBat(4096, { state: 6, fileOffsetMb: image.append(MIB) });
      }),
  ],
  [
    'I17 SB reserved state',
    ['I18 error', 'A7 info'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7 }, (image) =>
        image.setBat(4096, { state: 7, fileOffsetMb: image.append(MIB) }),
      ),
  ],
  ['I18 dynamic', ['I18 warning'], () => edited(CHUNKS, (image) => image.setBat(4096, { state: 2 }))],
  [
    'I19',
    ['I19 warning'],
    () => edited(CHUNKS, (image) => image.setBat(4096, { state: 6, fileOffsetMb: image.append(MIB) })),
  ],
  [
    'I19 fixed',
    ['I19 warning'],
    () =>
      edited({ type: 'fixed', virtualSize: 4 * GIB + 32 * MIB, blockSize: 32 * MIB }, (image) =>
        image.setBat(128, { state: 6, fileOffsetMb: image.append(MIB) }),
      ),
  ],
  ['I19 offset 0', ['I19 warning'], () => edited(CHUNKS, (image) => image.setBat(4096, { state: 6 }))],
  ['I20 0', ['I20 error'], () => edited(DIFFERENCING, (image) => image.setBat(4096, { state: 6 }))],
  [
    'I20 0 with partial',
    ['I20 error'],
    () => edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7 }, (image) => image.setBat(4096, { state: 6 })),
  ],
  [
    'I20 beyond',
    ['I20 error'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7 }, (image) =>
        image.setBat(4096, { state: 6, fileOffsetMb: 99 }),
      ),
  ],
  [
    'I20 two SB same',
    ['I20 error'],
    () =>
      edited({ ...DIFFERENCING, ...CHUNKS }, (image) => {
        for (const c of [0, 1]) {
          image.setBat(c * 4097, { state: 7, fileOffsetMb: image.append(MIB) });
        }
        const m = image.append(MIB);
        image.setBat(4096, { state: 6, fileOffsetMb: m });
        image.setBat(4097 + 4096, { state: 6, fileOffsetMb: m });
        image.poke(m * MIB, 5);
      }),
  ],
  [
    'I20 on header',
    ['I20 error'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7 }, (image) =>
        image.setBat(4096, { state: 6, fileOffsetMb: 2 }),
      ),
  ],
  [
    'I20 block on SB',
    ['I20 error'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7, bitmaps: [0] }, (image) => {
        image.setBat(1, { state: 6, fileOffsetMb: dataMb(image) + 1 });
        image.poke(image.dataOffset + MIB, 5);
      }),
  ],
  [
    'I20 32M block covers SB',
    ['I20 error'],
    () =>
      edited({ ...DIFFERENCING, virtualSize: GIB, blockSize: 32 * MIB, allocate: [0, 1], allocateAs: 6 }, (image) => {
        image.setBat(3, { state: 7, fileOffsetMb: image.append(32 * MIB) });
        image.setBat(image.bitmapIndex(0), { state: 6, fileOffsetMb: dataMb(image) + 20 });
        image.poke(image.dataOffset + 20 * MIB + 3 * 8192, 5);
      }),
  ],
  ['I21', ['I21 info'], () => edited({ ...DIFFERENCING, bitmaps: [0] }, () => {})],
  ['I21 fully present', ['I21 info'], () => edited({ ...DIFFERENCING, allocate: [0], bitmaps: [0] }, () => {})],
  [
    'I22 past end',
    ['I23 info', 'I22 info'],
    () =>
      edited({ ...DIFFERENCING, virtualSize: 15 * MIB + 512, allocate: [15], allocateAs: 7, bitmaps: [0] }, (image) => {
        image.poke(image.dataOffset + MIB + 15 * 256, 3);
        image.poke(image.dataOffset + MIB + 15 * 256, 3);
      }),
  ],
  [
    'I22 4K',
    ['I22 info'],
    () =>
      edited(
        {
          ...DIFFERENCING,
          logicalSectorSize: 4096,
          virtualSize: 15 * MIB + 8192,
          allocate: [15],
          allocateAs: 7,
          bitmaps: [0],
        },
        (image) => {
          image.poke(image.dataOffset + MIB + 15 * 32, 1 | 8);
        },
      ),
  ],
  [
    'I22 other blocks bits',
    ['I22 info'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7, bitmaps: [0] }, (image) => {
        image.poke(image.dataOffset + MIB, 5);
        image.poke(image.dataOffset + MIB + 300, 255);
      }),
  ],
  [
    'I23 all',
    ['I23 info'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7, bitmaps: [0] }, (image) =>
        image.source.write(new Uint8Array(256).fill(255), image.dataOffset + MIB),
      ),
  ],
  ['I24 2^44-1', ['I24 error'], () => edited({}, (image) => image.setBat(0, { state: 6, fileOffsetMb: 2 ** 44 - 1 }))],
  [
    'I24 SB',
    ['I24 error'],
    () =>
      edited({ ...DIFFERENCING, allocate: [0], allocateAs: 7 }, (image) =>
        image.setBat(4096, { state: 6, fileOffsetMb: 2 ** 44 - 1 }),
      ),
  ],
  [
    'I24 state 7',
    ['I24 error', 'I17 error'],
    () => edited({ ...DIFFERENCING }, (image) => image.setBat(0, { state: 7, fileOffsetMb: 2 ** 44 - 1 })),
  ],
  [
    'I24 anchor',
    ['I12 warning'],
    () => edited({}, (image) => image.setBat(0, { state: 3, fileOffsetMb: 2 ** 44 - 1 })),
  ],
  ['I25', ['I25 info'], () => new TestImage({ batLength: 2 * MIB })],
  [
    'J3 reversed',
    ['J3 info'],
    () =>
      edited({ type: 'fixed', virtualSize: 2 * MIB }, (image) => {
        image.setBat(0, { state: 6, fileOffsetMb: dataMb(image) + 1 });
        image.setBat(1, { state: 6, fileOffsetMb: dataMb(image) });
      }),
  ],
  [
    'J3 gap',
    ['J3 info', 'A8 info'],
    () =>
      edited({ type: 'fixed', virtualSize: 2 * MIB }, (image) => {
        image.append(2 * MIB);
        image.setBat(1, { state: 6, fileOffsetMb: dataMb(image) + 3 });
      }),
  ],
];
