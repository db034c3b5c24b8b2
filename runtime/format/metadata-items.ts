/** The metadata items: their values, and rules G. [MS-VHDX] 2.6.2 */
import {
  VhdxFileParameters,
  VhdxLogicalSectorSize,
  VhdxMetadataTableEntry,
  VhdxPhysicalSectorSize,
  VhdxVirtualDiskId,
  VhdxVirtualDiskSize,
} from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import type { KaitaiStruct, StructClass } from '../../generated/kaitai/struct.js';
import { finding, findingOfViolation, type Report } from '../errors/findings.js';
import { formatGuid, isZeroGuid } from '../base/guid.js';
import { entryField, type KnownItemName, type MetadataItem } from './metadata-table.js';
import { type FieldId, type FieldPlace, fieldOf, type Place } from '../errors/field-location.js';
import { exactNumber, hex } from '../base/units.js';

/** Type of a virtual disk. [MS-VHDX] 1.3 */
export type DiskType = 'fixed' | 'dynamic' | 'differencing';

/** Parameters of the disk from the metadata items. */
export interface DiskParameters {
  /** Type of the disk. */
  readonly type: DiskType;
  /** LeaveBlockAllocated: blocks keep their storage. [MS-VHDX] 2.6.2.1 */
  readonly leaveBlockAllocated: boolean;
  /** Whether it is a differencing disk (HasParent). [MS-VHDX] 2.6.2.1 */
  readonly hasParent: boolean;
  /** Bytes in a payload block: a power of two from 1 MiB to 256 MiB. */
  readonly blockSize: number;
  /** Bytes of the virtual disk, at most 64 TiB. */
  readonly virtualSize: number;
  /** 512 or 4096. */
  readonly logicalSectorSize: number;
  /** 512 or 4096. */
  readonly physicalSectorSize: number;
  /** As `formatGuid` writes it. */
  readonly virtualDiskId: string;
}

/** The bytes of the items that could be read, by name. */
export type ItemBytes = ReadonlyMap<KnownItemName, { readonly item: MetadataItem; readonly bytes: Uint8Array }>;

/** A class of the generated readers with a fixed size. */
type FixedStructure<T extends KaitaiStruct> = StructClass<T> & { readonly SIZE: number };

/** The items that every image needs: name, length in bytes, section. */
const REQUIRED = [
  ['file_parameters', VhdxFileParameters.SIZE, '2.6.2.1'],
  ['virtual_disk_size', VhdxVirtualDiskSize.SIZE, '2.6.2.2'],
  ['virtual_disk_id', VhdxVirtualDiskId.SIZE, '2.6.2.3'],
  ['logical_sector_size', VhdxLogicalSectorSize.SIZE, '2.6.2.4'],
  ['physical_sector_size', VhdxPhysicalSectorSize.SIZE, '2.6.2.5'],
] as const;

/** The path of a known item, as findings name it. */
export function itemPath(name: KnownItemName): string {
  return name === 'parent_locator' ? name : `metadata.${name}`;
}

function placeOf(item: MetadataItem, name: KnownItemName): Place {
  return { fileOffset: item.fileOffset, path: itemPath(name) };
}

/** G1, G2: the items that every image needs, with their lengths. */
export function reportMissingItems(items: readonly MetadataItem[], region: Place, report: Report): void {
  for (const [name, size, section] of REQUIRED) {
    const item = items.find((candidate) => candidate.name === name);
    if (item === undefined) {
      report(
        finding('VHDX_METADATA_ITEM_MISSING', {
          ...region,
          length: 0,
          message: `The metadata table at ${hex(region.fileOffset)} has no item ${name}.`,
        }),
      );
    } else if (item.length !== size) {
      report(
        finding('VHDX_METADATA_ITEM_LENGTH', {
          ...entryField(item.place, 'length'),
          section,
          message: `The length of ${name} (${item.place.path} at ${hex(item.place.fileOffset)}) is ${item.length}, expected ${size}.`,
        }),
      );
    }
  }
}

/** Reads one item; `undefined` if it is absent or an error was found in it. */
function readItem<T extends KaitaiStruct>(
  name: KnownItemName,
  structure: FixedStructure<T>,
  items: ItemBytes,
  report: Report,
): T | undefined {
  const found = items.get(name);
  if (found === undefined || found.bytes.length !== structure.SIZE) return undefined;
  const violations: Violation[] = [];
  const value = structure.fromBytes(found.bytes, { onViolation: (violation) => violations.push(violation) });
  for (const violation of violations) report(findingOfViolation(violation, placeOf(found.item, name)));
  return violations.some(({ severity }) => severity === 'error') ? undefined : value;
}

