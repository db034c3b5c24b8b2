/** Plans of all kinds: what each was made by, and how it is carried out on the file that it was made for. */
import { requireFunction, requireOptions } from '../base/arguments.js';
import type { SignalOptions } from '../base/options.js';
import { VhdxError } from '../errors/errors.js';
import type { ByteSource } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { requireTarget } from '../io/to-byte-target.js';
import {
  type ApplyOptions,
  type ChangeOperation,
  type ChangePlan,
  type PlanRefusal,
  requireState,
  stateOf,
} from './plan.js';
import type { PreparedReplay } from './replay-work.js';

export type { ApplyOptions } from './plan.js';

/** What an operation makes of a file; what is the same for all plans is added to it. */
export interface PlanParts<Detail extends object> extends Pick<
  ChangePlan,
  'steps' | 'refusals' | 'notices' | 'replaysLog' | 'changesContents'
> {
  /** Length of the file in bytes afterwards; if left out, it stays as it is. */
  readonly newFileSize?: number | undefined;
  /** What the plans of the operation have beyond those of others. */
  readonly detail: Detail;
  /** The replay of the pending log, for `run`. */
  readonly replay?: PreparedReplay | undefined;
}

/** An operation with all that it was asked for: the same image gives the same plan each time. */
export interface Operation<Detail extends object> {
  readonly name: ChangeOperation;
  /** Reads only. */
  readonly plan: (source: ByteSource, options: SignalOptions) => Promise<PlanParts<Detail>>;
  /**
   * Does the steps; called only if there are any, with the file that the plan was made for. `replay`: that of the plan,
   * if it was made with this target; then the log need not be read again.
   */
  readonly run: (target: ByteTarget, options: ApplyOptions, replay?: PreparedReplay) => Promise<void>;
}

/** What has been done. */
export interface ChangeReport<Plan extends ChangePlan = ChangePlan> {
  /** The plan that has been carried out. */
  readonly plan: Plan;
  /** False if there was nothing to do; the file has not been changed then. */
  readonly changed: boolean;
  /** Length of the file in bytes. */
  readonly fileSize: number;
}

/** How each plan is carried out. */
const runs = new WeakMap<ChangePlan, (target: ByteTarget, options: ApplyOptions) => Promise<void>>();

/** Says what an operation would do to an image, and changes nothing. The source stays open. */
export async function planOperation<Detail extends object>(
  source: ByteSource,
  operation: Operation<Detail>,
  options: SignalOptions,
): Promise<ChangePlan & Detail> {
  requireOptions(options);
  const { detail, replay, ...parts } = await operation.plan(source, options);
  const fileSize = source.size;
  const plan = {
    ...detail,
    operation: operation.name,
    ...parts,
    bytes: parts.steps.reduce((sum, { bytes }) => sum + bytes, 0),
    fileSize,
    newFileSize: parts.newFileSize ?? fileSize,
    boundTo: await stateOf(source, options),
  };
  // Of another source for the same file nobody knows how long it can be read.
  runs.set(plan, (target, applying) => operation.run(target, applying, target === source ? replay : undefined));
  return plan;
}

function refused({ code, message, remedy }: PlanRefusal): VhdxError {
  return new VhdxError(code, { message: remedy === '' ? message : `${message} ${remedy}` });
}

/**
 * Carries a plan out: a pending log is replayed if the plan says so, then its steps are done, and the image is at rest.
 * FileWriteGuid is a new one before anything else is changed; DataWriteGuid only if what users of the disk see changes
 * (2.2.2).
 *
 * Wherever it is interrupted, by a crash, a fault or `signal`, the image opens, checks clean but for a pending log, and
 * reads as before or after, or as the operation says; the operation planned again completes it. The target stays open.
 *
 * @throws VhdxError VHDX_PLAN_STALE if the image is not the one that the plan was made for; the code of the plan's first
 * refusal, if it has no steps; both with nothing written; VHDX_TARGET_CHANGED if another program has written to the
 * image; what `target` throws; TypeError for a plan that was not made by this library in this process
 */
export async function applyPlan<Plan extends ChangePlan>(
  target: ByteTarget,
  plan: Plan,
  options: ApplyOptions = {},
): Promise<ChangeReport<Plan>> {
  requireOptions(options);
  requireFunction(options.onProgress, 'onProgress');
  const run = runs.get(plan);
  if (run === undefined) throw new TypeError('plan must be one that a function of this library has made');
  requireState(plan.boundTo, await stateOf(requireTarget(target), { signal: options.signal }));
  const [refusal] = plan.refusals;
  const changed = plan.steps.length > 0;
  if (changed) await run(target, options);
  else if (refusal !== undefined) throw refused(refusal);
  return { plan, changed, fileSize: target.size };
}

/** Plans an operation and carries it out at once. @throws VhdxError as `planOperation` and `applyPlan` */
export async function applyOperation<Detail extends object>(
  target: ByteTarget,
  operation: Operation<Detail>,
  options: ApplyOptions,
): Promise<ChangeReport<ChangePlan & Detail>> {
  requireOptions(options);
  const plan = await planOperation(requireTarget(target), operation, { signal: options.signal });
  return applyPlan(target, plan, options);
}
