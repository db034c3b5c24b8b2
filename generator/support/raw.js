/**
 * Bytes that were read and that a value does not tell: text that cannot be decoded, what stands behind a terminator, a
 * compressed stream. They are kept beside the value, so that writing gives back what was read.
 */
/** Keeps `bytes` for the field `id`, or for its element `index`, and returns them. */
export function noteRaw(owner, bytes, kind, id, index) {
    (owner._raws ??= new Map()).set(keyOf(kind, id, index), bytes);
    return bytes;
}
export function rawOf({ _raws }, kind, id, index) {
    return _raws?.get(keyOf(kind, id, index));
}
const keyOf = (kind, id, index) => `${kind} ${id} ${index ?? ''}`;
/** A float of `size` bytes at `at`; the bits of one that is no number are kept. */
export function noteFloat(value, view, at, size, owner, id, index) {
    if (Number.isNaN(value))
        noteRaw(owner, new Uint8Array(view.buffer, view.byteOffset + at, size), 'value', id, index);
    return value;
}
/** Puts the bits of a float that is no number at `at` of `bytes`, as they were read. */
export function keepNaN(owner, id, value, bytes, at, index) {
    const raw = Number.isNaN(value) ? rawOf(owner, 'value', id, index) : undefined;
    if (raw !== undefined)
        bytes.set(raw, at);
}
