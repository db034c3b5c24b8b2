/** Rules F and G: the metadata table and the known items. Other ways to break them than in the matrix. */
import { GUIDS } from '../../../../runtime/base/guid.js';
import { IDS, KIB, MIB, TestImage, TIB } from '../../../support/image-builder.js';
import { guid } from '../../../support/image-items.js';
import { u32, u64 } from '../matrix/case.js';
import { UNKNOWN, OTHER, DIFFERENCING, edited, pending, item, withItem, fp, type Variant } from './variant.js';

export const METADATA_VARIANTS: readonly Variant[] = [
  ...([0, 512 * KIB, MIB - 1, MIB + 4096, 3 * MIB, 257 * MIB, 512 * MIB, 2 ** 31, 2 ** 32 - 1] as const).map(
    (blockSize): Variant => [`G3 ${blockSize}`, ['G3 error'], () => withItem('fileParameters', fp(blockSize))],
  ),
  ...([0, 1, 256, 1024, 2048, 4095, 8192, 2 ** 31, 2 ** 32 - 1] as const).flatMap((size): Variant[] => [
    [`G11 ${size}`, ['G11 error'], () => withItem('logicalSectorSize', u32(size))],
    [`G12 ${size}`, ['G12 error'], () => withItem('physicalSectorSize', u32(size))],
  ]),
  ...(
    ['fileParameters', 'virtualDiskSize', 'virtualDiskId', 'logicalSectorSize', 'physicalSectorSize'] as const
  ).flatMap((name): Variant[] => [
    [
      `G1 no ${name}`,
      ['G1 error'],
      () =>
        edited({}, (image) =>
          image.editMetadataTable((table) => {
            const id = guid(GUIDS[name]).toBytes();
            table.entries = table.entries.filter(({ itemId }) => Buffer.compare(itemId.toBytes(), id) !== 0);
          }),
        ),
    ],
    [
      `G2 ${name}, a byte short`,
      ['G2 error'],
      () => edited({}, (image) => image.editMetadataEntry(GUIDS[name], (entry) => (entry.length -= 1))),
    ],
    [
      `G2 ${name}, empty`,
      ['G2 error'],
      () =>
        edited({}, (image) =>
          image.editMetadataEntry(GUIDS[name], (entry) => {
            entry.length = 0;
            entry.offset = 0;
          }),
        ),
    ],
  ]),
  ['F1', ['F1 error'], () => edited({}, (image) => image.poke(image.metadataOffset, 0))],
  ['F2', ['F2 error'], () => edited({}, (image) => image.source.write(Uint8Array.of(0, 8), image.metadataOffset + 10))],
  [
    'F2 65535',
    ['F2 error'],
    () => edited({}, (image) => image.source.write(Uint8Array.of(255, 255), image.metadataOffset + 10)),
  ],
  [
    'F2 0',
    ['G1 error'],
    () => edited({}, (image) => image.source.write(Uint8Array.of(0, 0), image.metadataOffset + 10)),
  ],
  ['F3 reserved2 last', ['F3 warning'], () => edited({}, (image) => image.poke(image.metadataOffset + 31, 1))],
  [
    'F4 known twice',
    ['F4 error'],
    () =>
      edited({}, (image) =>
        image.editMetadataTable((table) => {
          table.entries.push(...table.entries.slice(1, 2));
        }),
      ),
  ],
  [
    'F4 same id user and system',
    [],
    () => new TestImage({ items: [item(UNKNOWN, {}), item(UNKNOWN, { isUser: true })] }),
  ],
  [
    'F5 into table',
    ['F5 error'],
    () =>
      edited({}, (image) =>
        image.editMetadataEntry(GUIDS.virtualDiskId, (entry) => {
          entry.offset = 65535;
        }),
      ),
  ],
  [
    'F5 unknown',
    ['F5 error'],
    () =>
      edited({ items: [item(UNKNOWN, {})] }, (image) =>
        image.editMetadataEntry(UNKNOWN, (entry) => {
          entry.offset = 4096;
        }),
      ),
  ],
  [
    'F6 unknown',
    ['F6 error'],
    () =>
      edited({ items: [item(UNKNOWN, {})] }, (image) =>
        image.editMetadataEntry(UNKNOWN, (entry) => {
          entry.offset = MIB - 4;
        }),
      ),
  ],
  [
    'F6 overflow 2^32',
    ['F6 error'],
    () =>
      edited({ items: [item(UNKNOWN, {})] }, (image) =>
        image.editMetadataEntry(UNKNOWN, (entry) => {
          entry.offset = 2 ** 32 - 4;
        }),
      ),
  ],
  [
    'F6 known size',
    ['F6 error'],
    () =>
      edited({}, (image) =>
        image.editMetadataEntry(GUIDS.virtualDiskSize, (entry) => {
          entry.offset = MIB - 7;
        }),
      ),
  ],
  [
    'F7 known+known',
    ['F7 error'],
    () =>
      edited({}, (image) =>
        image.editMetadataEntry(GUIDS.physicalSectorSize, (entry) => {
          entry.offset -= 4;
        }),
      ),
  ],
  [
    'F7 by one byte unknown',
    ['F7 error'],
    () =>
      edited({ items: [item(UNKNOWN, {}), item(OTHER, {})] }, (image) =>
        image.editMetadataEntry(OTHER, (entry) => {
          entry.offset -= 1;
          entry.length -= 1;
        }),
      ),
  ],
  ['F8 2MiB', ['F8 error'], () => edited({ items: [item(UNKNOWN, { bytes: new Uint8Array(MIB + 1) })] }, () => {})],
  ['F8 exactly 1 MiB', [], () => edited({ items: [item(UNKNOWN, { bytes: new Uint8Array(MIB) })] }, () => {})],
  [
    'F9',
    ['F9 warning'],
    () =>
      edited({ items: [item(UNKNOWN, { bytes: new Uint8Array(0) })] }, (image) =>
        image.editMetadataEntry(UNKNOWN, (entry) => {
          entry.offset = 65536;
        }),
      ),
  ],
  [
    'F9 offset bad too',
    ['F9 warning'],
    () =>
      edited({ items: [item(UNKNOWN, { bytes: new Uint8Array(0) })] }, (image) =>
        image.editMetadataEntry(UNKNOWN, (entry) => {
          entry.offset = 2 ** 31;
        }),
      ),
  ],
  ['F11 bit3', ['F11 warning'], () => edited({}, (image) => image.poke(image.metadataOffset + 32 + 24, 4 | 8))],
  ['F11 reserved2', ['F11 warning'], () => edited({}, (image) => image.poke(image.metadataOffset + 32 + 31, 1))],
  [
    'F11 unknown',
    ['F11 warning'],
    () => edited({ items: [item(UNKNOWN, {})] }, (image) => image.poke(image.metadataOffset + 32 + 5 * 32 + 27, 0x80)),
  ],
  ['F12', ['F12 error'], () => new TestImage({ items: [item(UNKNOWN, { isRequired: true })] })],
  [
    'F12 virtual',
    ['F12 error'],
    () => new TestImage({ items: [item(UNKNOWN, { isRequired: true, isVirtualDisk: true })] }),
  ],
  ['F13', [], () => new TestImage({ items: [item(UNKNOWN, { isVirtualDisk: true })] })],
  [
    'F14',
    ['F14 warning', 'F12 error'],
    () => new TestImage({ items: [item(UNKNOWN, { isRequired: true, isUser: true })] }),
  ],
  ['F15', ['F15 warning'], () => new TestImage({ items: [item(GUIDS.zero, {})] })],
  ['F15 user', ['F15 warning'], () => new TestImage({ items: [item(GUIDS.zero, { isUser: true })] })],
  [
    'F17 fileparams isVirtual',
    ['F17 warning'],
    () =>
      edited({}, (image) =>
        image.editMetadataEntry(GUIDS.fileParameters, (entry) => {
          entry.isVirtualDisk = true;
        }),
      ),
  ],
  [
    'F17 size not required',
    ['F17 warning'],
    () =>
      edited({}, (image) =>
        image.editMetadataEntry(GUIDS.virtualDiskSize, (entry) => {
          entry.isRequired = false;
        }),
      ),
  ],
  [
    'F17 id isUser',
    ['F14 warning', 'F17 warning'],
    () =>
      edited({}, (image) =>
        image.editMetadataEntry(GUIDS.virtualDiskId, (entry) => {
          entry.isUser = true;
        }),
      ),
  ],
  [
    'F17 locator virtual',
    ['F17 warning'],
    () =>
      edited(DIFFERENCING, (image) =>
        image.editMetadataEntry(GUIDS.parentLocator, (entry) => {
          entry.isVirtualDisk = true;
        }),
      ),
  ],
  ['F19', ['F19 info'], () => edited({}, (image) => image.poke(image.metadataOffset + MIB - 1, 1))],
  ['F19 in table tail', ['F19 info'], () => edited({}, (image) => image.poke(image.metadataOffset + 65535, 1))],
  ['G3 diff', ['G3 error'], () => withItem('fileParameters', fp(3 * MIB, 0, 1), DIFFERENCING)],
  [
    'G3 pending',
    ['G3 error', 'E12 refuse-write'],
    () => pending((image) => image.setItem(GUIDS.fileParameters, fp(0))),
  ],
  ['G3 256MiB', [], () => withItem('fileParameters', fp(256 * MIB))],
  ['G4 bit31', ['G4 warning'], () => withItem('fileParameters', fp(MIB, 0, 0, 1 << 29))],
  ['G5 hasparent no locator', ['G5 error'], () => withItem('fileParameters', fp(MIB, 0, 1))],
  ['G5 locator no parent', ['G5 warning'], () => withItem('fileParameters', fp(MIB, 0, 0), DIFFERENCING)],
  [
    'G5 locator in fixed',
    ['G5 warning'],
    () =>
      edited(
        {
          type: 'fixed',
          virtualSize: 2 * MIB,
          parent: [
            ['parent_linkage', '{' + IDS.parent + '}'],
            ['relative_path', '.\\p.vhdx'],
          ],
        },
        () => {},
      ),
  ],
  [
    'G6 one',
    ['G6 warning', 'A7 info'],
    () => edited({ type: 'fixed', virtualSize: 4 * MIB }, (image) => image.setBat(3, { state: 0 })),
  ],
  [
    'G6 first ZERO',
    ['G6 warning', 'A8 info'],
    () => edited({ type: 'fixed', virtualSize: 4 * MIB }, (image) => image.setBat(0, { state: 2 })),
  ],
  [
    'G6 unmapped',
    ['G6 warning', 'A8 info'],
    () => edited({ type: 'fixed', virtualSize: 4 * MIB }, (image) => image.setBat(1, { state: 3 })),
  ],
  [
    'G6 unmapped anchored',
    ['G6 warning'],
    () =>
      edited({ type: 'fixed', virtualSize: 4 * MIB }, (image) =>
        image.setBat(1, { state: 3, fileOffsetMb: image.dataOffset / MIB + 1 }),
      ),
  ],
  ['G7', ['G7 info'], () => withItem('fileParameters', fp(MIB, 1, 1), DIFFERENCING)],
  [
    'G8 4K 512',
    ['G8 error'],
    () => withItem('virtualDiskSize', u64(BigInt(15 * MIB + 512)), { logicalSectorSize: 4096 }),
  ],
  ['G8 unaligned diff', ['G8 error'], () => withItem('virtualDiskSize', u64(BigInt(15 * MIB + 100)), DIFFERENCING)],
  ['G9 64T+512', ['G9 error'], () => withItem('virtualDiskSize', u64(BigInt(64 * TIB + 512)))],
  ['G9 2^63', ['G9 error'], () => withItem('virtualDiskSize', u64(2n ** 63n))],
  ['G9 2^64-512', ['G9 error'], () => withItem('virtualDiskSize', u64(2n ** 64n - 512n))],
  ['G9 2^64-1', ['G9 error'], () => withItem('virtualDiskSize', u64(2n ** 64n - 1n))],
  ['G9 64T exact + big bat', ['I1 error'], () => withItem('virtualDiskSize', u64(BigInt(64 * TIB)))],
  ['G10 0', ['G10 warning'], () => withItem('virtualDiskSize', u64(BigInt(0)))],
  ['G10 0 diff', ['G10 warning'], () => withItem('virtualDiskSize', u64(BigInt(0)), DIFFERENCING)],
  [
    'G10 0 with block',
    ['G10 warning', 'I3 info', 'A7 info'],
    () => withItem('virtualDiskSize', u64(BigInt(0)), { allocate: [0] }),
  ],
  ['G13', ['G13 warning'], () => new TestImage({ logicalSectorSize: 4096, physicalSectorSize: 512 })],
  ['G13 512/512', [], () => new TestImage({ physicalSectorSize: 512 })],
  ['G14', ['G14 warning'], () => withItem('virtualDiskId', new Uint8Array(16))],
];
