/** Where the checksum of a type stands, and what it covers. */
import type { AttrSpec, ClassSpec } from '../../spec/model.js';
import type { Program } from '../../types/program.js';
import { bitSizeOfClass } from '../../types/sizes.js';
import { placeFields } from './layout.js';
import { attrId } from '../context/names.js';

/** A checksum at a place that is known before the structure is read or written. */
export interface PlacedChecksum {
  readonly attr: AttrSpec;
  readonly id: string;
  readonly checksum: NonNullable<AttrSpec['checksum']>;
  readonly offset: number;
  readonly size: number;
}

export function checksumOf(program: Program, spec: ClassSpec): PlacedChecksum | undefined {
  const index = spec.seq.findIndex((attr) => attr.checksum !== undefined);
  const attr = spec.seq[index];
  if (attr?.checksum === undefined) return undefined;
  const id = attrId(attr, index);
  const { offset, size } = placeFields(program, spec).find((place) => place.attr === attr) ?? {};
  if (offset === undefined || size === undefined) return undefined;
  return { attr, id, checksum: attr.checksum, offset, size };
}

/** Whether a checksum covers all of a structure, whose size only reading it tells. */
export function coversWhatIsRead(program: Program, spec: ClassSpec): boolean {
  const placed = checksumOf(program, spec);
  return placed !== undefined && placed.checksum.size === undefined && bitSizeOfClass(program, spec) === undefined;
}
