/** Completion of the codes and rules that `vhdx explain` takes. */
import type { Candidate } from 'ksy-ts/completion';
import { codes } from '../../index.js';
import { RULES, UNREPORTED_RULES } from '../../rules.js';

/** Every code that a finding or an error can have, with its summary. */
const CODES: readonly Candidate[] = Object.entries(codes).map(([value, { summary }]) => ({
  value,
  description: summary,
}));

/** Every rule, with the codes under which it is reported. */
const REPORTED: readonly Candidate[] = RULES.map(({ rule, codes: names }) => ({
  value: rule,
  description: names.join(', '),
}));
const UNREPORTED: readonly Candidate[] = Object.keys(UNREPORTED_RULES).map((value) => ({
  value,
  description: 'no check reports it',
}));

/** All that `vhdx explain` takes. Apart, because it loads the library. */
export const EXPLAINED: readonly Candidate[] = [...CODES, ...REPORTED, ...UNREPORTED];
