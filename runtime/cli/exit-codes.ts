/** The exit codes of the command, and which of them a verdict or finding has. */
import type { Verdict } from '../index.js';

/** What the command's exit codes mean; those of `qemu-img check` where it has one. */
export const ExitCode = {
  /** No finding, or none that matters under `--fail-on`. */
  CLEAN: 0,
  /** Usage, I/O, a file that cannot be opened. */
  COULD_NOT_RUN: 1,
  /** At least one finding of severity `error`. */
  CORRUPT: 2,
  /** Readable, but not to be written before something is done. */
  NEEDS_ATTENTION: 3,
  NOT_VHDX: 63,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/**
 * From best to worst, for the exit code of several images. An image that could not be judged is the worst, because it
 * may be anything; then a corrupt one. A file that is no VHDX at all is more likely a slip in the list of names, and
 * must not hide a corrupt image; it still comes before one that only needs attention.
 */
const FROM_BEST_TO_WORST: readonly ExitCode[] = [
  ExitCode.CLEAN,
  ExitCode.NEEDS_ATTENTION,
  ExitCode.NOT_VHDX,
  ExitCode.CORRUPT,
  ExitCode.COULD_NOT_RUN,
];

/** The worse of two exit codes. */
export function worse(one: ExitCode, other: ExitCode): ExitCode {
  return FROM_BEST_TO_WORST.indexOf(one) < FROM_BEST_TO_WORST.indexOf(other) ? other : one;
}

const OF_VERDICT: Readonly<Record<Verdict, ExitCode>> = {
  clean: ExitCode.CLEAN,
  'needs-attention': ExitCode.NEEDS_ATTENTION,
  corrupt: ExitCode.CORRUPT,
  'not-vhdx': ExitCode.NOT_VHDX,
};

/** The exit code of a verdict. */
export function exitCodeOfVerdict(verdict: Verdict): ExitCode {
  return OF_VERDICT[verdict];
}
