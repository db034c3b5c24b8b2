/** Rules D and E: the log. Other ways to break them than in the matrix. */
import { GUIDS } from '../../../../runtime/base/guid.js';
import { GIB, KIB, MIB, TestImage } from '../../../support/image-builder.js';
import { guid } from '../../../support/image-items.js';
import { UNKNOWN, DIFFERENCING, PENDING, edited, data, spare, logged, type Variant } from './variant.js';

export const LOG_VARIANTS: readonly Variant[] = [
  [
    'D1 leftover entries ignored',
    [],
    () => edited({}, (image) => image.addLogEntry(0, { sequenceNumber: 3n, writes: [data(0)] })),
  ],
  [
    'D2 2nd entry torn sig',
    ['E12 refuse-write'],
    () =>
      logged(spare, {}, {}, (image) => {
        image.addLogEntry(8192, { sequenceNumber: 4n, tail: 0, writes: spare(image) });
        image.poke(MIB + 8192, 0);
      }),
  ],
  [
    'D4 2nd entry torn crc',
    ['E12 refuse-write', 'D4 info'],
    () =>
      logged(spare, {}, {}, (image) => {
        image.addLogEntry(8192, { sequenceNumber: 4n, tail: 0, writes: spare(image), breakChecksum: true });
      }),
  ],
  [
    'D4 only entry at end of ring wraps',
    ['D4 error', 'E6 error'],
    () => logged(spare, { at: MIB - 4096, breakChecksum: true }),
  ],
  ['wrap ok', ['E12 refuse-write'], () => logged(spare, { at: MIB - 4096 })],
  ['D5 only foreign', ['D5 info', 'E6 error'], () => logged(spare, { guid: UNKNOWN })],
  ['D6 seq0', ['D6 error', 'E6 error'], () => logged([], { seq: 0n })],
  ['D7 tail=len', ['D7 error', 'E6 error'], () => logged([], { tail: MIB })],
  [
    'D8 too many',
    ['D8 error', 'E6 error'],
    () =>
      logged(spare, {
        damage: (bytes) => {
          new DataView(bytes.buffer).setUint32(24, 200, true);
        },
      }),
  ],
  [
    'D8 huge count',
    ['D8 error', 'E6 error'],
    () =>
      logged(spare, {
        damage: (bytes) => {
          new DataView(bytes.buffer).setUint32(24, 2 ** 32 - 1, true);
        },
      }),
  ],
  [
    'D8 126 desc ok',
    ['E12 refuse-write'],
    () => logged((image) => Array.from({ length: 126 }, (_, k) => data(image.batOffset + 512 * KIB + k * 4096))),
  ],
  ['D9 empty', ['E12 refuse-write'], () => logged([])],
  [
    'D10',
    ['D10 warning', 'E12 refuse-write'],
    () =>
      logged([], {
        damage: (bytes) => {
          bytes[28] = 1;
        },
      }),
  ],
  [
    'D10 second of two',
    ['D10 warning', 'E12 refuse-write'],
    () =>
      logged([], {}, {}, (image) =>
        image.addLogEntry(4096, {
          sequenceNumber: 4n,
          tail: 0,
          damage: (bytes) => {
            bytes[31] = 1;
          },
        }),
      ),
  ],
  [
    'D10 not in active (older)',
    ['E12 refuse-write'],
    () =>
      logged(
        [],
        {
          damage: (bytes) => {
            bytes[28] = 1;
          },
        },
        {},
        (image) => image.addLogEntry(4096, { sequenceNumber: 9n, tail: 4096 }),
      ),
  ],
  [
    'D11 flushed',
    ['D11 warning', 'D12 info', 'E12 refuse-write'],
    () => logged([], { flushedFileOffset: 4 * MIB - 512 }),
  ],
  ['D11 last', ['D11 warning', 'E12 refuse-write'], () => logged([], { lastFileOffset: 4 * MIB - 512 })],
  ['D12', ['D12 info', 'E12 refuse-write', 'A7 info'], () => logged([], { lastFileOffset: 6 * MIB })],
  [
    'D12 & D11',
    ['D11 warning', 'D12 info', 'E12 refuse-write', 'A7 info'],
    () => logged([], { lastFileOffset: 5 * MIB + 512 }),
  ],
  [
    'D13 second descriptor sig',
    ['D13 error', 'E6 error'],
    () =>
      logged((image) => [data(image.batOffset + 512 * KIB), data(image.batOffset + 516 * KIB)], {
        damage: (bytes) => {
          bytes[96] = 0;
        },
      }),
  ],
  [
    'D13 zero desc seq',
    ['D13 error', 'E6 error'],
    () =>
      logged((image) => [{ kind: 'zero', fileOffset: image.batOffset + 512 * KIB, length: 4096 }], {
        damage: (bytes) => {
          bytes[64 + 24] = 7;
        },
      }),
  ],
  [
    'D14 zero desc',
    ['D14 error', 'E6 error'],
    () => logged((image) => [{ kind: 'zero', fileOffset: image.batOffset + 512 * KIB + 1, length: 4096 }]),
  ],
  [
    'D15 len',
    ['D15 error', 'E6 error'],
    () => logged((image) => [{ kind: 'zero', fileOffset: image.batOffset + 512 * KIB, length: 4095 }]),
  ],
  [
    'D15 reserved',
    ['D15 warning', 'E12 refuse-write'],
    () =>
      logged((image) => [{ kind: 'zero', fileOffset: image.batOffset + 512 * KIB, length: 4096 }], {
        damage: (bytes) => {
          bytes[68] = 1;
        },
      }),
  ],
  ['D15 len 0 at 0', ['E12 refuse-write'], () => logged(() => [{ kind: 'zero', fileOffset: 0, length: 0 }])],
  [
    'D16 second sector',
    ['D16 error', 'E6 error'],
    () =>
      logged((image) => [data(image.batOffset + 512 * KIB), data(image.batOffset + 516 * KIB)], {
        damage: (bytes) => {
          bytes[8192 + 1] = 0;
        },
      }),
  ],
  [
    'D17 more descriptors than sectors',
    ['D17 error', 'E6 error'],
    () =>
      logged(spare, {
        damage: (bytes) => {
          bytes.copyWithin(96, 64, 96);
          new DataView(bytes.buffer).setUint32(24, 2, true);
        },
      }),
  ],
  ['D18 header 2', ['D18 error'], () => logged(() => [data(128 * KIB)])],
  ['D18 192K-4K', ['D18 error'], () => logged(() => [data(188 * KIB)])],
  ['D18 zero across 192K', ['D18 error'], () => logged(() => [{ kind: 'zero', fileOffset: 188 * KIB, length: 8192 }])],
  [
    'D18 none: 192K same bytes',
    ['E12 refuse-write'],
    () => logged((image) => [{ kind: 'data', fileOffset: 192 * KIB, bytes: image.source.bytes(192 * KIB, 4096) }]),
  ],
  [
    'D18 + header damaged',
    ['D18 error', 'B2 refuse-write'],
    () =>
      logged(
        () => [data(128 * KIB)],
        {},
        {},
        (image) => image.poke(64 * KIB + 99, 1),
      ),
  ],
  ['D19', ['D19 error'], () => logged(() => [data(MIB + 512 * KIB)])],
  ['D19 last sector of log', ['D19 error'], () => logged(() => [data(2 * MIB - 4096)])],
  [
    'D20 payload',
    ['D20 warning', 'E12 refuse-write'],
    () => logged((image) => [data(image.dataOffset + 4096)], {}, { allocate: [0] }),
  ],
  [
    'D20 last sector',
    ['D20 warning', 'E12 refuse-write'],
    () => logged((image) => [data(image.dataOffset + MIB - 4096)], {}, { allocate: [0] }),
  ],
  [
    'D20 zero over',
    ['D20 warning', 'E12 refuse-write'],
    () => logged((image) => [{ kind: 'zero', fileOffset: image.dataOffset, length: MIB }], {}, { allocate: [0] }),
  ],
  [
    'D20 bitmap is metadata',
    ['E12 refuse-write'],
    () =>
      edited({ ...PENDING, ...DIFFERENCING, allocate: [0], allocateAs: 7, bitmaps: [0] }, (image) => {
        const bytes = new Uint8Array(4096);
        bytes[0] = 5;
        image.addLogEntry(0, {
          sequenceNumber: 3n,
          writes: [{ kind: 'data', fileOffset: image.dataOffset + MIB, bytes }],
        });
      }),
  ],
  ['D21 past', ['D21 error'], () => logged((image) => [data(image.size + 2 * MIB)])],
  [
    'D21 within last',
    ['E12 refuse-write', 'D12 info', 'A7 info'],
    () => logged((image) => [data(image.size + MIB)], { lastFileOffset: 6 * MIB }),
  ],
  [
    'D21 zero 2^63',
    ['D21 error'],
    () => logged((image) => [{ kind: 'zero', fileOffset: image.batOffset, length: 2n ** 63n }]),
  ],
  [
    'D21 offset 2^64-4096',
    ['D21 error'],
    () => logged(() => [{ kind: 'zero', fileOffset: 2n ** 64n - 4096n, length: 4096 }]),
  ],
  [
    'D22',
    ['D22 info', 'E12 refuse-write'],
    () => logged((image) => [data(image.batOffset + 512 * KIB), data(image.batOffset + 512 * KIB)]),
  ],
  [
    'D22 zero overlaps data',
    ['D22 info', 'E12 refuse-write'],
    () =>
      logged((image) => [
        { kind: 'zero', fileOffset: image.batOffset + 512 * KIB, length: 16384 },
        data(image.batOffset + 516 * KIB),
      ]),
  ],
  [
    'D22 none in two entries',
    ['E12 refuse-write'],
    () =>
      logged(spare, {}, {}, (image) => image.addLogEntry(8192, { sequenceNumber: 4n, tail: 0, writes: spare(image) })),
  ],
  [
    'D23 misaligned',
    ['D23 info', 'E6 error'],
    () =>
      edited(PENDING, (image) => {
        image.addLogEntry(4096 + 512, { sequenceNumber: 3n });
      }),
  ],
  [
    'D23 misaligned besides active',
    ['D23 info', 'E12 refuse-write'],
    () =>
      logged([], {}, {}, (image) => {
        image.addLogEntry(8192 + 512, { sequenceNumber: 9n });
      }),
  ],
  [
    'E1 gap',
    ['E12 refuse-write'],
    () =>
      logged(spare, {}, {}, (image) => {
        image.addLogEntry(8192, { sequenceNumber: 5n, tail: 8192 });
      }),
  ],
  ['E2 tail outside', ['E6 error'], () => logged([], { tail: 8192 })],
  ['E2 tail in middle of an entry', ['E6 error'], () => logged(spare, { tail: 4096 })],
  ['E6 empty log', ['E6 error'], () => new TestImage(PENDING)],
  [
    'E6 only B6: noncurrent 0',
    ['E6 error', 'B6 info'],
    () =>
      edited(PENDING, (image) =>
        image.editHeader(0, (header) => {
          header.logGuid = guid(GUIDS.zero);
        }),
      ),
  ],
  ['E7', ['E7 error', 'E12 refuse-write'], () => logged([], { flushedFileOffset: 9 * MIB })],
  [
    'E7 older entry only',
    ['E12 refuse-write'],
    () =>
      logged([], { flushedFileOffset: 9 * MIB }, {}, (image) =>
        image.addLogEntry(4096, { sequenceNumber: 4n, tail: 0 }),
      ),
  ],
  ['E12 2 GiB', ['E12 refuse-write'], () => logged([], {}, { virtualSize: 5 * GIB })],
  ['E12 4K', ['E12 refuse-write'], () => logged(spare, {}, { logicalSectorSize: 4096 })],
  ['E12 fixed', ['E12 refuse-write'], () => logged(spare, {}, { type: 'fixed', virtualSize: 2 * MIB })],
  [
    'E16 bat from log',
    ['E12 refuse-write', 'A7 info'],
    () =>
      logged(
        (image) => {
          const bytes = image.source.bytes(image.batOffset, 4096);
          bytes.fill(0, 0, 8);
          return [{ kind: 'data', fileOffset: image.batOffset, bytes }];
        },
        {},
        { allocate: [0] },
      ),
  ],
  [
    'E16 bad bat mended by log',
    ['E12 refuse-write'],
    () =>
      edited({ ...PENDING, allocate: [0] }, (image) => {
        const bytes = image.source.bytes(image.batOffset, 4096);
        image.setBat(1, { state: 4 });
        image.addLogEntry(0, { sequenceNumber: 3n, writes: [{ kind: 'data', fileOffset: image.batOffset, bytes }] });
      }),
  ],
  [
    'E16 bat broken by log',
    ['E12 refuse-write', 'I5 error'],
    () =>
      logged(
        (image) => {
          const bytes = image.source.bytes(image.batOffset, 4096);
          bytes[8] = 4;
          return [{ kind: 'data', fileOffset: image.batOffset, bytes }];
        },
        {},
        { allocate: [0] },
      ),
  ],
];
