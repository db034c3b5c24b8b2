/** The metadata table: its entries, and rules F. [MS-VHDX] 2.6.1 */
import { VhdxMetadataTable, VhdxMetadataTableEntry } from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { EofError } from '../../generated/kaitai/errors.js';
import { entryOfViolation, finding, findingOfViolation, type Report } from '../errors/findings.js';
import { formatGuid, GUIDS } from '../base/guid.js';
import { LIMITS, METADATA_TABLE_SIZE } from '../base/limits.js';
import { type FieldId, type FieldPlace, fieldOf, offsetOf, type Place } from '../errors/field-location.js';
import type { Assume } from '../errors/assume.js';
import { extentText, inFileOrder } from './overlaps.js';
import { countText, hex, sizeText } from '../base/units.js';

/** The metadata items of the specification. [MS-VHDX] 2.6.2 */
export type KnownItemName =
  | 'file_parameters'
  | 'virtual_disk_size'
  | 'virtual_disk_id'
  | 'logical_sector_size'
  | 'physical_sector_size'
  | 'parent_locator';

/** An entry of the metadata table. */
export interface MetadataItem {
  readonly index: number;
  /** The item of the specification that it is, if any. */
  readonly name: KnownItemName | undefined;
  /** As `formatGuid` writes it. */
  readonly id: string;
  readonly isUser: boolean;
  readonly isVirtualDisk: boolean;
  readonly isRequired: boolean;
  /** First byte in the file; meaningless if `length` is 0. */
  readonly fileOffset: number;
  /** Length in bytes; 0 if the item is present but empty. */
  readonly length: number;
  /** False if the item's bytes are not where they may be. */
  readonly readable: boolean;
  /** The entry in the table. */
  readonly place: Place;
}

const KNOWN: Readonly<Record<string, KnownItemName>> = {
  [GUIDS.fileParameters]: 'file_parameters',
  [GUIDS.virtualDiskSize]: 'virtual_disk_size',
  [GUIDS.virtualDiskId]: 'virtual_disk_id',
  [GUIDS.logicalSectorSize]: 'logical_sector_size',
  [GUIDS.physicalSectorSize]: 'physical_sector_size',
  [GUIDS.parentLocator]: 'parent_locator',
};

/** Items that are not in the specification but are known from implementations; none of them changes how a disk is read. */
const EXTRA: Readonly<Record<string, string>> = {
  [GUIDS.chsParameters]: 'CHS parameters',
  [GUIDS.pmemLabelStorage]: 'PMEM label storage area',
  [GUIDS.hyperOne]: 'HyperOne metadata',
};

/** IsVirtualDisk of the known items; their IsUser is false and their IsRequired is true. [MS-VHDX] 2.6.2 */
const IS_VIRTUAL_DISK: Readonly<Record<KnownItemName, boolean>> = {
  file_parameters: false,
  virtual_disk_size: true,
  virtual_disk_id: true,
  logical_sector_size: true,
  physical_sector_size: true,
  parent_locator: false,
};

/** Where a field of a table entry stands. */
export function entryField(place: Place, id: FieldId<typeof VhdxMetadataTableEntry.LAYOUT>): FieldPlace {
  return fieldOf(VhdxMetadataTableEntry.LAYOUT, place, id);
}

/** How an item is spoken of: `file_parameters`, `user item 4a…`. */
export function itemTitle({ name, id, isUser }: Pick<MetadataItem, 'name' | 'id' | 'isUser'>): string {
  return name ?? `${isUser ? 'user' : 'system'} item ${id}`;
}

/** F12, F14, F15, F17, F18: what an entry says apart from its place. */
function judgeIdentity(item: MetadataItem, report: Report): void {
  const { name, isUser, isRequired, isVirtualDisk } = item;
  const isUsual = name !== undefined && !isUser && isRequired && isVirtualDisk === IS_VIRTUAL_DISK[name];
  if (!isUsual) judgeUnusual(item, report);
}

