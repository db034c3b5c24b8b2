/** Reserved bytes behind a structure that are not zero. */
import { firstNonzero } from '../base/bytes.js';
import { hex } from '../base/units.js';
import { finding, type Report } from '../errors/findings.js';
import type { Place } from '../errors/field-location.js';

/** Reports the first of the reserved bytes after a structure (`title`) that is not zero; they begin at `place`. */
export function reportReserved(
  code: 'VHDX_IDENTIFIER_RESERVED_NONZERO' | 'VHDX_HEADER_SLOT_NONZERO' | 'VHDX_REGION_TABLE_UNUSED_NONZERO',
  bytes: Uint8Array,
  place: Place,
  title: string,
  report: Report,
): void {
  const stray = firstNonzero(bytes);
  if (stray === -1) return;
  const fileOffset = place.fileOffset + stray;
  report(
    finding(code, {
      fileOffset,
      length: bytes.length - stray,
      path: place.path,
      message: `The reserved bytes after ${title} are not all zero: the first is at ${hex(fileOffset)}.`,
    }),
  );
}
