/** The severities: their order, and what they mean. */
import type { Severity } from './form.js';

/** The severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'refuse-write', 'warning', 'info'];

/** The severities in words, the worst first. */
export const SEVERITY_MEANINGS: Readonly<Record<Severity, string>> = {
  error: 'unreadable, ambiguous or unsafe',
  'refuse-write': 'readable, but must not be written before it is repaired',
  warning: 'violates the specification, but is tolerated by readers in the field',
  info: 'worth knowing',
};
