/** The errors of reading; that of writing is in `write-error.ts`. */
import type { Violation } from './constraints.js';
import { hex, show } from './show.js';

/** A constraint of severity `error` is not met, and no violations are collected. */
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

  /** `io` is the stream, at the structure whose byte order is asked for. */
  constructor(io: { readonly origin: number; readonly pos: number }) {
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