/** G8, G10: the size of the disk against its sectors. */
function readSize(items: ItemBytes, sectorSize: number | undefined, report: Report): number | undefined {
  const value = readItem('virtual_disk_size', VhdxVirtualDiskSize, items, report);
  const size = value === undefined ? undefined : exactNumber(value.virtualDiskSize);
  const item = items.get('virtual_disk_size')?.item;
  if (size === undefined || item === undefined) return undefined;
  const at = { fileOffset: item.fileOffset, length: item.length, path: 'metadata.virtual_disk_size.virtual_disk_size' };
  if (size === 0) {
    report(
      finding('VHDX_DISK_SIZE_ZERO', {
        ...at,
        message: `The virtual disk size at ${hex(at.fileOffset)} is 0, expected at least one sector.`,
      }),
    );
  }
  if (sectorSize !== undefined && size % sectorSize !== 0) {
    report(
      finding('VHDX_DISK_SIZE_UNALIGNED', {
        ...at,
        message: `The virtual disk size at ${hex(at.fileOffset)} is ${size}, expected a multiple of the logical sector size ${sectorSize}.`,
      }),
    );
  }
  return size;
}

/** G12, G13: the physical sector size against the logical one. */
function readPhysicalSectorSize(items: ItemBytes, logical: number | undefined, report: Report): number | undefined {
  const physical = readItem('physical_sector_size', VhdxPhysicalSectorSize, items, report)?.physicalSectorSize;
  const item = items.get('physical_sector_size')?.item;
  if (physical !== undefined && logical !== undefined && item !== undefined && physical < logical) {
    report(
      finding('VHDX_PHYSICAL_SECTOR_SIZE_LESS', {
        ...placeOf(item, 'physical_sector_size'),
        length: item.length,
        message: `The physical sector size at ${hex(item.fileOffset)} is ${physical}, less than the logical one, ${logical}.`,
      }),
    );
  }
  return physical;
}

function readDiskId(items: ItemBytes, report: Report): string | undefined {
  const id = readItem('virtual_disk_id', VhdxVirtualDiskId, items, report)?.virtualDiskId;
  const item = items.get('virtual_disk_id')?.item;
  if (id !== undefined && item !== undefined && isZeroGuid(id)) {
    report(
      finding('VHDX_DISK_ID_ZERO', {
        ...placeOf(item, 'virtual_disk_id'),
        length: item.length,
        message: `The virtual disk ID at ${hex(item.fileOffset)} is zero.`,
      }),
    );
  }
  return id === undefined ? undefined : formatGuid(id);
}

/** G5, G7: the parent locator is there if and only if there is a parent. */
function judgeParent(
  parameters: VhdxFileParameters,
  items: readonly MetadataItem[],
  place: Place,
  report: Report,
): void {
  const field = (id: FieldId<typeof VhdxFileParameters.LAYOUT>): FieldPlace =>
    fieldOf(VhdxFileParameters.LAYOUT, place, id);
  const locator = items.find(({ name }) => name === 'parent_locator');
  if (parameters.hasParent && locator === undefined) {
    report(
      finding('VHDX_PARENT_LOCATOR_MISSING', {
        ...field('has_parent'),
        message: `HasParent is set at ${hex(field('has_parent').fileOffset)}, but there is no parent locator item.`,
      }),
    );
  }
  if (!parameters.hasParent && locator !== undefined) {
    report(
      finding('VHDX_PARENT_LOCATOR_UNEXPECTED', {
        ...locator.place,
        length: VhdxMetadataTableEntry.SIZE,
        message: `There is a parent locator item (${locator.place.path} at ${hex(locator.place.fileOffset)}), but HasParent is not set.`,
      }),
    );
  }
  if (parameters.hasParent && parameters.leaveBlockAllocated) {
    report(
      finding('VHDX_FIXED_WITH_PARENT', {
        ...field('leave_block_allocated'),
        message: `Both LeaveBlockAllocated and HasParent are set at ${hex(field('has_parent').fileOffset)}.`,
      }),
    );
  }
}

/**
 * Judges the items that describe the disk, G3 to G14, and returns what they say; `undefined` if an item that is needed
 * is missing or broken, which has been reported. `bytes` has the items that could be read. [MS-VHDX] 2.6.2
 */
export function readDiskParameters(
  items: readonly MetadataItem[],
  bytes: ItemBytes,
  report: Report,
): DiskParameters | undefined {
  const parameters = readItem('file_parameters', VhdxFileParameters, bytes, report);
  const file = bytes.get('file_parameters')?.item;
  if (parameters !== undefined && file !== undefined) {
    judgeParent(parameters, items, placeOf(file, 'file_parameters'), report);
  }
  const logicalSectorSize = readItem('logical_sector_size', VhdxLogicalSectorSize, bytes, report)?.logicalSectorSize;
  const virtualSize = readSize(bytes, logicalSectorSize, report);
  const physicalSectorSize = readPhysicalSectorSize(bytes, logicalSectorSize, report);
  const virtualDiskId = readDiskId(bytes, report);
  if (parameters === undefined || logicalSectorSize === undefined || virtualSize === undefined) return undefined;
  const { blockSize, hasParent, leaveBlockAllocated } = parameters;
  const withoutParent = leaveBlockAllocated ? 'fixed' : 'dynamic';
  return {
    type: hasParent ? 'differencing' : withoutParent,
    leaveBlockAllocated,
    hasParent,
    blockSize,
    virtualSize,
    logicalSectorSize,
    physicalSectorSize: physicalSectorSize ?? logicalSectorSize,
    virtualDiskId: virtualDiskId ?? '',
  };
}
