/** Ranges that overlap, in tables of regions and metadata items. */
import { hex } from '../base/units.js';

/** Bytes of the file. */
interface FileExtent {
  readonly fileOffset: number;
  readonly length: number;
}

/** First byte and end (exclusive) of an extent, in words. */
export function extentText({ fileOffset, length }: FileExtent): string {
  return `${hex(fileOffset)} to ${hex(fileOffset + length)}`;
}

/**
 * The extents of a table in the order of the file, each with one before it that it overlaps, if there is one: that which
 * reaches furthest.
 */
export function* inFileOrder<Extent extends FileExtent & { readonly index: number }>(
  extents: readonly Extent[],
): Generator<{ readonly extent: Extent; readonly overlapped: Extent | undefined }> {
  const endOf = ({ fileOffset, length }: Extent): number => fileOffset + length;
  let furthest: Extent | undefined;
  for (const extent of extents.toSorted((one, other) => one.fileOffset - other.fileOffset || one.index - other.index)) {
    const overlaps = furthest !== undefined && endOf(furthest) > extent.fileOffset;
    yield { extent, overlapped: overlaps ? furthest : undefined };
    if (furthest === undefined || endOf(extent) > endOf(furthest)) furthest = extent;
  }
}
