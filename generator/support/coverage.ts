/** Which bits of a stream its fields describe: the others are free for instances that lie there. */

/** All bits of a byte. */
const WHOLE_BYTE = 0xff;

/** Bytes of which fields describe only the bits of `mask`. */
interface Gap {
  readonly from: number;
  readonly to: number;
  readonly mask: number;
}

export class BitCoverage {
  readonly #gaps: Gap[] = [];
  #masks: Uint8Array | undefined;

  /** Whether fields describe all there is. */
  get isWhole(): boolean {
    return this.#gaps.length === 0;
  }

  /** The bytes from `from` to `to` (exclusive) belong to a structure that describes only the bits of `mask` in each. */
  leave(from: number, to: number, mask = 0): void {
    this.#gaps.push({ from, to, mask });
  }

  /** Bits of `before` into bytes that fields describe in part. */
  fill(bytes: Uint8Array, before: Uint8Array): void {
    for (const { from, to, mask } of this.#gaps) {
      if (mask === 0) continue;
      for (let at = from; at < Math.min(to, before.length); at++)
        bytes[at] = (bytes[at] ?? 0) | ((before[at] ?? 0) & ~mask);
    }
  }

  /** Leaves what `inner` leaves, which begins at `at`: whole bytes only, unless `hasBits`. */
  embed(inner: BitCoverage, at: number, hasBits: boolean): void {
    for (const { from, to, mask } of inner.#gaps) if (hasBits || mask === 0) this.leave(at + from, at + to, mask);
  }

  /**
   * The bits that are described, byte by byte, for `length` bytes at least; `written` of them come from fields. What is
   * changed in it is kept, and what is left afterwards does not count any more.
   */
  masks(length: number, written: number): Uint8Array {
    const before = this.#masks;
    if (before !== undefined && before.length >= length) return before;
    const masks = new Uint8Array(Math.max(length, written, 2 * (before?.length ?? 0)));
    if (before === undefined) {
      masks.fill(WHOLE_BYTE, 0, written);
      for (const { from, to, mask } of this.#gaps) masks.fill(mask, from, to);
    } else {
      masks.set(before);
    }
    return (this.#masks = masks);
  }
}

/** Bytes, and which bits of each are described. */
interface DescribedBytes {
  readonly bytes: Uint8Array;
  /** Undefined: all. */
  readonly masks: Uint8Array | undefined;
}

/**
 * Lays `piece` over what is there from `from` on. Bits that are described already must be the same, since two fields may
 * describe them but not differ: `differs` receives a byte where they are not. A piece that `yields` leaves them.
 */
export function layOver(
  here: { readonly bytes: Uint8Array; readonly masks: Uint8Array },
  from: number,
  piece: DescribedBytes,
  yields: boolean,
  differs: (at: number, before: number, byte: number) => void,
): void {
  for (let index = 0; index < piece.bytes.length; index++) {
    const byte = piece.bytes[index] ?? 0;
    const at = from + index;
    const mask = piece.masks?.[index] ?? WHOLE_BYTE;
    const known = here.masks[at] ?? 0;
    const before = here.bytes[at] ?? 0;
    if (!yields && (known & mask & (before ^ byte)) !== 0) differs(at, before, byte);
    const stated = yields ? mask & ~known : mask;
    // What was left unread stays, where nothing describes it.
    const unread = ~mask & ~known;
    const taken = (byte & unread) === 0 ? stated : stated | unread;
    here.bytes[at] = (before & ~taken) | (byte & taken);
    here.masks[at] = known | mask;
  }
}
