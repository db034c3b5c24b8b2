/** The parent locator of a new differencing disk. [MS-VHDX] 2.6.2.6 */
import { VhdxGuid, VhdxParentLocator, VhdxParentLocatorEntry } from '../../generated/index.js';
import { offsetOf } from '../errors/field-location.js';
import { VhdxError } from '../errors/errors.js';
import { formatGuid, GUIDS, isZeroGuid, parseGuid } from '../base/guid.js';
import { readParentLocator } from '../format/parent-locator.js';
import { hex } from '../base/units.js';
import { encodeUtf16 } from '../base/utf16.js';
import type { NewParent } from './options.js';

/** Bytes of a string that an entry has room for: its length is a 16-bit number. [MS-VHDX] 2.6.2.6.2 */
const LONGEST = 0xfffe;

/** What absolute_win32_path begins with. [MS-VHDX] 2.6.2.6.3 */
const ABSOLUTE_PREFIX = '\\\\?\\';

/** The pairs of the locator: the linkage in lower case with braces, then the paths in the order in which they are tried. */
function pairsOf({ image, relativePath, volumePath, absoluteWin32Path }: NewParent): (readonly [string, string])[] {
  const pairs = [
    ['parent_linkage', `{${formatGuid(image.header.header.dataWriteGuid)}}`],
    ['relative_path', relativePath],
    ['volume_path', volumePath],
    ['absolute_win32_path', absoluteWin32Path],
  ] as const;
  return pairs.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}

/**
 * The parent locator item of a child of `parent`: its strings are packed behind the table. [MS-VHDX] 2.6.2.6
 *
 * @throws VhdxError VHDX_CREATE_PARENT_PATH_INVALID if there is no path, or one that is not as its key asks for;
 * VHDX_HEADER_GUID_ZERO if the parent has no DataWriteGuid to be recognised by
 */
export function parentLocator(parent: NewParent): Uint8Array {
  refuseUnrecognisable(parent);
  const pairs = pairsOf(parent);
  const texts = pairs.flat().map(encodeUtf16);
  refuseTooLong(texts);
  const data = new Uint8Array(texts.reduce((sum, { length }) => sum + length, 0));
  const table = offsetOf(VhdxParentLocator.LAYOUT, 'entries');
  const start = table + pairs.length * VhdxParentLocatorEntry.SIZE;
  let used = 0;
  const offsets = texts.map((text) => {
    data.set(text, used);
    used += text.length;
    return start + used - text.length;
  });
  const lengthOf = (index: number): number => texts[index]?.length ?? 0;
  const offsetAt = (index: number): number => offsets[index] ?? 0;
  const entries = pairs.map((_, index) =>
    VhdxParentLocatorEntry.create({
      keyOffset: offsetAt(2 * index),
      valueOffset: offsetAt(2 * index + 1),
      keyLength: lengthOf(2 * index),
      valueLength: lengthOf(2 * index + 1),
    }),
  );
  const locatorType = VhdxGuid.create(parseGuid(GUIDS.vhdxParentLocator));
  const item = VhdxParentLocator.create({ locatorType, entries, data }).toBytes();
  refuseUnreadable(item);
  refuseBare(parent);
  return item;
}

/** A child of it could not tell it from any other, so it would never open. */
function refuseUnrecognisable({ image }: NewParent): void {
  const { header, place } = image.header;
  if (!isZeroGuid(header.dataWriteGuid)) return;
  throw new VhdxError('VHDX_HEADER_GUID_ZERO', {
    fileOffset: place.fileOffset,
    message: `The DataWriteGuid of the parent is zero (header at ${hex(place.fileOffset)}), so no child can recognise it.`,
  });
}

function refuseTooLong(texts: readonly Uint8Array[]): void {
  if (texts.every(({ length }) => length <= LONGEST)) return;
  throw new VhdxError('VHDX_CREATE_PARENT_PATH_INVALID', {
    message: `A path of the parent is too long for the child: the locator takes ${LONGEST / 2} UTF-16 code units.`,
  });
}

/** Hyper-V writes the absolute path without its prefix, and readers take that; written it is as 2.6.2.6.3 says. */
function refuseBare({ absoluteWin32Path }: NewParent): void {
  if (absoluteWin32Path === undefined || absoluteWin32Path.startsWith(ABSOLUTE_PREFIX)) return;
  throw new VhdxError('VHDX_CREATE_PARENT_PATH_INVALID', {
    message: `The ways to the parent cannot be written into the child. The absolute_win32_path is ${JSON.stringify(absoluteWin32Path)}, expected a path that begins with ${ABSOLUTE_PREFIX}.`,
  });
}

/** What a reader would find wrong with the locator is not written. */
function refuseUnreadable(item: Uint8Array): void {
  readParentLocator(item, 0, ({ message }) => {
    throw new VhdxError('VHDX_CREATE_PARENT_PATH_INVALID', {
      message: `The ways to the parent cannot be written into the child. ${message}`,
    });
  });
}
