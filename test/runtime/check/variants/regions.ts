/** Rules C: the region tables. Other ways to break them than in the matrix. */
import type { VhdxRegionTable, VhdxRegionTableEntry } from '../../../../generated/index.js';
import { GUIDS } from '../../../../runtime/base/guid.js';
import { KIB, MIB, TestImage } from '../../../support/image-builder.js';
import { TABLES, UNKNOWN, edited, pending, type Variant } from './variant.js';

function region({ entries }: VhdxRegionTable, index: number): VhdxRegionTableEntry {
  const entry = entries[index];
  if (entry === undefined) throw new RangeError(`there is no region ${index}`);
  return entry;
}

export const REGIONS_VARIANTS: readonly Variant[] = [
  ...TABLES.flatMap((at, copy): Variant[] => [
    [`C1 copy ${copy}, its signature`, ['C1 refuse-write'], () => edited({}, (image) => image.poke(at, 0))],
    [`C1 copy ${copy}, its last byte`, ['C1 refuse-write'], () => edited({}, (image) => image.poke(at + 65_535, 9))],
    [
      `C1 copy ${copy}, a pending log`,
      ['C1 refuse-write', 'E12 refuse-write'],
      () => pending((image) => image.poke(at + 65_535, 9)),
    ],
  ]),
  [
    'C1 both',
    ['C1 error'],
    () =>
      edited({}, (image) => {
        image.poke(TABLES[0], 0);
        image.poke(TABLES[1], 0);
      }),
  ],
  [
    'C2 second table other region',
    ['C2 refuse-write'],
    () =>
      edited({}, (image) =>
        image.editRegionTable(1, (table) => {
          region(table, 0).fileOffset = BigInt(9 * MIB);
        }),
      ),
  ],
  [
    'C2 first changed',
    ['C2 refuse-write', 'C8 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTable(0, (table) => {
          region(table, 0).fileOffset = BigInt(9 * MIB);
        }),
      ),
  ],
  [
    'C3 2048',
    ['C3 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTableBytes('both', (bytes) => new DataView(bytes.buffer).setUint32(8, 2048, true)),
      ),
  ],
  [
    'C3 only copy 1',
    ['C3 error', 'C2 refuse-write'],
    () =>
      edited({}, (image) =>
        image.editRegionTableBytes(0, (bytes) => new DataView(bytes.buffer).setUint32(8, 2 ** 32 - 1, true)),
      ),
  ],
  [
    'C3 2047',
    ['C6 error', 'C19 warning', 'C7 warning', 'C5 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTableBytes('both', (bytes) => new DataView(bytes.buffer).setUint32(8, 2047, true)),
      ),
  ],
  [
    'C4 last',
    ['C4 warning'],
    () =>
      edited({}, (image) =>
        image.editRegionTableBytes('both', (bytes) => {
          bytes[15] = 0x80;
        }),
      ),
  ],
  [
    'C5 unknown twice',
    ['C5 error'],
    () =>
      edited(
        {
          regions: [
            { guid: UNKNOWN, fileOffset: 4 * MIB, length: MIB },
            { guid: UNKNOWN, fileOffset: 5 * MIB, length: MIB },
          ],
        },
        (image) => image.append(2 * MIB),
      ),
  ],
  [
    'C5 metadata twice',
    ['C5 error'],
    () =>
      edited({ regions: [{ guid: GUIDS.metadataRegion, fileOffset: 4 * MIB, length: MIB, required: true }] }, (image) =>
        image.append(MIB),
      ),
  ],
  [
    'C6 unknown at 0',
    ['C6 error'],
    () => edited({ regions: [{ guid: UNKNOWN, fileOffset: 0, length: MIB }] }, () => {}),
  ],
  [
    'C6 unaligned bat',
    ['C6 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTable('both', (table) => {
          region(table, 0).fileOffset = BigInt(image.batOffset + 512);
        }),
      ),
  ],
  [
    'C6 unaligned metadata',
    ['C6 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTable('both', (table) => {
          region(table, 1).fileOffset = BigInt(image.metadataOffset - 4096);
        }),
      ),
  ],
  [
    'C7 unaligned len unknown',
    ['C7 error'],
    () =>
      edited({ regions: [{ guid: UNKNOWN, fileOffset: 4 * MIB, length: MIB + 1 }] }, (image) => image.append(2 * MIB)),
  ],
  [
    'C7 0 unknown',
    ['C7 warning', 'A7 info'],
    () => edited({ regions: [{ guid: UNKNOWN, fileOffset: 4 * MIB, length: 0 }] }, (image) => image.append(MIB)),
  ],
  [
    'C7 0 metadata',
    ['C7 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTable('both', (table) => {
          region(table, 1).length = 0;
        }),
      ),
  ],
  [
    'C8 unknown required',
    ['C8 error', 'C15 error'],
    () => new TestImage({ regions: [{ guid: UNKNOWN, fileOffset: 40 * MIB, length: MIB, required: true }] }),
  ],
  [
    'C8 unknown opt',
    ['C8 warning'],
    () => new TestImage({ regions: [{ guid: UNKNOWN, fileOffset: 40 * MIB, length: MIB }] }),
  ],
  [
    'C8 overflow opt',
    ['C8 error'],
    () => new TestImage({ regions: [{ guid: UNKNOWN, fileOffset: 2n ** 64n - BigInt(MIB), length: 2 * MIB }] }),
  ],
  [
    'C8 bat',
    ['C8 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTable('both', (table) => {
          region(table, 0).fileOffset = BigInt(image.size);
        }),
      ),
  ],
  [
    'C8 metadata cut',
    ['C8 error', 'A6 warning'],
    () =>
      edited({}, (image) => {
        image.size = image.metadataOffset + 512 * KIB;
      }),
  ],
  [
    'C9 unknown on metadata',
    ['C9 error'],
    () => new TestImage({ regions: [{ guid: UNKNOWN, fileOffset: 3 * MIB, length: MIB }] }),
  ],
  [
    'C9 bat 2 MiB onto metadata',
    ['C9 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTable('both', (table) => {
          region(table, 0).length = 2 * MIB;
        }),
      ),
  ],
  [
    'C10 unknown on log',
    ['C10 error'],
    () => new TestImage({ regions: [{ guid: UNKNOWN, fileOffset: MIB, length: MIB }] }),
  ],
  [
    'C10 metadata on log',
    ['C10 error', 'F1 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTable('both', (table) => {
          region(table, 1).fileOffset = BigInt(MIB);
        }),
      ),
  ],
  [
    'C11 unknown opt on block',
    ['I10 error'],
    () => edited({ allocate: [0], regions: [{ guid: UNKNOWN, fileOffset: 4 * MIB, length: MIB }] }, () => {}),
  ],
  [
    'C12 bat missing',
    ['C12 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTable('both', (table) => {
          table.entries.splice(0, 1);
        }),
      ),
  ],
  [
    'C12 both missing',
    ['C12 error'],
    () =>
      edited({}, (image) =>
        image.editRegionTable('both', (table) => {
          table.entries.splice(0, 2);
        }),
      ),
  ],
  [
    'C13 one',
    ['C13 warning'],
    () =>
      edited({}, (image) =>
        image.editRegionTable('both', (table) => {
          region(table, 1).required = false;
        }),
      ),
  ],
  [
    'C14 bit 31',
    ['C14 warning'],
    () =>
      edited({}, (image) =>
        image.editRegionTableBytes('both', (bytes) => {
          bytes[16 + 31] = 0x80;
        }),
      ),
  ],
  [
    'C14 unknown',
    ['C14 warning'],
    () =>
      edited({ regions: [{ guid: UNKNOWN, fileOffset: 4 * MIB, length: MIB }] }, (image) => {
        image.append(MIB);
        image.editRegionTableBytes('both', (bytes) => {
          bytes[16 + 64 + 28] = 2;
        });
      }),
  ],
  [
    'C15',
    ['C15 error'],
    () =>
      edited({ regions: [{ guid: UNKNOWN, fileOffset: 4 * MIB, length: MIB, required: true }] }, (image) =>
        image.append(MIB),
      ),
  ],
  [
    'C17 last byte',
    ['C17 info'],
    () =>
      edited({}, (image) =>
        image.editRegionTableBytes('both', (bytes) => {
          bytes[65535] = 1;
        }),
      ),
  ],
  [
    'C19 zero guid opt',
    ['C19 warning'],
    () => edited({ regions: [{ guid: GUIDS.zero, fileOffset: 4 * MIB, length: MIB }] }, (image) => image.append(MIB)),
  ],
  [
    'C19 zero guid req',
    ['C19 warning', 'C15 error'],
    () =>
      edited({ regions: [{ guid: GUIDS.zero, fileOffset: 4 * MIB, length: MIB, required: true }] }, (image) =>
        image.append(MIB),
      ),
  ],
];
