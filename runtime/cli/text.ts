/** Sizes, offsets and counts in the words of the command. */
export { capitalized, countText, hex } from '../base/units.js';

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size for people, rounded to two decimals: `64 MiB`, `1.5 GiB`, `9.54 MiB`, `1 byte`. */
export function roundedSizeText(bytes: number): string {
  if (bytes === 1) return '1 byte';
  if (bytes < 1024) return `${bytes} bytes`;
  let amount = bytes;
  let unit = '';
  for (const next of UNITS) {
    if (amount < 1024) break;
    amount /= 1024;
    unit = next;
  }
  return `${Number(amount.toFixed(2))} ${unit}`;
}

/** A size for people with the number of bytes, unless that is said already. */
export function exactSizeText(bytes: number): string {
  return bytes < 1024 ? roundedSizeText(bytes) : `${roundedSizeText(bytes)} (${bytes} bytes)`;
}
