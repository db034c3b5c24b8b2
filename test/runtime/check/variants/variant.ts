/** What a variant is: an image, all that is found in it, and small tools to make one. */
import { GUIDS } from '../../../../runtime/base/guid.js';
import { GIB, IDS, type ImageSpec, KIB, MIB, parentLocatorBytes, TestImage } from '../../../support/image-builder.js';
import type { ItemSpec } from '../../../support/image-items.js';
import type { LogEntrySpec, LoggedWrite } from '../../../support/log-entries.js';

/** What is changed, every finding as `rule severity` by the table of rules, and the image. */
export type Variant = readonly [what: string, finds: readonly string[], make: () => TestImage];

export const HEADERS = [64 * KIB, 128 * KIB] as const;
export const TABLES = [192 * KIB, 256 * KIB] as const;
export const UNKNOWN = 'deadbeef-0000-4000-8000-000000000001';
export const OTHER = 'deadbeef-0000-4000-8000-000000000002';
export const DIFFERENCING: ImageSpec = { type: 'differencing' };
export const PENDING: ImageSpec = { logGuid: IDS.log };
/** Two chunks of blocks of 1 MiB; the entry of the first sector bitmap block is bat[4096]. */
export const CHUNKS: ImageSpec = { virtualSize: 5 * GIB };
/** The same with sectors of 4096 bytes. */
export const CHUNKS_4K: ImageSpec = { virtualSize: 33 * GIB, logicalSectorSize: 4096 };

export function edited(spec: ImageSpec, edit: (image: TestImage) => unknown): TestImage {
  const image = new TestImage(spec);
  edit(image);
  return image;
}

/** The first MiB behind the structures. */
export function dataMb({ dataOffset }: TestImage): number {
  return dataOffset / MIB;
}

/** A write of zeros to a sector. */
export function data(fileOffset: number): LoggedWrite {
  return { kind: 'data', fileOffset, bytes: new Uint8Array(4096) };
}

/** A write to unused bytes of the BAT region. */
export function spare({ batOffset }: TestImage): readonly LoggedWrite[] {
  return [data(batOffset + 512 * KIB)];
}

type EntryOptions = Partial<LogEntrySpec> & { readonly at?: number; readonly seq?: bigint };

/** An image with a LogGuid and one log entry, at the start of the log if nothing else is said. */
export function logged(
  writes: readonly LoggedWrite[] | ((image: TestImage) => readonly LoggedWrite[]),
  { at = 0, seq = 3n, ...entry }: EntryOptions = {},
  spec: ImageSpec = {},
  edit?: (image: TestImage) => unknown,
): TestImage {
  return edited({ ...PENDING, ...spec }, (image) => {
    const all = typeof writes === 'function' ? writes(image) : writes;
    image.addLogEntry(at, {
      sequenceNumber: seq,
      writes: all,
      flushedFileOffset: image.size,
      lastFileOffset: image.size,
      ...entry,
    });
    edit?.(image);
  });
}

/** An image with a block and a pending log. */
export function pending(edit?: (image: TestImage) => unknown): TestImage {
  return logged(spare, {}, { allocate: [0] }, edit);
}

export function item(id: string, more: Partial<ItemSpec>): ItemSpec {
  return { id, bytes: new Uint8Array(8).fill(1), ...more };
}

/** An image with other bytes in a known item. */
export function withItem(name: keyof typeof GUIDS, bytes: Uint8Array, spec: ImageSpec = {}): TestImage {
  return edited(spec, (image) => image.setItem(GUIDS[name], bytes));
}

/** The bytes of file parameters. */
export function fp(blockSize: number, leaveBlockAllocated = 0, hasParent = 0, reserved = 0): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, blockSize, true);
  view.setUint32(4, leaveBlockAllocated | (hasParent << 1) | (reserved << 2), true);
  return new Uint8Array(view.buffer);
}

type Pair = readonly [key: string, value: string];
export const LINKAGE: Pair = ['parent_linkage', `{${IDS.parent}}`];
export const RELATIVE: Pair = ['relative_path', String.raw`.\parent.vhdx`];

/** A differencing disk with these bytes as its parent locator, and zeros behind them. */
export function withLocator(bytes: Uint8Array): TestImage {
  return edited({ ...DIFFERENCING, allocate: [0] }, (image) => {
    image.editMetadataEntry(GUIDS.parentLocator, (entry) => {
      entry.length = bytes.length;
      if (bytes.length === 0) entry.offset = 0;
    });
    image.setItem(GUIDS.parentLocator, new Uint8Array(2000));
    image.setItem(GUIDS.parentLocator, bytes);
  });
}

export function locator(pairs: readonly Pair[], type?: string): TestImage {
  return withLocator(parentLocatorBytes(pairs, type));
}

/** A sound parent locator with some bytes changed. */
export function pokedLocator(offset: number, ...changed: readonly number[]): TestImage {
  const bytes = parentLocatorBytes([LINKAGE, RELATIVE]);
  bytes.set(changed, offset);
  return withLocator(bytes);
}
