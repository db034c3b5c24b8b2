/** Completion of the codes and rules that `vhdx explain` takes. */
import { codes } from '../../index.js';
import { RULES, UNREPORTED_RULES } from '../../rules.js';

type Described = readonly [name: string, description: string];

/** Every code that a finding or an error can have, with its summary. */
const CODES: readonly Described[] = Object.entries(codes).map(([code, { summary }]) => [code, summary]);

/** Every rule, with the codes under which it is reported. */
const REPORTED: readonly Described[] = RULES.map(({ rule, codes: names }) => [rule, names.join(', ')]);
const UNREPORTED: readonly Described[] = Object.keys(UNREPORTED_RULES).map((rule) => [rule, 'no check reports it']);

/** All that `vhdx explain` takes. Apart, because it loads the library. */
export const EXPLAINED: readonly Described[] = [...CODES, ...REPORTED, ...UNREPORTED];
