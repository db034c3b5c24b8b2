/** The constraints that a schema states, and what is reported where bytes do not meet one. */
import { show } from './show.js';

/** How bad a broken constraint is (`-severity` in the schema). Only `error` is thrown where no violations are collected. */
export type Severity = 'error' | 'refuse-write' | 'warning' | 'info';

/** The kinds of constraint a schema can state. */
export type ConstraintKind = 'contents' | 'eq' | 'min' | 'max' | 'any-of' | 'in-enum' | 'expr' | 'checksum';

/** A constraint of the schema, as generated code describes it. */
export interface Constraint {
  /** The field's id in the schema; of an element, with its index. */
  readonly id: string;
  readonly kind: ConstraintKind;
  /** `-rule` of the schema. */
  readonly rule?: string;
  readonly severity: Severity;
  /** The field's first `doc-ref`, or its type's. */
  readonly section?: string;
}

/** A constraint of the schema that the bytes read do not meet. */
export interface Violation {
  /** Schema path from the structure that was read: `entries[3].required`. */
  readonly path: string;
  /** The field's first byte, counted from the start of the outermost stream. */
  readonly offset: number;
  /** The field's length in bytes; of a bit field, of the bytes it touches. */
  readonly length: number;
  readonly constraint: ConstraintKind;
  readonly rule: string | undefined;
  readonly severity: Severity;
  readonly section: string | undefined;
  readonly expected: unknown;
  readonly actual: unknown;
  readonly message: string;
}

/**
 * What reading may take in all, with what is read later through its instances. Lists are bounded by the stream as well:
 * each element takes a bit of it at least, or counts as empty.
 */
export interface ReadLimits {
  /** Structures within structures of the same kind; 500 unless given. */
  readonly depth?: number;
  /** Elements of all lists; 2^25 unless given. */
  readonly items?: number;
  /** Elements that take no bytes; 2^20 unless given. */
  readonly emptyItems?: number;
  /** Bytes that are made of others: by `process`, and by decoding text of more than 12 bytes; 2^30 unless given. */
  readonly allocated?: number;
  /** Bytes out of `process: zlib`; 2^28 unless given. */
  readonly inflated?: number;
}

export interface ReadOptions {
  /** A `LimitError` ends the reading of what exceeds them. */
  readonly limits?: ReadLimits | undefined;
  /** Takes every violated constraint; reading goes on. Without it the first one of severity `error` is thrown. */
  readonly onViolation?: ((violation: Violation) => void) | undefined;
}

/** How a value must be related to what is expected, if it need not be the same. */
const HOW: { readonly [kind in ConstraintKind]?: string } = { min: 'at least ', max: 'at most ', 'any-of': 'one of ' };

/** What a constraint asks for. */
export function describeConstraint(kind: ConstraintKind, expected: unknown): string {
  if (kind === 'in-enum') return 'must be a declared value';
  if (kind === 'expr') return `must satisfy ${String(expected)}`;
  if (kind === 'checksum') return `checksum must be ${show(expected)}`;
  return `must be ${HOW[kind] ?? ''}${show(expected)}`;
}
