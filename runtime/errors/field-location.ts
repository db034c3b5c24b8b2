/** Where a field of a structure is in the file, by the layout of its generated class. */
import type { FieldLayout } from '../../generated/kaitai/struct.js';
import { InternalError } from './internal-error.js';

/** Where a structure stands, so that what is said of it can be placed in the file. */
export interface Place {
  /** First byte of the structure in the file. */
  readonly fileOffset: number;
  /** Path of the structure, without a dot at its end. */
  readonly path: string;
}

/** The part of a finding that says where it is. */
export interface FieldPlace extends Place {
  /** Length of the field in bytes. */
  readonly length: number;
}

/** The `LAYOUT` of a generated class. */
type Layout = readonly FieldLayout[];

/** Ids of the fields of a layout that stand at a fixed offset. */
type PlacedId<L extends Layout> = Extract<L[number], { readonly offset: number }>['id'];

/** Ids of the fields of a layout that stand at a fixed offset and have a fixed size. */
export type FieldId<L extends Layout> = Extract<L[number], { readonly offset: number; readonly size: number }>['id'];

/** Where a field stands within its structure, in bytes. */
export interface FieldSpan {
  readonly offset: number;
  readonly size: number;
}

/** Bytes from the start of a structure to its field `id`. */
export function offsetOf<L extends Layout>(layout: L, id: PlacedId<L>): number {
  const offset = layout.find((field) => field.id === id)?.offset;
  if (offset === undefined) throw new InternalError(`the layout has no field ${id} at a fixed offset`);
  return offset;
}

/** Offset and size of the field `id` of a structure. */
export function spanOf<L extends Layout>(layout: L, id: FieldId<L>): FieldSpan {
  const { offset, size } = layout.find((field) => field.id === id) ?? {};
  if (offset === undefined || size === undefined)
    throw new InternalError(`the layout has no field ${id} at a fixed place`);
  return { offset, size };
}

/** Where the field `id` of a structure at `place` stands in the file. */
export function fieldOf<L extends Layout>(layout: L, place: Place, id: FieldId<L>): FieldPlace {
  const { offset, size } = spanOf(layout, id);
  return { fileOffset: place.fileOffset + offset, length: size, path: `${place.path}.${id}` };
}
