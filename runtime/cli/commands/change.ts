/** Prints the plan of a change and applies it, for all commands that change an image at rest. */
import { applyPlan, type ChangePlan, type ChangeReport, type PlanOptions } from '../../change.js';
import { type ByteSource, type ByteTarget } from '../../index.js';
import { findChildrenOf, openFile, openFileForWriting } from '../../node.js';
import { reportFailure } from '../error-report.js';
import { ExitCode } from '../exit-codes.js';
import { type Harmless, joined, json, shown } from '../harmless.js';
import { endBy, Interrupted, interruptible } from '../interrupt.js';
import type { Output } from '../output.js';
import { planLines } from '../plan-text.js';
import { showProgress } from '../progress.js';
import { isUrl, shownName } from '../sources/image-name.js';

/** What every command that changes an image can be told. */
export interface ChangeCommandOptions {
  readonly dryRun?: true;
  readonly json?: true;
}

/** What every command that takes away the parent of children can be told. */
export interface ForceOptions {
  readonly force?: true;
}

/** How such a change is planned. */
export function planOptions(image: string, { force }: ForceOptions, signal: AbortSignal): PlanOptions {
  return { signal, force, findChildren: (options) => findChildrenOf(image, options) };
}

/** A change that a command makes: how it is planned, with what else has to be open and free of other writers. */
export interface Change<Plan extends ChangePlan> {
  readonly image: string;
  readonly plan: (source: ByteSource, signal: AbortSignal) => Promise<Plan>;
  /** What to say when it is done, besides the steps: a line without its end. */
  readonly doneText: (report: ChangeReport<Plan>) => Harmless;
  /** What to say if there is nothing to do; `nothing to do`, if left out. */
  readonly nothing?: string;
  /** Lines of a plan that is not to be carried out, beyond its steps. */
  readonly details?: (plan: Plan) => Iterable<Harmless>;
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
    if (options.json === true) output.write(planForm(image, plan));
    else {
      const details = change.details?.(plan);
      for (const line of planLines(image, plan, { dryRun: true, nothing: change.nothing, details })) {
        if (output.isClosed()) break;
        output.write(shown`${line}\n`);
      }
    }
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
  if (options.json !== true && plan.refusals.length === 0) {
    const lines = planLines(image, plan, { dryRun: false, nothing: change.nothing });
    output.notice(shown`${joined([...lines], '\n')}\n`);
  }
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
  if (isUrl(image)) {
    output.error(
      `${shownName(image)}: only files can be changed, and this is a URL; every reading command replays in memory`,
    );
    return ExitCode.COULD_NOT_RUN;
  }
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
