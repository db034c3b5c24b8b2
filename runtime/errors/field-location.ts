import type { FieldLayout, Violation } from '../../generated/kaitai.js';

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

/**
 * Where the field `id` of a structure at `place` stands.
 *
 * @throws TypeError if the layout has no such field at a fixed place.
 */
export function fieldOf(layout: readonly FieldLayout[], place: Place, id: string): FieldPlace {
  const field = layout.find((candidate) => candidate.id === id);
  if (field?.offset === undefined || field.size === undefined) throw new TypeError(`no field ${id} at a fixed place`);
  return { fileOffset: place.fileOffset + field.offset, length: field.size, path: `${place.path}.${id}` };
}

/** The first of the broken constraints of a structure that is about its field `id`; `undefined` if that field is sound. */
export function violationOf(
  violations: readonly Violation[],
  layout: readonly FieldLayout[],
  id: string,
): Violation | undefined {
  const { fileOffset } = fieldOf(layout, { fileOffset: 0, path: '' }, id);
  return violations.find(({ offset }) => offset === fileOffset);
}
