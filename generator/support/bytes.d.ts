import { type RawOwner } from './raw.js';
/** What ends a string or byte field: one byte, or several. */
export type Terminator = number | Uint8Array;
export declare function terminatorLength(terminator: Terminator): number;
/** Where `terminator` begins, at a multiple of its length from `start`; -1 where it does not occur before `end`. */
export declare function indexOfTerminator(bytes: Uint8Array, start: number, terminator: Terminator, end?: number): number;
/** `bytes` up to the first `terminator`; all of them where there is none. */
export declare function bytesTerminate(bytes: Uint8Array, terminator: Terminator, include: boolean): Uint8Array;
/** `bytes` without the run of `pad` at its end. */
export declare function bytesStripRight(bytes: Uint8Array, pad: number): Uint8Array;
/**
 * The value in `bytes`, which may be shorter: before `terminator` and the padding `pad`. What stands behind it is kept for
 * `owner` where it is not what writing puts there.
 */
export declare function trimBytes(bytes: Uint8Array, pad: number | undefined, terminator: Uint8Array | undefined, include: boolean, owner?: RawOwner, id?: string, index?: number): Uint8Array;
/** Negative, zero or positive, as `a` sorts before, with or after `b`. */
export declare function compareBytes(a: Uint8Array, b: Uint8Array): number;
export declare function equalBytes(a: Uint8Array, b: Uint8Array): boolean;
/**
 * Text of the encodings that TextDecoder knows, and ASCII; a byte order mark is kept. Bytes that the text does not tell
 * are kept for `owner`.
 *
 * @throws {EncodingError}
 */
export declare function decodeString(bytes: Uint8Array, encoding: string, owner?: RawOwner, id?: string, index?: number): string;
/** `text`, whose bytes are kept where they cannot be found again: some could not be decoded, or there are several ways. */
export declare function noteText(text: string, bytes: Uint8Array, encoding: string, owner: RawOwner | undefined, id?: string, index?: number): string;
/** Up to here a loop is faster than the call of a decoder, and what it makes is one string, not a tree of them. */
export declare const SHORT_TEXT = 12;
/** The text of bytes below 0x80; undefined where one is not. */
export declare function shortAscii(bytes: Uint8Array, start: number, length: number): string | undefined;
