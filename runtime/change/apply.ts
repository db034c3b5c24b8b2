/** Applies a plan: refuses a stale one, replays a pending log, and carries out the operation in a session. */
import { requireFunction, requireOptions } from '../base/arguments.js';
import type { SignalOptions } from '../base/options.js';
import { countText, sizeText } from '../base/units.js';
import { VhdxError } from '../errors/errors.js';
import { InternalError } from '../errors/internal-error.js';
import { requireWritable, throwOnHarm } from '../errors/findings.js';
import { type BatSurvey, surveyBat } from '../image/bat-survey.js';
import { FileSpace } from '../image/file-space.js';
import { readVhdx, type VhdxImage } from '../image/open.js';
import type { ByteSource } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { requireTarget } from '../io/to-byte-target.js';
import {
  type ApplyOptions,
  type ChangeOperation,
  type ChangePlan,
  type PlanRefusal,
  type PlanStep,
  requireState,
  stateOf,
} from './plan.js';
import { planLogReplay, replayLog } from './replay.js';
import { ChangeSession } from './session.js';

/** An image that is to be changed: sound, and with what its BAT says of the file. */
export interface ChangeSubject {
  /** As it is after the replay of a pending log. */
  readonly image: VhdxImage;
  readonly survey: BatSurvey;
}

/** What an operation makes of an image: the parts of its plan, and the work. */
export interface Job<Detail extends object = object> {
  readonly steps: readonly PlanStep[];
  readonly refusals?: readonly PlanRefusal[];
  readonly notices?: readonly string[];
  readonly changesContents: boolean;
  /** Length of the file in bytes afterwards; if left out, it stays as it is. */
  readonly newFileSize?: number;
  /** What the plans of the operation have beyond those of others. */
  readonly detail: Detail;
  /** Does the work; called only if there are steps and no refusals. The log is ended behind it. */
  readonly run: (session: ChangeSession) => Promise<void>;
}

/** An operation with all that it was asked for: the same image gives the same job each time. */
export interface Operation<Detail extends object = object> {
  readonly name: ChangeOperation;
  /** Reads only. The image is without a pending log when the job is run, and may be with one before. */
  readonly prepare: (subject: ChangeSubject, options: SignalOptions) => Promise<Job<Detail>>;
}

export type { ApplyOptions } from './plan.js';

/** What has been done. */
export interface ChangeReport<Plan extends ChangePlan = ChangePlan> {
  /** The plan that has been carried out. */
  readonly plan: Plan;
  /** False if there was nothing to do; the file has not been changed then. */
  readonly changed: boolean;
  /** Length of the file in bytes. */
  readonly fileSize: number;
}

/** What each plan was made by. */
const operations = new WeakMap<ChangePlan, Operation>();

/**
 * Reads an image that is to be changed.
 *
 * @throws VhdxError the code of the first finding of severity `error` or `refuse-write`, but for a pending log
 */
export async function readSubject(source: ByteSource, options: SignalOptions): Promise<ChangeSubject> {
  const image = await readVhdx(source, options);
  requireWritable(image.findings, 'VHDX_LOG_PENDING');
  return { image, survey: await surveyBat(image, throwOnHarm(), options) };
}

/** The step that a pending log asks for; `undefined` if it has none. */
async function replayStep(source: ByteSource, image: VhdxImage, options: SignalOptions): Promise<PlanStep | undefined> {
  if (image.log.state !== 'pending') return undefined;
  const { bytes, log } = await planLogReplay(source, options);
  const entries = countText(log.sequence?.entryCount ?? 0, 'entry', 'entries');
  return { kind: 'replay-log', message: `Replay the pending log: ${entries}, ${sizeText(bytes)} (2.3.3).`, bytes };
}

/**
 * Says what an operation would do to an image, and changes nothing. The source stays open.
 *
 * @throws VhdxError as `openVhdx`; the code of the first finding that forbids writing
 */
export async function planOperation<Detail extends object>(
  source: ByteSource,
  operation: Operation<Detail>,
  options: SignalOptions = {},
): Promise<ChangePlan & Detail> {
  requireOptions(options);
  const subject = await readSubject(source, options);
  const plan = await planFor(source, subject, operation, options);
  operations.set(plan, operation);
  return plan;
}

async function planFor<Detail extends object>(
  source: ByteSource,
  subject: ChangeSubject,
  operation: Operation<Detail>,
  options: SignalOptions,
): Promise<ChangePlan & Detail> {
  const { image } = subject;
  const job = await operation.prepare(subject, options);
  const { refusals = [], notices = [], changesContents, detail } = job;
  const replay = await replayStep(source, image, options);
  // Also where nothing else is to be done: an operation that was interrupted may have left it.
  const steps = replay === undefined ? job.steps : [replay, ...job.steps];
  const fileSize = image.view.size;
  return {
    ...detail,
    operation: operation.name,
    steps,
    refusals,
    notices,
    replaysLog: replay !== undefined,
    changesContents,
    bytes: steps.reduce((sum, { bytes }) => sum + bytes, 0),
    fileSize,
    newFileSize: job.newFileSize ?? fileSize,
    boundTo: await stateOf(image, options),
  };
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
 * refusal; both with nothing written; VHDX_TARGET_CHANGED if another program has written to the image; what `target`
 * throws; TypeError for a plan that was not made by this library in this process
 */
export async function applyPlan<Plan extends ChangePlan>(
  target: ByteTarget,
  plan: Plan,
  options: ApplyOptions = {},
): Promise<ChangeReport<Plan>> {
  requireOptions(options);
  requireFunction(options.onProgress, 'onProgress');
  const operation = operations.get(plan);
  if (operation === undefined) throw new TypeError('plan must be one that a function of this library has made');
  const { signal, fileWriteGuid, onProgress } = options;
  let subject = await readSubject(requireTarget(target), { signal });
  requireState(plan.boundTo, await stateOf(subject.image, { signal }));
  const [refusal] = plan.refusals;
  if (refusal !== undefined) throw refused(refusal);
  if (plan.steps.length === 0) return { plan, changed: false, fileSize: target.size };
  let replayed = 0;
  if (subject.image.log.state === 'pending') {
    replayed = (await replayLog(target, { signal })).bytes;
    onProgress?.(replayed);
    subject = await readSubject(target, { signal });
    if (subject.image.log.state !== 'clean') throw new InternalError('the log is pending after its replay');
  }
  const job = await operation.prepare(subject, { signal });
  if (job.steps.length === 0) return { plan, changed: true, fileSize: target.size };
  const session = await ChangeSession.open(target, subject.image, FileSpace.of(subject.image, subject.survey), {
    ...options,
    fileWriteGuid,
    onProgress: onProgress === undefined ? undefined : (bytes) => onProgress(replayed + bytes),
  });
  try {
    await job.run(session);
  } catch (error) {
    // Why it was given up is what counts.
    await session.giveUp().catch(() => undefined);
    throw error;
  }
  await session.rest();
  return { plan, changed: true, fileSize: target.size };
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
