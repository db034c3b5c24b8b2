import { sizeText } from './text.js';

/** Shows how far something has come. */
export interface Progress {
  /** `done`: bytes. */
  readonly update: (done: number) => void;
  /** Takes the bar away. */
  readonly stop: () => void;
}

const NONE: Progress = { update: () => undefined, stop: () => undefined };

/** A bar on standard error for `total` bytes; nothing where that is no terminal. */
export async function showProgress(total: number, isTerminal: boolean): Promise<Progress> {
  if (!isTerminal) return NONE;
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    stream: process.stderr,
    format: '{bar} {percentage}%  {size} of {all}  {eta_formatted}',
    barCompleteChar: '#',
    barIncompleteChar: '.',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0, { size: sizeText(0), all: sizeText(total) });
  return { update: (done) => bar.update(done, { size: sizeText(done) }), stop: () => bar.stop() };
}
