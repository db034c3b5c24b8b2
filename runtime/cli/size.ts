/** Sizes as arguments: `64M`, `1.5GiB`, `0x1000`. */
import { InvalidArgumentError } from 'commander';

const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** What a part of a unit is rounded down to where it is no whole number of bytes: the larger of the two sectors. */
const SECTOR = 4096;

/** For the help of options that are sizes. */
export const SIZES_HELP = '4096, 0x1000, 512K, 64MiB, 1.5G or 10GB (GB is GiB, as in Hyper-V)';

/**
 * Bytes from `4096`, `0x1000`, `512K`, `64MiB`, `1.5G` or `10GB`, large or small. K, M, G and T are powers of 1024 in all
 * spellings, as Hyper-V, PowerShell and QEMU read them. A fraction that is no whole number of bytes (`1.1T`) is rounded
 * down to a multiple of 4096.
 *
 * @throws InvalidArgumentError for anything else, and from 2^53 on
 */
export function parseSize(text: string): number {
  const [, digits = '', unit = ''] = /^(0x[0-9a-f]+|\d+(?:\.\d+)?) ?(?:([kmgt])i?)?b?$/i.exec(text) ?? [];
  const factor = FACTORS[unit.toLowerCase()] ?? Number.NaN;
  const exact = digits === '' ? Number.NaN : Number(digits) * factor;
  const value = Number.isInteger(exact) || exact < SECTOR ? exact : Math.floor(exact / SECTOR) * SECTOR;
  // A fraction of a byte, or of a sector.
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError(
    Number.isFinite(value) && value >= Number.MAX_SAFE_INTEGER
      ? 'It is too large: sizes end at 8192T.'
      : 'Give bytes as 4096, 0x1000, 512K, 64MiB, 1.5G or 10GB.',
  );
}