/** As `judgeIdentity`, of an entry that is not what the specification says of a known item. */
function judgeUnusual(item: MetadataItem, report: Report): void {
  const { id, name, isUser, isRequired, isVirtualDisk, place } = item;
  const flags = entryField(place, 'is_required');
  const entry = `${place.path} at ${hex(place.fileOffset)}`;
  if (id === GUIDS.zero) {
    const at = entryField(place, 'item_id');
    report(finding('VHDX_METADATA_ID_ZERO', { ...at, message: `The item ID of ${entry} is zero.` }));
  }
  if (isUser && isRequired) {
    report(
      finding('VHDX_METADATA_USER_REQUIRED', {
        ...flags,
        message: `User item ${id} (${entry}) has both IsUser and IsRequired set.`,
      }),
    );
  }
  if (!isUser && id === GUIDS.incompleteFile) {
    report(
      finding('VHDX_METADATA_INCOMPLETE_FILE', {
        ...place,
        length: VhdxMetadataTableEntry.SIZE,
        message: `${entry} is the mark of a file whose creation has not been finished (${id}).`,
      }),
    );
  } else if (!isUser && EXTRA[id] !== undefined) {
    report(
      finding('VHDX_METADATA_KNOWN_EXTRA', {
        ...place,
        length: VhdxMetadataTableEntry.SIZE,
        message: `${entry} is an item that the specification does not name: ${EXTRA[id]} (${id}).`,
      }),
    );
  } else if (name === undefined && isRequired) {
    report(
      finding('VHDX_METADATA_UNKNOWN_REQUIRED', {
        ...entryField(place, 'item_id'),
        message: `The ${itemTitle(item)} (${entry}) is required to understand the file, but it is not known.`,
      }),
    );
  }
  if (name === undefined) return;
  const wrong = [
    ...(isUser ? ['IsUser is 1'] : []),
    ...(isVirtualDisk === IS_VIRTUAL_DISK[name] ? [] : [`IsVirtualDisk is ${Number(isVirtualDisk)}`]),
    ...(isRequired ? [] : ['IsRequired is 0']),
  ];
  if (wrong.length === 0) return;
  report(
    finding('VHDX_METADATA_FLAGS_UNEXPECTED', {
      ...flags,
      message: `The flags of ${name} (${entry}) are not the usual ones: ${wrong.join(', ')}.`,
    }),
  );
}

/** F5, F6, F9: whether an item lies where it may. */
function judgePlace(item: MetadataItem, offset: number, regionLength: number, report: Report): void {
  const { place, length } = item;
  const isEmpty = length === 0;
  if (isEmpty ? offset === 0 : offset >= METADATA_TABLE_SIZE && offset + length <= regionLength) return;
  const at = entryField(place, 'offset');
  const title = `${itemTitle(item)} (${place.path} at ${hex(place.fileOffset)})`;
  if (isEmpty) {
    report(
      finding('VHDX_METADATA_EMPTY_WITH_OFFSET', {
        ...at,
        message: `The ${title} has the length 0 and the offset ${hex(offset)}, expected 0.`,
      }),
    );
    return;
  }
  if (offset < METADATA_TABLE_SIZE) {
    report(
      finding('VHDX_METADATA_OFFSET_INVALID', {
        ...at,
        message: `The ${title} has the offset ${hex(offset)}, expected at least ${hex(METADATA_TABLE_SIZE)}.`,
      }),
    );
  } else {
    report(
      finding('VHDX_METADATA_BEYOND_REGION', {
        ...at,
        message: `The ${title} has the offset ${hex(offset)} and the length ${hex(length)}, but the region has only ${hex(regionLength)} bytes.`,
      }),
    );
  }
}

/** F4: the pair of item ID and IsUser is unique. */
function reportDuplicates(items: readonly MetadataItem[], report: Report): void {
  const seen = new Map<string, MetadataItem>();
  for (const item of items) {
    const key = `${item.id}/${item.isUser}`;
    const earlier = seen.get(key);
    if (earlier === undefined) {
      seen.set(key, item);
      continue;
    }
    report(
      finding('VHDX_METADATA_DUPLICATE', {
        ...entryField(item.place, 'item_id'),
        message: `${item.place.path} at ${hex(item.place.fileOffset)} is the same ${itemTitle(item)} as ${earlier.place.path} at ${hex(earlier.place.fileOffset)}.`,
      }),
    );
  }
}

/** F7: items do not overlap. That an item overlaps its own duplicate (F4) goes without saying. */
function reportOverlaps(items: readonly MetadataItem[], report: Report): void {
  const there = items.filter(({ readable, length }) => readable && length > 0);
  for (const { extent: item, overlapped } of inFileOrder(there)) {
    if (overlapped === undefined || (overlapped.id === item.id && overlapped.isUser === item.isUser)) continue;
    report(
      finding('VHDX_METADATA_OVERLAP', {
        ...entryField(item.place, 'offset'),
        message: `The ${itemTitle(item)} (${extentText(item)}) overlaps the ${itemTitle(overlapped)} (${extentText(overlapped)}).`,
      }),
    );
  }
}

