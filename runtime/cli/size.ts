import { InvalidArgumentError } from 'commander';

const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/**
 * Bytes from `4096`, `0x1000`, `64M` or `64MiB`; K, M, G and T are powers of 1024, large or small. Not `64MB`, which
 * means one thing to some and another to others.
 *
 * @throws InvalidArgumentError for anything else, and from 2^53 on
 */
export function parseSize(text: string): number {
  const [, digits, unit = ''] = /^(0x[0-9a-f]+|\d+)(?:([kmgt])(?:ib)?)?$/i.exec(text) ?? [];
  const factor = FACTORS[unit.toLowerCase()];
  const value = digits === undefined || factor === undefined ? NaN : Number(digits) * factor;
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Give bytes as 4096, 0x1000, 64M or 64MiB.');
}
