/** `vhdx replay`: prints the plan of a log's replay and carries it out. */
import { type ChangeReport, planReplay, type ReplayPlan } from '../../change.js';
import type { ByteSource } from '../../index.js';
import type { ExitCode } from '../exit-codes.js';
import { type Harmless, shown } from '../harmless.js';
import type { Output } from '../output.js';
import { countText, exactSizeText, hex, roundedSizeText } from '../text.js';
import { type ChangeCommandOptions, runChange } from './change.js';

export type ReplayCommandOptions = ChangeCommandOptions;

/** One line for each descriptor. */
function* descriptorLines({ writes }: ReplayPlan): Generator<Harmless> {
  for (const { kind, descriptorOffset, fileOffset, length, target } of writes) {
    const where = target === undefined ? '' : ` (${target})`;
    yield shown`  ${kind} descriptor at ${hex(descriptorOffset)}: ${roundedSizeText(length)} to ${hex(fileOffset)}${where}`;
  }
}

/** `replayed 2 entries with 5 descriptors: 20 KiB (20480 bytes) written`. */
function doneText({ plan: { log, bytes, fileSize, newFileSize } }: ChangeReport<ReplayPlan>): Harmless {
  const { entryCount = 0, descriptorCount = 0 } = log.sequence ?? {};
  const entries = `${countText(entryCount, 'entry', 'entries')} with ${countText(descriptorCount, 'descriptor')}`;
  const growth =
    newFileSize === fileSize
      ? ''
      : `; the file has grown, from ${exactSizeText(fileSize)} to ${exactSizeText(newFileSize)}`;
  return shown`replayed ${entries}: ${exactSizeText(bytes)} written${growth}`;
}

/** `vhdx replay`: 0 if the log has been replayed, or would be, or there is nothing to replay. */
export async function runReplay(image: string, options: ReplayCommandOptions, output: Output): Promise<ExitCode> {
  const change = {
    image,
    plan: (source: ByteSource, signal: AbortSignal): Promise<ReplayPlan> => planReplay(source, { signal }),
    doneText,
    nothing: 'nothing to replay',
    details: descriptorLines,
  };
  return runChange(change, options, output);
}
