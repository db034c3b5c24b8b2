/** How objects with 64-bit numbers are serialized by `JSON.stringify`. */
/**
 * Gives `value` a form for `JSON.stringify`, which has none for a `bigint` and a clumsy one for bytes. The object itself
 * stays as it is: `toJSON` is not among its enumerable members, and copies of it do not have it.
 */
export function withJsonForm<T extends object>(value: T, form: (value: T) => unknown): T {
  return Object.defineProperty(value, 'toJSON', { value: () => form(value) });
}

/** A sequence number as JSON has it: in decimal digits, always as a string, since most readers have 53 bits. */
export function sequenceNumberForm(value: { readonly sequenceNumber: bigint }): unknown {
  return { ...value, sequenceNumber: value.sequenceNumber.toString() };
}

/** A 64-bit size or offset as JSON has it: a number like all others, and a decimal string only where that is not exact. */
export function offsetForm(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
