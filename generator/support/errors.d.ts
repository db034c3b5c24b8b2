/** The errors of reading; that of writing is in `write-error.ts`. */
import { type Violation } from './constraints.js';
/** Base of every error that a file can cause. */
export declare class ReadError extends Error {
    #private;
    /** Path of the field that could not be read, from the structure that was read: `entries[3].name`. */
    path: string | undefined;
    /** Where reading failed, in bytes from the start of the outermost stream. */
    offset: number | undefined;
    /** What was expected there. */
    readonly expected: string;
    constructor(what: string, expected: string, offset?: number, options?: ErrorOptions);
    /** Says which field it was, unless that is known. `offset`: where the stream stood. */
    locate(path: string, offset: number): void;
}
/** A constraint of severity `error` is not met, and nobody collects. */
export declare class ValidationError extends ReadError {
    readonly violation: Violation;
    constructor(violation: Violation);
}
/** The stream ends before the field does. */
export declare class EofError extends ReadError {
    readonly needed: number;
    readonly available: number;
    constructor(offset: number, needed: number, available: number);
}
/** A terminator that must be there (`eos-error`) is not. */
export declare class TerminatorError extends ReadError {
    constructor(offset: number, terminator: number | Uint8Array);
}
/** `meta/endian` names no byte order for what was read. */
export declare class UndecidedEndianError extends ReadError {
    /** `io` is the stream, at the structure whose byte order is asked for. */
    constructor(io: {
        readonly origin: number;
        readonly pos: number;
    });
}
/** Text that is no number, or a number that is no integer or beyond ±2^53 where those are expected (`to_i`). */
export declare class ConversionError extends ReadError {
    constructor(source: unknown);
}
/** An expression has no value for this file: a field is absent, an index outside of its array, a divisor zero. */
export declare class ExpressionError extends ReadError {
    constructor(what: string, expected: string);
}
/** The file asks for more than the limits of reading allow, or makes an expression grow beyond all bounds. */
export declare class LimitError extends ReadError {
    constructor(what: string, offset?: number, options?: ErrorOptions);
}
/** A character encoding that nothing here can decode. */
export declare class EncodingError extends ReadError {
    readonly encoding: string;
    constructor(encoding: string);
}
/** A custom process, or a class that no schema describes, refuses its bytes: `cause` is what it threw. */
export declare class ProcessError extends ReadError {
    constructor(cause: unknown);
}
