/** `vhdx replay`: prints the plan of a log's replay and carries it out. */
import { planLogReplay, type ReplayPlan, type ReplayReport, replayLog } from '../../index.js';
import { openFile, openFileForWriting } from '../../node.js';
import { ExitCode } from '../exit-codes.js';
import { reportFailure } from '../error-report.js';
import { shown } from '../harmless.js';
import type { Output } from '../output.js';
import { isUrl, shownName } from '../sources/image-name.js';
import { countText, exactSizeText, hex, roundedSizeText } from '../text.js';

export interface ReplayCommandOptions {
  readonly dryRun?: true;
}

/** `2 entries with 5 descriptors`. */
function logText({ log }: ReplayPlan): string {
  const { entryCount = 0, descriptorCount = 0 } = log.sequence ?? {};
  return `${countText(entryCount, 'entry', 'entries')} with ${countText(descriptorCount, 'descriptor')}`;
}

function growthText({ fileSize, newFileSize }: ReplayPlan): string {
  return newFileSize === fileSize ? '' : `, from ${exactSizeText(fileSize)} to ${exactSizeText(newFileSize)}`;
}

/** One line for each descriptor. A log can have a million, so they are not put together first. */
function writePlan(image: string, plan: ReplayPlan, output: Output): void {
  if (plan.log.state === 'clean') {
    output.write(shown`${image}: nothing to replay\n`);
    return;
  }
  output.write(shown`${image}: to replay: ${logText(plan)}\n`);
  for (const { kind, descriptorOffset, fileOffset, length, target } of plan.writes) {
    if (output.isClosed()) return;
    const where = target === undefined ? '' : ` (${target})`;
    output.write(
      shown`  ${kind} descriptor at ${hex(descriptorOffset)}: ${roundedSizeText(length)} to ${hex(fileOffset)}${where}\n`,
    );
  }
  output.write(shown`  bytes to write: ${exactSizeText(plan.bytes)}\n`);
  if (plan.newFileSize !== plan.fileSize) output.write(shown`  the file grows${growthText(plan)}\n`);
  output.write(shown`  nothing has been written\n`);
}

function reportText(report: ReplayReport): string {
  if (!report.replayed) return 'nothing to replay';
  const growth = report.newFileSize === report.fileSize ? '' : `; the file has grown${growthText(report)}`;
  return `replayed ${logText(report)}: ${exactSizeText(report.bytes)} written${growth}`;
}

/** Errors of the image that are no hindrance to a replay, and are not mended by it either. */
function warnOfErrors(image: string, { findings }: ReplayPlan, output: Output): void {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) output.warn(`${image}: ${countText(errors, 'error')} beside the log (vhdx check says more)`);
}

/** A signal that is aborted when the user interrupts the command, the first time; the second time ends the process. */
function interruption(): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once('SIGINT', abort);
  process.once('SIGTERM', abort);
  const end = (): void => {
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
  };
  return { signal: controller.signal, end };
}

async function dryRun(image: string, output: Output): Promise<void> {
  const source = await openFile(image);
  try {
    const plan = await planLogReplay(source);
    writePlan(image, plan, output);
    warnOfErrors(image, plan, output);
  } finally {
    await source.close();
  }
}

async function replay(image: string, signal: AbortSignal, output: Output): Promise<void> {
  const target = await openFileForWriting(image);
  try {
    const report = await replayLog(target, { signal });
    output.notice(shown`${image}: ${reportText(report)}\n`);
    warnOfErrors(image, report, output);
  } finally {
    await target.close();
  }
}

/** `vhdx replay`: 0 if the log has been replayed, or would be, or there is nothing to replay. */
export async function runReplay(image: string, options: ReplayCommandOptions, output: Output): Promise<ExitCode> {
  if (isUrl(image)) {
    output.error(
      `${shownName(image)}: only files can be replayed, and this is a URL; every reading command replays in memory`,
    );
    return ExitCode.COULD_NOT_RUN;
  }
  const { signal, end } = interruption();
  try {
    if (options.dryRun === true) await dryRun(image, output);
    else await replay(image, signal, output);
    return ExitCode.CLEAN;
  } catch (error) {
    if (!signal.aborted) return reportFailure(error, image, output);
    output.error(`${image}: interrupted: the image is as usable as before, and replaying it again completes it`);
    return ExitCode.COULD_NOT_RUN;
  } finally {
    end();
  }
}
