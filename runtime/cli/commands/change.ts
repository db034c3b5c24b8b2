/** Prints the plan of a change and applies it, for all commands that change an image at rest. */
import { applyPlan, type ChangePlan, type ChangeReport } from '../../change.js';
import { type ByteSource, type ByteTarget } from '../../index.js';
import { openFile, openFileForWriting } from '../../node.js';
import { reportFailure } from '../error-report.js';
import { ExitCode } from '../exit-codes.js';
import { type Harmless, joined, json, shown, wrap } from '../harmless.js';
import { endBy, Interrupted, interruptible } from '../interrupt.js';
import type { Output } from '../output.js';
import { showProgress } from '../progress.js';
import { exactSizeText } from '../text.js';

/** What every command that changes an image can be told. */
export interface ChangeCommandOptions {
  readonly dryRun?: true;
  readonly json?: true;
}

/** A change that a command makes: how it is planned, with what else has to be open and free of other writers. */
export interface Change<Plan extends ChangePlan> {
  readonly image: string;
  readonly plan: (source: ByteSource, signal: AbortSignal) => Promise<Plan>;
  /** What to say when it is done, besides the steps: a line without its end. */
  readonly doneText: (report: ChangeReport<Plan>) => Harmless;
  /** Lines of the plan beyond its steps. */
  readonly planLines?: (plan: Plan) => readonly Harmless[];
}

/** The plan for people; ends with a newline. */
function planText<Plan extends ChangePlan>({ image, planLines }: Change<Plan>, plan: Plan, dryRun: boolean): Harmless {
  const { operation, steps, refusals, notices, bytes, fileSize, newFileSize } = plan;
  const isRefused = refusals.length > 0;
  const head = isRefused ? `refused to ${operation}` : steps.length === 0 ? 'nothing to do' : `to ${operation}:`;
  const grown = newFileSize === fileSize ? '' : `, file ${exactSizeText(fileSize)} → ${exactSizeText(newFileSize)}`;
  const lines = [
    shown`${image}: ${head}`,
    ...refusals.flatMap(({ code, message, remedy }) => [
      shown`  ${code}`,
      ...wrap(remedy === '' ? message : `${message} ${remedy}`, '    '),
    ]),
    ...(isRefused ? [] : steps.flatMap(({ message }) => wrap(message, '  '))),
    ...(isRefused ? [] : notices.flatMap((notice) => wrap(`Note: ${notice}`, '  '))),
    ...(planLines?.(plan) ?? []),
    ...(isRefused || bytes + Math.abs(newFileSize - fileSize) === 0
      ? []
      : [shown`  bytes to write: ${exactSizeText(bytes)}${grown}`]),
    ...(dryRun ? [shown`  nothing has been written`] : []),
  ];
  return shown`${joined(lines, '\n')}\n`;
}

function planForm(image: string, plan: ChangePlan, changed?: boolean): Harmless {
  return shown`${json({ filename: image, ...plan, ...(changed === undefined ? {} : { changed }) }, 2)}\n`;
}

async function announce<Plan extends ChangePlan>(
  change: Change<Plan>,
  options: ChangeCommandOptions,
  output: Output,
): Promise<ExitCode> {
  const { image } = change;
  const source = await openFile(image);
  try {
    const plan = await interruptible((signal) => change.plan(source, signal));
    output.write(options.json === true ? planForm(image, plan) : planText(change, plan, true));
    return plan.refusals.length === 0 ? ExitCode.CLEAN : ExitCode.COULD_NOT_RUN;
  } finally {
    await source.close();
  }
}

async function carryOut<Plan extends ChangePlan>(
  target: ByteTarget,
  change: Change<Plan>,
  options: ChangeCommandOptions,
  output: Output,
  signal: AbortSignal,
  onRefused: () => void,
): Promise<void> {
  const { image } = change;
  const plan = await change.plan(target, signal);
  if (plan.refusals.length > 0) onRefused();
  if (options.json !== true && plan.refusals.length === 0) output.notice(planText(change, plan, false));
  const progress = await showProgress(plan.bytes, output.showsProgress && plan.bytes > 0);
  let report: ChangeReport<Plan>;
  try {
    report = await applyPlan(target, plan, { signal, onProgress: progress.update });
  } finally {
    progress.stop();
  }
  if (options.json === true) output.write(planForm(image, plan, report.changed));
  else if (report.changed) output.notice(shown`${image}: ${change.doneText(report)}\n`);
}

/** Plans a change, says so, and carries it out unless that is not wanted: 0 if it is done, would be, or has been before. */
export async function runChange<Plan extends ChangePlan>(
  change: Change<Plan>,
  options: ChangeCommandOptions,
  output: Output,
): Promise<ExitCode> {
  const { image } = change;
  let isRefused = false;
  try {
    if (options.dryRun === true) return await announce(change, options, output);
    await interruptible(async (signal) => {
      // Planned with the file locked: only then is nobody else writing to it.
      const target = await openFileForWriting(image);
      try {
        await carryOut(target, change, options, output, signal, () => {
          isRefused = true;
        });
      } finally {
        await target.close();
      }
    });
    return ExitCode.CLEAN;
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      const code = reportFailure(error, image, output);
      // What is refused says nothing of the image.
      return isRefused ? ExitCode.COULD_NOT_RUN : code;
    }
    output.error(`${error.message}: ${image} is sound; the same command completes the change`);
    endBy(error);
    return ExitCode.COULD_NOT_RUN;
  }
}
