/** Units of bytes, rounding, and sizes and counts as text. */
/** 1024 bytes. */
export const KIB = 1024;
/** 1024 KiB: the alignment of every object in a VHDX file. [MS-VHDX] 2.1 */
export const MIB: number = 1024 * KIB;
/** 1024 MiB. */
export const GIB: number = 1024 * MIB;
/** 1024 GiB. */
export const TIB: number = 1024 * GIB;

/**
 * The one way from a raw 64-bit field to a `number`: the same value, or `undefined` if a `number` cannot hold it
 * exactly (it is negative or greater than 2^53 - 1). The caller has to say what such a value means.
 */
export function exactNumber(value: bigint | number): number | undefined {
  const converted = Number(value);
  return Number.isSafeInteger(converted) && converted >= 0 ? converted : undefined;
}

/** The least multiple of `unit` that is not less than `value`; both are non-negative integers. */
export function roundUp(value: number, unit: number): number {
  const rest = value % unit;
  return rest === 0 ? value : value + (unit - rest);
}

/** `value / divisor`, rounded up; both are non-negative integers. */
export function ceilDivide(value: number, divisor: number): number {
  return roundUp(value, divisor) / divisor;
}

/** An offset or a size as it is shown everywhere: `0x10000`. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

const UNITS = [
  ['TiB', TIB],
  ['GiB', GIB],
  ['MiB', MIB],
  ['KiB', KIB],
] as const;

/** A size in words: `64 KiB`, `1 MiB`, `1.5 GiB`; the exact number of bytes when it is no round amount. */
export function sizeText(bytes: number): string {
  for (const [name, unit] of UNITS) {
    if (bytes >= unit && (bytes * 2) % unit === 0) return `${bytes / unit} ${name}`;
  }
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

/** Two sizes in words that a sentence compares, in one unit: `1236 KiB` and `10240 KiB`. */
export function sizeTexts(one: number, other: number): readonly [one: string, other: string] {
  const isRound = (unit: number): boolean => (one * 2) % unit === 0 && (other * 2) % unit === 0;
  const [name, unit] = UNITS.find(([, each]) => Math.max(one, other) >= each && isRound(each)) ?? ['bytes', 1];
  return [`${one / unit} ${name}`, `${other / unit} ${name}`];
}

/** `count` with its noun: `1 entry`, `2 entries`. */
export function countText(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** The text with a capital at its beginning, as a sentence has it. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
