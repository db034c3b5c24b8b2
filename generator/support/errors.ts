/** The errors of reading; that of writing is in `write-error.ts`. */
import { describeConstraint, type Violation } from './constraints.js';
import { hex, show } from './show.js';

/** Longer paths are shortened in messages. */
const SHOWN_PATH = 200;

/** Base of every error that a file can cause. */
export class ReadError extends Error {
  /** Path of the field that could not be read, from the structure that was read: `entries[3].name`. */
  path: string | undefined;
  /** Where reading failed, in bytes from the start of the outermost stream. */
  offset: number | undefined;
  /** What was expected there. */
  declare readonly expected: string;
  readonly #what: string;

  constructor(what: string, expected: string, offset?: number, options?: ErrorOptions) {
    super(offset === undefined ? what : `at ${hex(offset)}: ${what}`, options);
    this.name = 'ReadError';
    this.#what = what;
    this.expected = expected;
    this.offset = offset;
  }

  /** Says which field it was, unless that is known. `offset`: where the stream stood. */
  locate(path: string, offset: number): void {
    if (this.path !== undefined) return;
    this.path = path;
    this.offset ??= offset;
    // Where it is made when it is first asked for, it has the message of that time.
    const { message: before, stack = '' } = this;
    const { length } = path;
    const shown =
      length <= SHOWN_PATH ? path : `${path.slice(0, SHOWN_PATH / 2)}…${path.slice(length - SHOWN_PATH / 2)}`;
    this.message = `${shown === '' ? '' : `${shown} `}at ${hex(this.offset)}: ${this.#what}`;
    this.stack = stack.replace(before, () => this.message);
  }
}

/** A constraint of severity `error` is not met, and no violations are collected. */
export class ValidationError extends ReadError {
  declare readonly violation: Violation;

  constructor(violation: Violation) {
    super(violation.message, describeConstraint(violation.constraint, violation.expected));
    this.name = 'ValidationError';
    this.violation = violation;
    this.path = violation.path;
    this.offset = violation.offset;
  }
}

/** The stream ends before the field does. */
export class EofError extends ReadError {
  declare readonly needed: number;
  declare readonly available: number;

  constructor(
    offset: number,
    needed: number,
    available: number,
    message = `requested ${needed} bytes, but only ${available} bytes available`,
  ) {
    super(message, `${needed} bytes`, offset);
    this.name = 'EofError';
    this.needed = needed;
    this.available = available;
  }
}

/** A terminator that must be there (`eos-error`) is not. */
export class TerminatorError extends ReadError {
  constructor(offset: number, terminator: number | Uint8Array) {
    const bytes = show(typeof terminator === 'number' ? Uint8Array.of(terminator) : terminator);
    super(`the stream ends before the terminator ${bytes}`, `the terminator ${bytes}`, offset);
    this.name = 'TerminatorError';
  }
}

/** `meta/endian` names no byte order for what was read. */
export class UndecidedEndianError extends ReadError {
  /** `io` is the stream, at the structure whose byte order is asked for. */
  constructor(io: { readonly origin: number; readonly pos: number }) {
    super('the byte order cannot be decided', 'a value that decides the byte order', io.origin + io.pos);
    this.name = 'UndecidedEndianError';
  }
}

/** Text that is no number, or a number that is no integer or beyond ±2^53 where those are expected (`to_i`). */
export class ConversionError extends ReadError {
  constructor(source: unknown) {
    super(`${show(source)} is not an integer, or not one that can be held`, 'an integer');
    this.name = 'ConversionError';
  }
}

/** An expression has no value for this file: a field is absent, an index outside of its array, a divisor zero. */
export class ExpressionError extends ReadError {
  constructor(what: string, expected: string, options?: ErrorOptions) {
    super(what, expected, undefined, options);
    this.name = 'ExpressionError';
  }
}

/** A field that was not read: the reading of its structure, or of one around it, ended before with `cause`. */
export class UnreadError extends ReadError {
  /** `io` is the stream, where reading ended. */
  constructor(path: string, io: { readonly origin: number; readonly pos: number }, cause: unknown) {
    super('was not read: reading failed before', 'a field that was read', undefined, { cause });
    this.name = 'UnreadError';
    this.locate(path, (cause instanceof ReadError ? cause.offset : undefined) ?? io.origin + io.pos);
  }
}

/** The file asks for more than the limits of reading allow, or makes an expression grow beyond all bounds. */
export class LimitError extends ReadError {
  constructor(what: string, offset?: number, options?: ErrorOptions) {
    super(`${what} is not supported`, 'what is within the limits', offset, options);
    this.name = 'LimitError';
  }
}

/** A character encoding that nothing here can decode. */
export class EncodingError extends ReadError {
  declare readonly encoding: string;

  constructor(encoding: string) {
    super(`unknown encoding '${encoding}'`, 'a known encoding');
    this.name = 'EncodingError';
    this.encoding = encoding;
  }
}

/** A custom process, or a class that no schema describes, refuses its bytes: `cause` is what it threw. */
export class ProcessError extends ReadError {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), 'bytes that can be processed', undefined, { cause });
    this.name = 'ProcessError';
  }
}
