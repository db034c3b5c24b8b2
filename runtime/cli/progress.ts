/** Progress of long operations, on a terminal. */
import type { GenericFormatter } from 'cli-progress';
import { roundedSizeText } from './text.js';

/** Shows the progress of an operation. */
export interface Progress {
  /** `done`: bytes. */
  readonly update: (done: number) => void;
  /** Takes the bar away. */
  readonly stop: () => void;
}

const NONE: Progress = { update: () => undefined, stop: () => undefined };

const KNOWN = '{bar} {percentage}%  {size} of {all}  {eta_formatted}';

/** Milliseconds that a rate is taken over: long enough to be steady, short enough to tell that nothing comes any more. */
const RATE_MS = 3000;

/** `1.5 GiB  210 MiB/s`, for what has no known end; called again and again while nothing comes, too. */
function openEnded(): GenericFormatter {
  const marks: { readonly time: number; readonly done: number }[] = [{ time: Date.now(), done: 0 }];
  return (_options, { value }) => {
    const now = Date.now();
    marks.push({ time: now, done: value });
    while (marks.length > 2 && now - (marks[1]?.time ?? now) >= RATE_MS) marks.shift();
    const { time, done } = marks[0] ?? { time: now, done: value };
    const rate = now > time ? Math.round(((value - done) * 1000) / (now - time)) : 0;
    return `${roundedSizeText(value)}  ${roundedSizeText(rate)}/s`;
  };
}

/** A bar on standard error for `total` images, if it is wanted; `update` is told how many are done. */
export async function showImageProgress(total: number, isWanted: boolean): Promise<Progress> {
  if (!isWanted) return NONE;
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {percentage}%  {value} of {total} images  {eta_formatted}',
    barCompleteChar: '#',
    barIncompleteChar: '.',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

/**
 * A bar on standard error for `total` bytes, or of unknown length; nothing where standard error
 * is no terminal.
 */
export async function showProgress(total: number | undefined, isTerminal: boolean): Promise<Progress> {
  if (!isTerminal) return NONE;
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    stream: process.stderr,
    format: total === undefined ? openEnded() : KNOWN,
    barCompleteChar: '#',
    barIncompleteChar: '.',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total ?? 0, 0, { size: roundedSizeText(0), all: roundedSizeText(total ?? 0) });
  return { update: (done) => bar.update(done, { size: roundedSizeText(done) }), stop: () => bar.stop() };
}
