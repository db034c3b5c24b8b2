/** Sizes, offsets and counts in the words of the command. */
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size for people: `64 MiB`, `1.5 GiB`, `9.54 MiB`, `1 byte`. At most two decimals. */
export function sizeText(bytes: number): string {
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
  return bytes < 1024 ? sizeText(bytes) : `${sizeText(bytes)} (${bytes} bytes)`;
}

/** An offset: `0x100000`. */
export function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** A count with its noun: `1 error`, `2 errors`. */
export function countText(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
