/** A source of numbers that gives the same ones for the same seed. */
export interface Random {
  /** An integer from 0 to `end` (exclusive). */
  readonly below: (end: number) => number;
  /** One of `values`. */
  readonly pick: <T>(values: readonly [T, ...T[]]) => T;
}

/** xorshift32 with a spread seed, so that neighbouring seeds have nothing in common. */
export function randomFrom(seed: number): Random {
  let word = Math.imul(seed + 1, 0x9e37_79b1) | 1;
  const next = (): number => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return word >>> 0;
  };
  for (let round = 0; round < 8; round += 1) next();
  const below = (end: number): number => (end <= 2 ** 32 ? next() % end : (next() * 2 ** 21 + (next() >>> 11)) % end);
  return { below, pick: (values) => values[below(values.length)] ?? values[0] };
}
