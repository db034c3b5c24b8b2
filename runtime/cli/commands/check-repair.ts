/** `vhdx check --repair`: prints the plan and carries it out. */
import { planRepair, repairImage, type Profile, type RepairPlan } from '../../index.js';
import { openFile, openFileForWriting } from '../../node.js';
import type { ImageReport, Repair } from '../reports/outcome.js';
import { joined, shown } from '../harmless.js';
import { interruptible } from '../interrupt.js';
import type { Output } from '../output.js';
import { planLines } from '../plan-text.js';

/** Options of a repair. */
export interface RepairCommandOptions {
  /** Whether the report is text on standard output. */
  readonly isText: boolean;
  readonly profiles: readonly Profile[];
  readonly dryRun: boolean;
}

/** What there is to be said of a plan without steps. */
function nothingText({ refusals, before }: RepairPlan): string {
  return before.verdict === 'clean' && refusals.length === 0 ? 'nothing to repair' : 'nothing that can be repaired';
}

/** Says what is going to be done: in the report if it is text, and otherwise on standard error. */
function announce(image: string, plan: RepairPlan, { isText, dryRun }: RepairCommandOptions, output: Output): void {
  if (isText) {
    const lines = planLines(image, plan, { dryRun, nothing: nothingText(plan), notDone: 'not repaired: ' });
    const text = shown`${joined([...lines], '\n')}\n`;
    if (dryRun) output.write(text);
    else output.notice(text);
    return;
  }
  for (const { rule, message } of plan.steps) output.warn(`${image}: to repair: ${message} (${rule})`);
  for (const { rule, message } of plan.refusals) output.warn(`${image}: not repaired: ${message} (${rule})`);
}

/**
 * Plans the repair of a file, says so, and carries it out unless that is not wanted. A file without anything to repair is
 * not opened for writing, so it may be read-only. The report is that of an image that stays as it is; another one has to
 * be checked again.
 *
 * @throws VhdxError as `openFile`, `openFileForWriting` and `repairImage`; Interrupted, at a signal
 */
export async function repairFile(
  image: string,
  options: RepairCommandOptions,
  output: Output,
): Promise<{ readonly repair: Repair; readonly report: ImageReport | undefined }> {
  const { profiles, dryRun } = options;
  const source = await openFile(image);
  let plan: RepairPlan;
  try {
    plan = await planRepair(source, { profiles });
  } finally {
    await source.close();
  }
  announce(image, plan, options, output);
  if (dryRun || plan.steps.length === 0) return { repair: { done: false, ...plan }, report: plan.before };
  return interruptible(async (signal) => {
    const target = await openFileForWriting(image);
    try {
      // Planned again: only now is no other writer possible.
      const { plan: done } = await repairImage(target, { signal });
      return { repair: { done: true, ...done }, report: undefined };
    } finally {
      await target.close();
    }
  });
}
