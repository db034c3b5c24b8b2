import { type Terminator } from './bytes.js';
import type { ReadOptions, Violation } from './constraints.js';
import { Budget } from './limits.js';
import type { RawOwner } from './raw.js';
export declare class KaitaiStream {
    /** Where the next byte is read, in bytes from the start of the stream. */
    pos: number;
    /** The bits of the last byte that are not read yet, and how many. */
    bits: number;
    bitsLeft: number;
    /** The memory that the stream is a part of; streams within a stream share it. */
    readonly memory: DataView;
    /** All of `memory` as bytes. */
    readonly octets: Uint8Array;
    /** Where the stream begins in `memory`, in bytes. */
    readonly base: number;
    /** Its length in bytes. */
    readonly length: number;
    /** Where this stream begins within the outermost one, in bytes. */
    readonly origin: number;
    /** Takes violations of what is read from here on; undefined: they are thrown. */
    onViolation: ((violation: Violation) => void) | undefined;
    /** What reading may still take; streams within a stream share it. */
    readonly budget: Budget;
    /** A stream over all of `source`, or over `length` bytes of its memory from `base` on. */
    constructor(source: Uint8Array | ArrayBuffer | KaitaiStream, options?: ReadOptions, origin?: number, base?: number, length?: number);
    /** All bytes of the stream. */
    get bytes(): Uint8Array;
    get size(): number;
    get buffer(): ArrayBuffer;
    get byteOffset(): number;
    get dataView(): DataView<ArrayBuffer>;
    /** A stream over `bytes`, which were read from this one at `position`. */
    substream(bytes: Uint8Array, position: number): KaitaiStream;
    /** The next `size` bytes, or all that are left, as a stream of their own. */
    readSubstream(size?: number): KaitaiStream;
    /** Whether a structure of `size` bytes can be read at once: nobody collects violations, and it is all there. */
    canReadFixed(size: number): boolean;
    /** The byte that the next bit field begins in. */
    get bitStart(): number;
    /** Bytes from the current position to the end; negative past the end. */
    get available(): number;
    /** Moves to `position`, which may lie past the end: only a read there fails. */
    seek(position: number): void;
    /** The number of a list's elements, as the file gives it. @throws {LimitError} */
    countItems(count: number): number;
    /** One more element of a list whose length is not known. @throws {LimitError} */
    nextItem(): void;
    /** Where an element begins that may take no bytes, by what this said of the one before. @throws {LimitError} */
    movedFrom(before: number): number;
    /** `bytes`, which others are made of. @throws {LimitError} */
    spend(bytes: Uint8Array): Uint8Array;
    /** Leaves the rest of a byte that bit fields have begun. */
    alignToByte(): void;
    isEof(): boolean;
    ensureBytesLeft(length: number): void;
    /** Moves behind the next `size` bytes, which begin at a whole byte; where they begin in `memory`. */
    _take(size: number): number;
    mapUint8Array(length: number): Uint8Array;
    readBytes(length: number): Uint8Array;
    readBytesFull(): Uint8Array;
    /** `length` bytes at `position`, wherever the stream stands. */
    slice(position: number, length: number): Uint8Array;
    /** Text of `length` bytes, as `decodeString`. */
    readText(length: number, encoding: string, owner?: RawOwner, id?: string, index?: number): string;
    readU1(): number;
    readS1(): number;
    readU2le(): number;
    readU2be(): number;
    readU4le(): number;
    readU4be(): number;
    readS2le(): number;
    readS2be(): number;
    readS4le(): number;
    readS4be(): number;
    readU8leBigInt(): bigint;
    /** As Kaitai Struct's JavaScript has it: rounded beyond 2^53. */
    readU8le(): number;
    readU8beBigInt(): bigint;
    /** As Kaitai Struct's JavaScript has it: rounded beyond 2^53. */
    readU8be(): number;
    readS8leBigInt(): bigint;
    /** As Kaitai Struct's JavaScript has it: rounded beyond 2^53. */
    readS8le(): number;
    readS8beBigInt(): bigint;
    /** As Kaitai Struct's JavaScript has it: rounded beyond 2^53. */
    readS8be(): number;
    readF4le(): number;
    readF4be(): number;
    readF8le(): number;
    readF8be(): number;
    /** An unsigned bit field of up to 53 bits, most significant bit first. */
    readBitsBe(count: number): number;
    /** An unsigned bit field of up to 53 bits, least significant bit first. */
    readBitsLe(count: number): number;
    /** An unsigned bit field of any width, most significant bit first. */
    readBitsBeBigInt(count: number): bigint;
    /** An unsigned bit field of any width, least significant bit first. */
    readBitsLeBigInt(count: number): bigint;
    readBitsIntBe(count: number): number;
    readBitsIntLe(count: number): number;
    /** Bytes up to `terminator`, which is looked for at multiples of its own length. */
    readBytesUntil(terminator: Terminator, include: boolean, consume: boolean, eosError: boolean): Uint8Array;
    /** Text up to `terminator`, as `readBytesUntil` finds it. */
    readTextUntil(terminator: Terminator, include: boolean, consume: boolean, eosError: boolean, encoding: string, owner?: RawOwner, id?: string, index?: number): string;
    readBytesTerm(terminator: number, include: boolean, consume: boolean, eosError: boolean): Uint8Array;
    readBytesTermMulti(terminator: Uint8Array, include: boolean, consume: boolean, eosError: boolean): Uint8Array;
}
/** `length` bytes of `memory` from `at` on; none may be asked for anywhere. */
export declare function sliceOf(memory: DataView, at: number, length: number): Uint8Array;
