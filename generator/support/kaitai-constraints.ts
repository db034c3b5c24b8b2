/** Constraints of a schema, and the errors of reading. */
import type { KaitaiStream } from './kaitai-stream.js';

/** How bad a broken constraint is (`-severity` in the schema). Only `error` is thrown where nobody collects. */
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

export interface ReadOptions {
  /** Takes every violated constraint; reading goes on. Without it the first one of severity `error` is thrown. */
  readonly onViolation?: ((violation: Violation) => void) | undefined;
}

/** A constraint of severity `error` is not met, and nobody collects. */
export class ValidationError extends Error {
  readonly violation: Violation;

  constructor(violation: Violation) {
    super(violation.message);
    this.name = 'ValidationError';
    this.violation = violation;
  }
}

/** The stream ends before the field does. */
export class EofError extends Error {
  /** Where the read began, in bytes from the start of the outermost stream. */
  readonly offset: number;
  readonly needed: number;
  readonly available: number;

  constructor(offset: number, needed: number, available: number) {
    super(`at ${hex(offset)}: requested ${needed} bytes, but only ${available} bytes available`);
    this.name = 'EofError';
    this.offset = offset;
    this.needed = needed;
    this.available = available;
  }
}

/** A terminator that must be there (`eos-error`) is not. */
export class TerminatorError extends Error {
  readonly offset: number;

  constructor(offset: number, terminator: number | Uint8Array) {
    const bytes = typeof terminator === 'number' ? Uint8Array.of(terminator) : terminator;
    super(`at ${hex(offset)}: the stream ends before the terminator ${show(bytes)}`);
    this.name = 'TerminatorError';
    this.offset = offset;
  }
}

/** `meta/endian` names no byte order for what was read. */
export class UndecidedEndianError extends Error {
  readonly offset: number;

  constructor(io: KaitaiStream) {
    super(`at ${hex(io.origin + io.pos)}: the byte order cannot be decided`);
    this.name = 'UndecidedEndianError';
    this.offset = io.origin + io.pos;
  }
}

/** Text that is no number, or a number that is no integer or beyond ±2^53 where those are expected (`to_i`). */
export class ConversionError extends Error {
  constructor(source: unknown) {
    super(`${show(source)} is not an integer, or not one that can be held`);
    this.name = 'ConversionError';
  }
}

/** The file makes an expression or a list grow beyond all bounds. */
export class LimitError extends RangeError {
  constructor(what: string) {
    super(`${what} is not supported`);
    this.name = 'LimitError';
  }
}

/** A character encoding that nothing here can decode. */
export class EncodingError extends Error {
  readonly encoding: string;

  constructor(encoding: string) {
    super(`unknown encoding '${encoding}'`);
    this.name = 'EncodingError';
    this.encoding = encoding;
  }
}

/** What a constraint asks for. */
export function describeConstraint(kind: ConstraintKind, expected: unknown): string {
  switch (kind) {
    case 'contents':
    case 'eq':
      return `must be ${show(expected)}`;
    case 'min':
      return `must be at least ${show(expected)}`;
    case 'max':
      return `must be at most ${show(expected)}`;
    case 'any-of':
      return `must be one of ${show(expected)}`;
    case 'in-enum':
      return 'must be a declared value';
    case 'expr':
      return `must satisfy ${String(expected)}`;
    case 'checksum':
      return `checksum must be ${show(expected)}`;
  }
}

/** A value in a message: numbers in decimal and hex, bytes in hex, long ones shortened. */
export function show(value: unknown): string {
  if (value instanceof Uint8Array) {
    const head = Array.from(value.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    return value.length > 16 ? `[${head} … ${value.length} bytes]` : `[${head}]`;
  }
  if (Array.isArray(value)) return value.map(show).join(', ');
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
    return value < 10 ? String(value) : `${value} (0x${value.toString(16)})`;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  return String(value);
}

export function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}
