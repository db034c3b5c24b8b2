/** Bit fields of any width, out of a stream that may stand within a byte. */
/** What of a stream bits are taken from. */
interface BitSource {
    readonly memory: DataView;
    /** Where the stream begins in `memory`, in bytes. */
    readonly base: number;
    /** Its length in bytes. */
    readonly length: number;
    /** Where the next byte is, from the start of the stream. */
    pos: number;
    /** The bits of the last byte that are not read yet, and how many. */
    bits: number;
    bitsLeft: number;
    /** Throws where fewer bytes are left. */
    ensureBytesLeft(length: number): void;
}
/** A wide field is read in two parts: it must not fail between them. */
export declare function ensureBits(io: BitSource, count: number): void;
/** An integer out of words, its most significant one (which may be shorter) taken first or last: in time linear in its width. */
export declare function wideInteger(count: number, take: (bits: number) => number, isHighFirst: boolean): bigint;
/** With the bits of a byte that is begun, so many are exact in a number. */
export declare const MAX_BITS_AT_ONCE = 45;
export declare function takeBitsBe(io: BitSource, count: number): number;
export declare function takeBitsLe(io: BitSource, count: number): number;
export {};
