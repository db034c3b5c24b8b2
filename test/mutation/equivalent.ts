/** Mutants that change nothing that could be seen, each with the reason: looked at one by one. */
import type { Mutant } from './mutants.js';

/** What is replaced and by what, as `original → replacement`, and a line of the file that it stands in. */
interface Equivalent {
  readonly file: string;
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

const EQUIVALENT: readonly Equivalent[] = [];

/** Why a mutant changes nothing; undefined if it is not known to. */
export function reasonOfEquivalent({ file, original, replacement }: Mutant): string | undefined {
  const found = EQUIVALENT.find(
    (each) => each.file === file && each.original === original && each.replacement === replacement,
  );
  return found?.reason;
}
