/**
 * Bytes that were read and that a value does not tell: text that cannot be decoded, what stands behind a terminator, a
 * compressed stream. They are kept beside the value, so that writing gives back what was read.
 */

/** A structure, which keeps such bytes by field, out of sight. */
export type RawOwner = object;
interface Keeper {
  _raws?: Map<string, Uint8Array> | undefined;
}

/** What the bytes are: the whole of a text or a float, those behind a value, or those that a process was given. */
export type RawKind = 'value' | 'tail' | 'process';

/** Keeps `bytes` for the field `id`, or for its element `index`, and returns them. */
export function noteRaw(owner: RawOwner, bytes: Uint8Array, kind: RawKind, id: string, index?: number): Uint8Array {
  ((owner as Keeper)._raws ??= new Map()).set(keyOf(kind, id, index), bytes);
  return bytes;
}

export function rawOf(owner: RawOwner, kind: RawKind, id: string, index?: number): Uint8Array | undefined {
  return (owner as Keeper)._raws?.get(keyOf(kind, id, index));
}

const keyOf = (kind: RawKind, id: string, index: number | undefined): string => `${kind} ${id} ${index ?? ''}`;

/** A float of `size` bytes at `at`; the bits of one that is no number are kept. */
export function noteFloat(
  value: number,
  view: DataView,
  at: number,
  size: number,
  owner: RawOwner,
  id: string,
  index?: number,
): number {
  if (Number.isNaN(value)) noteRaw(owner, new Uint8Array(view.buffer, view.byteOffset + at, size), 'value', id, index);
  return value;
}

/** Puts the bits of a float that is no number at `at` of `bytes`, as they were read. */
export function keepNaN(
  owner: RawOwner,
  id: string,
  value: number,
  bytes: Uint8Array,
  at: number,
  index?: number,
): void {
  const raw = Number.isNaN(value) ? rawOf(owner, 'value', id, index) : undefined;
  if (raw !== undefined) bytes.set(raw, at);
}