/** F10, F16: how many items there are and how large they are together. */
function reportAmounts(items: readonly MetadataItem[], region: Place & { length: number }, report: Report): void {
  const user = items.filter(({ isUser }) => isUser);
  const system = items.filter(({ isUser }) => !isUser);
  if (user.length > LIMITS.userMetadataEntries) {
    report(
      finding('VHDX_METADATA_USER_COUNT_EXCEEDED', {
        ...fieldOf(VhdxMetadataTable.LAYOUT, region, 'entry_count'),
        message: `The metadata table at ${hex(region.fileOffset)} has ${user.length} user items, expected at most ${LIMITS.userMetadataEntries}.`,
      }),
    );
  }
  const bytes = (some: readonly MetadataItem[]): number => some.reduce((sum, { length }) => sum + length, 0);
  const unusual = [
    ...(system.length > LIMITS.systemMetadataEntries ? [countText(system.length, 'system item')] : []),
    ...[user, system]
      .map(bytes)
      .flatMap((sum) => (sum > LIMITS.metadataCategoryBytes ? [`items of ${sizeText(sum)} in one category`] : [])),
    ...(region.length > LIMITS.metadataRegionBytes ? [`a region of ${sizeText(region.length)}`] : []),
  ];
  if (unusual.length === 0) return;
  report(
    finding('VHDX_METADATA_UNUSUAL_SIZE', {
      ...region,
      message: `The metadata region at ${hex(region.fileOffset)} has ${unusual.join(', ')}, which some readers refuse.`,
    }),
  );
}

/**
 * The known item that an entry is. One that is marked as the user's is it too, if there is none without that mark: readers
 * in the field look at the ID alone (F17).
 */
function nameOf(id: string, isUser: boolean, systemIds: ReadonlySet<string>): KnownItemName | undefined {
  return isUser && systemIds.has(id) ? undefined : KNOWN[id];
}

function itemOf(
  entry: VhdxMetadataTableEntry,
  index: number,
  place: Place,
  region: { fileOffset: number; length: number },
  systemIds: ReadonlySet<string>,
): MetadataItem {
  const id = formatGuid(entry.itemId);
  const name = nameOf(id, entry.isUser, systemIds);
  const { offset, length, isUser, isVirtualDisk, isRequired } = entry;
  const inside = offset >= METADATA_TABLE_SIZE && offset + length <= region.length;
  return {
    index,
    name,
    id,
    isUser,
    isVirtualDisk,
    isRequired,
    fileOffset: region.fileOffset + offset,
    length,
    readable: length === 0 || (inside && length <= LIMITS.metadataItemBytes),
    place,
  };
}

/**
 * Judges the metadata table, F1 to F18, and returns its entries; `undefined` if it cannot be read. `bytes` are the
 * region's first 64 KiB; `region` is where the region lies. With `assume`, for a salvage, a table without its signature
 * is read if it has items that are known. [MS-VHDX] 2.6.1
 */
export function readMetadataTable(
  bytes: Uint8Array,
  region: { readonly fileOffset: number; readonly length: number },
  report: Report,
  assume?: Assume,
): readonly MetadataItem[] | undefined {
  const place = { fileOffset: region.fileOffset, path: 'metadata_table' };
  const violations: Violation[] = [];
  let table: VhdxMetadataTable | undefined;
  try {
    table = VhdxMetadataTable.fromBytes(bytes, { onViolation: (violation) => violations.push(violation) });
  } catch (error) {
    // More entries than the table has room for (F2, which has been noted).
    if (!(error instanceof EofError)) throw error;
  }
  const unreadable = violations.filter((violation) => entryOfViolation(violation).damages === 'metadata-table');
  if (table === undefined || unreadable.length > 0) {
    // What follows a wrong signature is no table, and a wrong count hides where it ends.
    for (const violation of unreadable.slice(0, 1)) report(findingOfViolation(violation, place));
    const known =
      table?.entries.filter(({ itemId, isUser }) => nameOf(formatGuid(itemId), isUser, new Set()) !== undefined) ?? [];
    if (assume === undefined || table === undefined || known.length === 0) return undefined;
    assume(`The metadata table at ${hex(place.fileOffset)} is read all the same: it has known items.`);
  }
  for (const violation of violations) {
    // F5 depends on the length and is judged below; F1 and F2 have been reported.
    if (!entryOfViolation(violation).inContext && !unreadable.includes(violation)) {
      report(findingOfViolation(violation, place));
    }
  }
  const first = offsetOf(VhdxMetadataTable.LAYOUT, 'entries');
  const systemIds = new Set(table.entries.flatMap(({ itemId, isUser }) => (isUser ? [] : [formatGuid(itemId)])));
  const items = table.entries.map((entry, index) => {
    const at = {
      fileOffset: place.fileOffset + first + index * VhdxMetadataTableEntry.SIZE,
      path: `${place.path}.entries[${index}]`,
    };
    const item = itemOf(entry, index, at, region, systemIds);
    judgeIdentity(item, report);
    judgePlace(item, entry.offset, region.length, report);
    return item;
  });
  reportDuplicates(items, report);
  reportOverlaps(items, report);
  reportAmounts(items, { ...place, length: region.length }, report);
  return items;
}
