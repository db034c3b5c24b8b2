/** Verdicts and numbers of findings in words. */
import { type Severity } from '../../index.js';
import { SEVERITIES } from '../../rules.js';
import type { ImageVerdict } from './outcome.js';
import type { Harmless } from '../harmless.js';
import type { Paint, Style } from '../output.js';
import { countText } from '../text.js';

const VERDICTS: Readonly<Record<ImageVerdict, readonly [Style, string]>> = {
  clean: ['green', 'clean'],
  'needs-attention': ['yellow', 'needs attention'],
  corrupt: ['red', 'corrupt'],
  'not-vhdx': ['red', 'not a VHDX'],
  unreadable: ['red', 'unreadable'],
};

/** Of an image that was found clean before. */
export const UNCHANGED = 'Not checked again: it has not changed since an earlier check.';

const NAMES: Readonly<Record<Severity, readonly [singular: string, plural: string]>> = {
  error: ['error', 'errors'],
  'refuse-write': ['refuse-write', 'refuse-writes'],
  warning: ['warning', 'warnings'],
  info: ['info', 'infos'],
};

/** A verdict in words. */
export function verdictText(verdict: ImageVerdict): string {
  return VERDICTS[verdict][1];
}

/** A verdict in words and in its color. */
export function paintedVerdict(verdict: ImageVerdict, paint: Paint): Harmless {
  return paint(...VERDICTS[verdict]);
}

/** How many findings of each severity there are, the worst first. */
export function countsText(counts: Readonly<Record<Severity, number>>): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) =>
    countText(counts[severity], ...NAMES[severity]),
  );
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}
