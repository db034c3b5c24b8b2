/** Completion of the codes and rules that `vhdx explain` takes. */
import { codes } from '../../index.js';

/** Every code that a finding or an error can have, with what it says in short. Apart, because it loads the library. */
export const CODES: readonly (readonly [code: string, summary: string])[] = Object.entries(codes).map(
  ([code, { summary }]) => [code, summary],
);
