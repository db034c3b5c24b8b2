/** The parent locator: its keys and values, and rules H. [MS-VHDX] 2.6.2.6 */
import { VhdxParentLocator, VhdxParentLocatorEntry } from '../../generated/index.js';
import type { Violation } from '../../generated/kaitai/constraints.js';
import { EofError } from '../../generated/kaitai/errors.js';
import { quote } from '../base/excerpt.js';
import { finding, findingOfViolation, type Report } from '../errors/findings.js';
import { formatGuid, GUIDS, isZeroGuid, tryParseGuid } from '../base/guid.js';
import { LIMITS } from '../base/limits.js';
import { type FieldPlace, fieldOf, offsetOf, type Place } from '../errors/field-location.js';
import { hex, sizeTexts } from '../base/units.js';
import { decodeUtf16, isWellFormed } from '../base/utf16.js';

/** One key of the parent locator with its value. [MS-VHDX] 2.6.2.6.2 */
export interface ParentLocatorPair {
  /** Key, as in the file. */
  readonly key: string;
  /** Value, as in the file. */
  readonly value: string;
  /** @internal The entry in the item. */
  readonly place: Place;
  /** @internal Location of the two strings, after the entries. */
  readonly strings: { readonly key: FieldPlace; readonly value: FieldPlace };
}

/** Reference of a differencing disk to its parent. [MS-VHDX] 2.6.2.6 */
export interface ParentLocator {
  /** As `formatGuid` writes it. */
  readonly typeGuid: string;
  /** The pairs that can be read, in the order of the item. */
  readonly entries: readonly ParentLocatorPair[];
}

/** The keys that say where the parent is, in the order in which they are tried. [MS-VHDX] 2.6.2.6.3 */
export const PATH_KEYS = ['relative_path', 'volume_path', 'absolute_win32_path'] as const;

const GUID_IN_BRACES = /^\{[^{}]*\}$/;
const VOLUME_PATH = /^\\\\\?\\Volume(\{[^{}]*\})\\/i;
/** By 2.6.2.6.3 it begins with `\\\\?\\`; Hyper-V writes it without: a drive, or the share of a server. */
const ABSOLUTE_PATH = /^(?:\\\\|[a-z]:\\)/i;
const DRIVE_OR_ROOT = /^(?:[a-z]:|[\\/])/i;

/** A string of the locator that stands at `place`, judged (H5); `undefined` if it is of no use. */
function readText(bytes: Uint8Array, place: FieldPlace, title: string, report: Report): string | undefined {
  const text = decodeUtf16(bytes);
  const trimmed = text.replace(/\0+$/, '');
  if (!isWellFormed(trimmed) || trimmed.includes('\0') || trimmed === '') {
    const why =
      trimmed === '' ? 'has only NULs' : trimmed.includes('\0') ? 'has a NUL inside' : 'is not well-formed UTF-16';
    report(finding('VHDX_PARENT_LOCATOR_STRING_MALFORMED', { ...place, message: `${title} ${why}.` }));
    return undefined;
  }
  if (trimmed !== text) {
    report(
      finding('VHDX_PARENT_LOCATOR_TRAILING_NUL', {
        ...place,
        message: `${title} counts a NUL at its end, which is not part of it.`,
      }),
    );
  }
  return trimmed;
}

/** H4, H5: one pair, if both of its strings are where they may be. */
function readPair(
  entry: VhdxParentLocatorEntry,
  item: { readonly bytes: Uint8Array; readonly place: Place; readonly tableEnd: number },
  place: Place,
  report: Report,
): ParentLocatorPair | undefined {
  const { bytes, tableEnd } = item;
  const found: { text: string; at: FieldPlace }[] = [];
  for (const [what, offset, length] of [
    ['key', entry.keyOffset, entry.keyLength],
    ['value', entry.valueOffset, entry.valueLength],
  ] as const) {
    // What the schema says of these fields has been reported.
    if (offset === 0 || length === 0 || length % 2 !== 0) continue;
    if (offset < tableEnd || offset + length > bytes.length) {
      report(
        finding('VHDX_PARENT_LOCATOR_ENTRY_INVALID', {
          ...fieldOf(VhdxParentLocatorEntry.LAYOUT, place, `${what}_offset`),
          message:
            `The ${what} of ${place.path} at ${hex(place.fileOffset)} is at ${hex(offset)} to ${hex(offset + length)} of the item, ` +
            `expected inside ${hex(tableEnd)} to ${hex(bytes.length)}.`,
        }),
      );
      continue;
    }
    const at = { fileOffset: item.place.fileOffset + offset, length, path: `${place.path}.${what}` };
    const title = `The ${what} of ${place.path} at ${hex(at.fileOffset)}`;
    const text = readText(bytes.subarray(offset, offset + length), at, title, report);
    if (text !== undefined) found.push({ text, at });
  }
  // One of the two alone is the first.
  const [key, value] = found;
  if (key === undefined || value === undefined) return undefined;
  return { key: key.text, value: value.text, place, strings: { key: key.at, value: value.at } };
}

