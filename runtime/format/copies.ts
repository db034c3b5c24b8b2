/** Structures that a file has twice: which of the copies are valid. [MS-VHDX] 2.2.2, 2.2.3 */
import type { Violation } from '../../generated/kaitai/constraints.js';
import { type Finding, finding, type Report } from '../errors/findings.js';
import type { Place } from '../errors/field-location.js';

/** Index of a copy of a header or region table: the first or the second. */
export type CopyIndex = 0 | 1;

/** One of the two copies of a structure that a file has twice. [MS-VHDX] 2.2.2, 2.2.3 */
export interface StructureCopy {
  readonly index: CopyIndex;
  readonly place: Place;
  readonly bytes: Uint8Array;
  /** What is wrong with signature or checksum; a copy is valid if nothing is. */
  readonly damage: Finding | undefined;
  /** The broken constraints of the other fields, which count in the copy in use only. */
  readonly violations: readonly Violation[];
}

/** The copies without damage. */
export function validCopies<Copy extends StructureCopy>(copies: readonly [Copy, Copy]): Copy[] {
  return copies.filter(({ damage }) => damage === undefined);
}

/** A damaged copy whose other one is valid. */
export interface DamagedCopy {
  readonly index: CopyIndex;
  readonly damage: Finding;
}

/** The one copy that is damaged; `undefined` if none is, or both are. */
export function damagedCopy(copies: readonly [StructureCopy, StructureCopy]): DamagedCopy | undefined {
  if (validCopies(copies).length !== 1) return undefined;
  const [first, second] = copies;
  const { index, damage } = first.damage === undefined ? second : first;
  return damage && { index, damage };
}

/**
 * Reports the damage of the copies: while one is valid it replaces the other, and without one the image cannot be read.
 * `fix`: what to do then.
 */
export function reportDamage(copies: readonly [StructureCopy, StructureCopy], fix: string, report: Report): void {
  const isLost = validCopies(copies).length === 0;
  for (const { damage } of copies) {
    if (damage === undefined) continue;
    report(
      finding(damage.code, { ...damage, ...(isLost ? { severity: 'error', fix } : { severity: 'refuse-write' }) }),
    );
  }
}
