/** The place of the parent locator, and room for a longer one. */
import { VhdxMetadataTableEntry } from '../../generated/index.js';
import { METADATA_TABLE_SIZE } from '../base/limits.js';
import { InternalError } from '../errors/internal-error.js';
import { offsetOf } from '../errors/field-location.js';
import type { MetadataItem } from '../format/metadata-table.js';
import type { VhdxImage } from '../image/open.js';
import { readExactly, type SourceReadOptions } from '../io/byte-source.js';
import type { SectorEdits } from './sector-edits.js';
import type { ChangeSession } from './session.js';

/** The parent locator item of an image, and the metadata region that it is in. */
export interface LocatorPlace {
  readonly item: MetadataItem;
  readonly region: { readonly fileOffset: number; readonly length: number };
}

export function locatorPlace({ items, regions }: VhdxImage): LocatorPlace {
  const item = items.find(({ name }) => name === 'parent_locator');
  if (item === undefined || regions.metadata === undefined) {
    throw new InternalError('the image has no parent locator, but no finding says so');
  }
  return { item, region: regions.metadata };
}

/**
 * Where an item of `length` bytes has room in the metadata region: in its place, if it does not become longer, or else in
 * the first gap between the other items. File offset; `undefined` if there is none. [MS-VHDX] 2.6.1.2
 */
export function placeFor({ items }: VhdxImage, { item, region }: LocatorPlace, length: number): number | undefined {
  if (length <= item.length) return item.fileOffset;
  const others = items
    .filter((each) => each.index !== item.index && each.length > 0)
    .toSorted((one, other) => one.fileOffset - other.fileOffset);
  let start = region.fileOffset + METADATA_TABLE_SIZE;
  for (const other of others) {
    if (other.fileOffset - start >= length) return start;
    start = Math.max(start, other.fileOffset + other.length);
  }
  return region.fileOffset + region.length - start >= length ? start : undefined;
}

/** The bytes of the locator as they are. */
export function readLocator(image: VhdxImage, options: SourceReadOptions): Promise<Uint8Array> {
  const { item } = locatorPlace(image);
  return readExactly(image.view, item.fileOffset, item.length, options);
}

/** Puts another locator into its place, as part of a group of changes; what was in the old place becomes zeros. */
export async function editLocator(
  { image, reading }: ChangeSession,
  edits: SectorEdits,
  locator: Uint8Array,
  fileOffset: number,
): Promise<void> {
  const { item, region } = locatorPlace(image);
  await edits.write(new Uint8Array(item.length), item.fileOffset, reading);
  await edits.write(locator, fileOffset, reading);
  const { LAYOUT } = VhdxMetadataTableEntry;
  const entry = await readExactly(image.view, item.place.fileOffset, VhdxMetadataTableEntry.SIZE, reading);
  const view = new DataView(entry.buffer);
  view.setUint32(offsetOf(LAYOUT, 'offset'), fileOffset - region.fileOffset, true);
  view.setUint32(offsetOf(LAYOUT, 'length'), locator.length, true);
  await edits.write(entry, item.place.fileOffset, reading);
}
