/**
 * Bytes that were read and that a value does not tell: text that cannot be decoded, what stands behind a terminator, a
 * compressed stream. They are kept beside the value, so that writing gives back what was read.
 */
/** A structure, which keeps such bytes by field. */
export interface RawOwner {
    _raws?: Map<string, Uint8Array> | undefined;
}
/** What the bytes are: the whole of a text or a float, those behind a value, or those that a process was given. */
export type RawKind = 'value' | 'tail' | 'process';
/** Keeps `bytes` for the field `id`, or for its element `index`, and returns them. */
export declare function noteRaw(owner: RawOwner, bytes: Uint8Array, kind: RawKind, id: string, index?: number): Uint8Array;
export declare function rawOf({ _raws }: RawOwner, kind: RawKind, id: string, index?: number): Uint8Array | undefined;
/** A float of `size` bytes at `at`; the bits of one that is no number are kept. */
export declare function noteFloat(value: number, view: DataView, at: number, size: number, owner: RawOwner, id: string, index?: number): number;
/** Puts the bits of a float that is no number at `at` of `bytes`, as they were read. */
export declare function keepNaN(owner: RawOwner, id: string, value: number, bytes: Uint8Array, at: number, index?: number): void;
