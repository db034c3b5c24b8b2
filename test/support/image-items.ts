/** What a test image is to be like, and the metadata items that say so. */
import {
  VhdxFileParameters,
  VhdxGuid,
  VhdxLogicalSectorSize,
  VhdxParentLocator,
  VhdxParentLocatorEntry,
  VhdxPhysicalSectorSize,
  VhdxVirtualDiskId,
  VhdxVirtualDiskSize,
} from '../../generated/index.js';
import { GUIDS, parseGuid } from '../../runtime/base/guid.js';
import { encodeUtf16 } from '../../runtime/base/utf16.js';
import { ANYTHING } from './anything.js';
import { MIB } from './units.js';

export interface RegionSpec {
  readonly guid: string;
  readonly fileOffset: number | bigint;
  readonly length: number;
  readonly required?: boolean;
}

export interface ItemSpec {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly isUser?: boolean;
  readonly isVirtualDisk?: boolean;
  readonly isRequired?: boolean;
}

/** What to build. Everything has a default: a dynamic disk of 16 MiB with blocks of 1 MiB, none of them allocated. */
export interface ImageSpec {
  readonly type?: 'dynamic' | 'fixed' | 'differencing';
  readonly virtualSize?: number;
  readonly blockSize?: number;
  readonly logicalSectorSize?: number;
  readonly physicalSectorSize?: number;
  readonly creator?: string;
  readonly sequenceNumbers?: readonly [bigint, bigint];
  readonly logGuid?: string;
  readonly logLength?: number;
  /** Payload blocks to give storage to, one behind the other; of a fixed disk all of them are. */
  readonly allocate?: readonly number[];
  /** The state of those blocks; FULLY_PRESENT if left out. */
  readonly allocateAs?: number;
  /** Chunks to give a sector bitmap block to. */
  readonly bitmaps?: readonly number[];
  readonly regions?: readonly RegionSpec[];
  readonly items?: readonly ItemSpec[];
  /** Keys and values of the parent locator; a differencing disk has some without being told. */
  readonly parent?: readonly (readonly [string, string])[];
  /** Bytes of the BAT region; what the disk needs if left out. */
  readonly batLength?: number;
}

export const IDS = {
  fileWrite: '11111111-2222-3333-4444-555555555555',
  dataWrite: '66666666-7777-8888-9999-aaaaaaaaaaaa',
  disk: 'bbbbbbbb-cccc-dddd-eeee-ffffffffffff',
  log: '0badf00d-0000-4000-8000-00000000cafe',
  parent: '83ed0ec3-24c8-49a6-a959-5e4bf1288bfb',
} as const;

export function guid(text: string): VhdxGuid {
  return VhdxGuid.create(parseGuid(text));
}

/** A parent locator item with these pairs, its strings packed behind the table. */
export function parentLocatorBytes(
  pairs: readonly (readonly [string, string])[],
  type: string = GUIDS.vhdxParentLocator,
): Uint8Array {
  let offset = 20 + 12 * pairs.length;
  const texts: Uint8Array[] = [];
  const place = (text: string): { offset: number; length: number } => {
    const bytes = encodeUtf16(text);
    texts.push(bytes);
    offset += bytes.length;
    return { offset: offset - bytes.length, length: bytes.length };
  };
  const entries = pairs.map(([keyText, valueText]) => {
    const [key, value] = [place(keyText), place(valueText)];
    return VhdxParentLocatorEntry.create({
      keyOffset: key.offset,
      keyLength: key.length,
      valueOffset: value.offset,
      valueLength: value.length,
    });
  });
  const data = Uint8Array.from(texts.flatMap((bytes) => [...bytes]));
  return VhdxParentLocator.create({ locatorType: guid(type), entries, data }).toBytes(ANYTHING);
}

const DEFAULT_PARENT = [
  ['parent_linkage', `{${IDS.parent}}`],
  ['relative_path', String.raw`.\parent.vhdx`],
  ['absolute_win32_path', String.raw`\\?\c:\disks\parent.vhdx`],
] as const;

/** The items of an image, the standard ones first, without those whose ID `extra` brings itself. */
export function itemsOf(spec: ImageSpec): ItemSpec[] {
  const type = spec.type ?? 'dynamic';
  const required = { isRequired: true, isVirtualDisk: true };
  const standard: ItemSpec[] = [
    {
      id: GUIDS.fileParameters,
      isRequired: true,
      bytes: VhdxFileParameters.create({
        blockSize: spec.blockSize ?? MIB,
        leaveBlockAllocated: type === 'fixed',
        hasParent: type === 'differencing',
      }).toBytes(ANYTHING),
    },
    {
      id: GUIDS.virtualDiskSize,
      ...required,
      bytes: VhdxVirtualDiskSize.create({ virtualDiskSize: BigInt(spec.virtualSize ?? 16 * MIB) }).toBytes(ANYTHING),
    },
    {
      id: GUIDS.virtualDiskId,
      ...required,
      bytes: VhdxVirtualDiskId.create({ virtualDiskId: guid(IDS.disk) }).toBytes(ANYTHING),
    },
    {
      id: GUIDS.logicalSectorSize,
      ...required,
      bytes: VhdxLogicalSectorSize.create({ logicalSectorSize: spec.logicalSectorSize ?? 512 }).toBytes(ANYTHING),
    },
    {
      id: GUIDS.physicalSectorSize,
      ...required,
      bytes: VhdxPhysicalSectorSize.create({ physicalSectorSize: spec.physicalSectorSize ?? 4096 }).toBytes(ANYTHING),
    },
  ];
  const parent = spec.parent ?? (type === 'differencing' ? DEFAULT_PARENT : undefined);
  if (parent !== undefined) {
    standard.push({ id: GUIDS.parentLocator, isRequired: true, bytes: parentLocatorBytes(parent) });
  }
  return [...standard, ...(spec.items ?? [])];
}