/** True for the zero GUID, which is no linkage. */
function isZeroLinkage(value: string): boolean {
  const guid = tryParseGuid(value);
  return guid !== undefined && isZeroGuid(guid);
}

/**
 * The DataWriteGuids that a parent may have, as `formatGuid` writes them. The zero GUID is none, so a parent with that one
 * is never the right one. [MS-VHDX] 2.6.2.6.3
 */
export function linkagesOf({ entries }: ParentLocator): string[] {
  return ['parent_linkage', 'parent_linkage2'].flatMap((name) => {
    const value = entries.find(({ key }) => key === name)?.value;
    const guid = value === undefined ? undefined : tryParseGuid(value);
    return guid === undefined || isZeroGuid(guid) ? [] : [formatGuid(guid)];
  });
}

/** H7, H8: the linkage to the parent. */
function judgeLinkage(
  pairs: ReadonlyMap<string, ParentLocatorPair>,
  complete: boolean,
  at: Place & { length: number },
  report: Report,
): void {
  if (complete && !pairs.has('parent_linkage')) {
    report(
      finding('VHDX_PARENT_LINKAGE_MISSING', {
        ...at,
        message: `The parent locator at ${hex(at.fileOffset)} has no key parent_linkage, so no parent can be recognised.`,
      }),
    );
  }
  for (const key of ['parent_linkage', 'parent_linkage2']) {
    const pair = pairs.get(key);
    if (pair === undefined || (GUID_IN_BRACES.test(pair.value) && tryParseGuid(pair.value) !== undefined)) continue;
    report(
      finding('VHDX_PARENT_LINKAGE_MALFORMED', {
        ...pair.place,
        length: VhdxParentLocatorEntry.SIZE,
        message: `The ${key} (${pair.place.path} at ${hex(pair.place.fileOffset)}) is ${quote(pair.value)}, expected a GUID in braces.`,
      }),
    );
  }
  const first = pairs.get('parent_linkage');
  if (first !== undefined && isZeroLinkage(first.value)) {
    report(
      finding('VHDX_PARENT_LINKAGE_MISSING', {
        ...first.place,
        length: VhdxParentLocatorEntry.SIZE,
        severity: 'warning',
        message: `The parent_linkage (${first.place.path} at ${hex(first.place.fileOffset)}) is zero, so no parent can be recognised.`,
      }),
    );
  }
  const second = pairs.get('parent_linkage2');
  // Hyper-V leaves a zero GUID in a disk at rest: there is none.
  if (second === undefined || isZeroLinkage(second.value)) return;
  report(
    finding('VHDX_PARENT_LINKAGE2_PRESENT', {
      ...second.place,
      length: VhdxParentLocatorEntry.SIZE,
      message: `There is a parent_linkage2 (${second.place.path} at ${hex(second.place.fileOffset)}): ${quote(second.value)}.`,
    }),
  );
}

const BACKSLASH = '\\';

/** What is wrong with the form of a path (H11, H12), or `undefined`. */
const PATH_FAULTS: Readonly<Record<(typeof PATH_KEYS)[number], (value: string) => string | undefined>> = {
  relative_path: (value) => {
    if (value.includes('/')) return `it has a "/", expected "${BACKSLASH}" between its parts`;
    return DRIVE_OR_ROOT.test(value) ? 'it begins with a drive or a root' : undefined;
  },
  volume_path: (value) => {
    const guid = VOLUME_PATH.exec(value)?.[1];
    const right = guid !== undefined && tryParseGuid(guid) !== undefined;
    return right ? undefined : String.raw`expected a path that begins with \\?\Volume{GUID}` + BACKSLASH;
  },
  absolute_win32_path: (value) =>
    ABSOLUTE_PATH.test(value)
      ? undefined
      : String.raw`expected a path that begins with \\?` + String.raw`\, a drive or a server`,
};

