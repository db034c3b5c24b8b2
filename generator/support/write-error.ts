/** The error that says why a structure cannot be written, and what writers may do about it. */
import type { ConstraintKind } from './constraints.js';
import { show } from './show.js';

/** A structure that cannot be written as it is. */
export class WriteError extends Error {
  /** Schema path from the structure that is written: `entries[3].length`. */
  readonly path: string;
  readonly expected: string;
  readonly actual: unknown;

  constructor(path: string, expected: string, actual: unknown) {
    super(`${path}: must be ${expected}, is ${show(actual)}`);
    this.name = 'WriteError';
    this.path = path;
    this.expected = expected;
    this.actual = actual;
  }
}

/** A value that does not meet a constraint of the schema. */
export interface WriteViolation {
  readonly path: string;
  readonly constraint: ConstraintKind;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly message: string;
}

export interface WriteOptions {
  /**
   * Takes every value that breaks a constraint (`valid`) of severity `error`, and writing goes on. Without it the first
   * one is refused. Values that do not fit their fields are always refused.
   */
  readonly onViolation?: ((violation: WriteViolation) => void) | undefined;
}
