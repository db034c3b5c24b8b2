/** What a change of schemas is told as. */
import type { Location } from '../diagnostics.js';

/**
 * What a change is about, the gravest first: `bytes`, files are read differently; `values`, a constraint, an enum's values
 * or a calculated value; `types`, what code that uses the generated classes sees; `docs`, words alone.
 */
export const CHANGE_KINDS = ['bytes', 'values', 'types', 'docs'] as const;

/** A kind of change. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One change of a schema. */
export interface Change {
  /** What the change is about. */
  readonly kind: ChangeKind;
  /** What changed, as schemas call it, by the new name where there is one: `png::chunk.len`. */
  readonly subject: string;
  /** `size: 4 → 8` */
  readonly message: string;
  /** Undefined for what is new. */
  readonly old: Location | undefined;
  /** Undefined for what is gone. */
  readonly new: Location | undefined;
  /** Nothing but an addition: neither files nor code made for the old schemas notice. */
  readonly isAddition: boolean;
  /**
   * Generated names that the change reaches, those of the new schemas where there are any, in their order: `Png_Chunk.len`.
   * For `bytes` and `values` of fields: every property whose value may differ, wherever it is read.
   */
  readonly touches: readonly string[];
}

/** Whether `--fail-on kind` fails: for changes of that kind and of graver ones, additions apart. */
export function isAtLeast(change: Change, kind: ChangeKind): boolean {
  return !change.isAddition && CHANGE_KINDS.indexOf(change.kind) <= CHANGE_KINDS.indexOf(kind);
}