/** H9, H11, H12: the paths to the parent. */
function judgePaths(
  pairs: ReadonlyMap<string, ParentLocatorPair>,
  complete: boolean,
  at: Place & { length: number },
  report: Report,
): void {
  if (complete && !PATH_KEYS.some((key) => pairs.has(key))) {
    report(
      finding('VHDX_PARENT_PATH_MISSING', {
        ...at,
        message: `The parent locator at ${hex(at.fileOffset)} has none of the keys ${PATH_KEYS.join(', ')}.`,
      }),
    );
  }
  for (const key of PATH_KEYS) {
    const pair = pairs.get(key);
    const fault = pair === undefined ? undefined : PATH_FAULTS[key](pair.value);
    if (pair === undefined || fault === undefined) continue;
    report(
      finding(key === 'relative_path' ? 'VHDX_PARENT_RELATIVE_PATH_FORM' : 'VHDX_PARENT_PATH_FORM', {
        ...pair.place,
        length: VhdxParentLocatorEntry.SIZE,
        message: `The ${key} (${pair.place.path} at ${hex(pair.place.fileOffset)}) is ${quote(pair.value)}: ${fault}.`,
      }),
    );
  }
}

/**
 * Judges the parent locator item at `fileOffset`, H1 to H12, and returns what it says; `undefined` if it is too short.
 * Keys of an unknown type of locator are returned, but not judged. [MS-VHDX] 2.6.2.6
 */
export function readParentLocator(bytes: Uint8Array, fileOffset: number, report: Report): ParentLocator | undefined {
  const place = { fileOffset, path: 'parent_locator' };
  const violations: Violation[] = [];
  let locator: VhdxParentLocator;
  try {
    locator = VhdxParentLocator.fromBytes(bytes, { onViolation: (violation) => violations.push(violation) });
  } catch (error) {
    if (!(error instanceof EofError)) throw error;
    report(
      finding('VHDX_PARENT_LOCATOR_TOO_SHORT', {
        ...place,
        length: bytes.length,
        message: `The parent locator at ${hex(fileOffset)} has ${bytes.length} bytes, too few for its header of ${offsetOf(VhdxParentLocator.LAYOUT, 'entries')} bytes and its entries of ${VhdxParentLocatorEntry.SIZE} bytes.`,
      }),
    );
    return undefined;
  }
  for (const violation of violations) report(findingOfViolation(violation, place));
  const typeGuid = formatGuid(locator.locatorType);
  const known = typeGuid === GUIDS.vhdxParentLocator;
  if (!known) {
    const at = fieldOf(VhdxParentLocator.LAYOUT, place, 'locator_type');
    report(
      finding('VHDX_PARENT_LOCATOR_TYPE_UNKNOWN', {
        ...at,
        message: `The type of the parent locator at ${hex(at.fileOffset)} is ${typeGuid}, expected ${GUIDS.vhdxParentLocator} (VHDX).`,
      }),
    );
  }
  const first = offsetOf(VhdxParentLocator.LAYOUT, 'entries');
  const tableEnd = first + locator.entries.length * VhdxParentLocatorEntry.SIZE;
  const entries: ParentLocatorPair[] = [];
  const pairs = new Map<string, ParentLocatorPair>();
  let stringBytes = 0;
  for (const [index, entry] of locator.entries.entries()) {
    const at = {
      fileOffset: fileOffset + first + index * VhdxParentLocatorEntry.SIZE,
      path: `${place.path}.entries[${index}]`,
    };
    stringBytes += entry.keyLength + entry.valueLength;
    if (stringBytes > LIMITS.locatorStringBytes) {
      const [all, room] = sizeTexts(stringBytes, bytes.length);
      report(
        finding('VHDX_PARENT_LOCATOR_ENTRY_INVALID', {
          ...at,
          length: VhdxParentLocatorEntry.SIZE,
          message: `The strings of the parent locator up to ${at.path} at ${hex(at.fileOffset)} come to ${all}, but the item has only ${room}; the rest is not read.`,
        }),
      );
      break;
    }
    const pair = readPair(entry, { bytes, place, tableEnd }, at, report);
    if (pair === undefined) continue;
    entries.push(pair);
    const earlier = pairs.get(pair.key);
    if (earlier === undefined) pairs.set(pair.key, pair);
    else {
      report(
        finding('VHDX_PARENT_LOCATOR_KEY_DUPLICATE', {
          ...at,
          length: VhdxParentLocatorEntry.SIZE,
          message: `${at.path} at ${hex(at.fileOffset)} has the key ${quote(pair.key)} of ${earlier.place.path}.`,
        }),
      );
    }
  }
  // A pair that cannot be read may be the one that seems to be missing.
  const complete = entries.length === locator.entries.length;
  if (known) {
    const whole = { ...place, length: bytes.length };
    judgeLinkage(pairs, complete, whole, report);
    judgePaths(pairs, complete, whole, report);
  }
  return { typeGuid, entries };
}
