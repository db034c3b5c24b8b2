/** The metadata items of a new file. [MS-VHDX] 2.6.2 */
import {
  VhdxFileParameters,
  VhdxGuid,
  VhdxLogicalSectorSize,
  VhdxMetadataTable,
  VhdxMetadataTableEntry,
  VhdxPhysicalSectorSize,
  VhdxVirtualDiskId,
  VhdxVirtualDiskSize,
} from '../../generated/index.js';
import { type GuidFields, GUIDS, parseGuid } from '../base/guid.js';
import { METADATA_TABLE_SIZE } from '../base/limits.js';
import { readExactly, type SourceReadOptions } from '../io/byte-source.js';
import { MIB, roundUp } from '../base/units.js';
import { parentLocator } from './locator.js';
import type { NewDisk, NewParent } from './options.js';

/** A metadata item that a new file gets. [MS-VHDX] 2.6.1.2 */
export interface NewItem {
  /** As `formatGuid` writes it. */
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly isUser: boolean;
  readonly isVirtualDisk: boolean;
  readonly isRequired: boolean;
}

function systemItem(id: string, isVirtualDisk: boolean, bytes: Uint8Array): NewItem {
  return { id, bytes, isUser: false, isVirtualDisk, isRequired: true };
}

/** The items of the specification that every file has, in the order of Windows. [MS-VHDX] 2.6.2 */
export function standardItems(disk: NewDisk, virtualSize: number, virtualDiskId: GuidFields): NewItem[] {
  const { blockSize, leaveBlockAllocated, hasParent, logicalSectorSize, physicalSectorSize } = disk;
  const parameters = VhdxFileParameters.create({ blockSize, leaveBlockAllocated, hasParent });
  const size = VhdxVirtualDiskSize.create({ virtualDiskSize: BigInt(virtualSize) });
  const id = VhdxVirtualDiskId.create({ virtualDiskId: VhdxGuid.create(virtualDiskId) });
  return [
    systemItem(GUIDS.fileParameters, false, parameters.toBytes()),
    systemItem(GUIDS.virtualDiskSize, true, size.toBytes()),
    systemItem(GUIDS.logicalSectorSize, true, VhdxLogicalSectorSize.create({ logicalSectorSize }).toBytes()),
    systemItem(GUIDS.physicalSectorSize, true, VhdxPhysicalSectorSize.create({ physicalSectorSize }).toBytes()),
    systemItem(GUIDS.virtualDiskId, true, id.toBytes()),
  ];
}

/**
 * What a child has beyond the standard items: the locator, and what belongs to the virtual disk rather than to the
 * parent's file. [MS-VHDX] 2.6.1.2
 *
 * @throws VhdxError VHDX_CREATE_PARENT_PATH_INVALID; what reading the parent throws
 */
export async function inheritedItems(parent: NewParent, options: SourceReadOptions): Promise<NewItem[]> {
  const locator = systemItem(GUIDS.parentLocator, false, parentLocator(parent));
  const { items, view } = parent.image;
  const copied = items
    .filter(({ name, isVirtualDisk, readable }) => name === undefined && isVirtualDisk && readable)
    .map(async ({ id, isUser, isVirtualDisk, isRequired, fileOffset, length }) => {
      const bytes = length === 0 ? new Uint8Array(0) : await readExactly(view, fileOffset, length, options);
      return { id, bytes, isUser, isVirtualDisk, isRequired };
    });
  return [locator, ...(await Promise.all(copied))];
}

/** Bytes of the region that has these items. */
export function metadataLength(items: readonly NewItem[]): number {
  return roundUp(
    items.reduce((sum, { bytes }) => sum + bytes.length, METADATA_TABLE_SIZE),
    MIB,
  );
}

/** The metadata region without the zeros at its end: the table, then the items side by side. [MS-VHDX] 2.6.1 */
export function metadataBytes(items: readonly NewItem[]): Uint8Array {
  const offsets: number[] = [];
  let end = METADATA_TABLE_SIZE;
  for (const { bytes } of items) {
    offsets.push(end);
    end += bytes.length;
  }
  const entries = items.map(({ id, bytes, isUser, isVirtualDisk, isRequired }, index) =>
    VhdxMetadataTableEntry.create({
      itemId: VhdxGuid.create(parseGuid(id)),
      offset: bytes.length === 0 ? 0 : (offsets[index] ?? 0),
      length: bytes.length,
      isUser,
      isVirtualDisk,
      isRequired,
    }),
  );
  const region = new Uint8Array(end);
  VhdxMetadataTable.create({ entries }).writeTo(region);
  for (const [index, { bytes }] of items.entries()) region.set(bytes, offsets[index]);
  return region;
}
