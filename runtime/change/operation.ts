/** Operations on a sound image: a pending log is replayed first, and all changes are those of a session. */
import { requireBoolean, requireFunction, requireOptions } from '../base/arguments.js';
import type { SignalOptions } from '../base/options.js';
import { InternalError } from '../errors/internal-error.js';
import { requireWritable, throwOnHarm } from '../errors/findings.js';
import { type BatSurvey, surveyBat } from '../image/bat-survey.js';
import { FileSpace } from '../image/file-space.js';
import { readVhdx, type VhdxImage } from '../image/open.js';
import type { ByteSource } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import type { Operation, PlanParts } from './apply.js';
import type { ApplyOptions, ChangeOperation, PlanOptions, PlanRefusal, PlanStep } from './plan.js';
import { replayStep } from './replay.js';
import { type PreparedReplay, replayOf, replayPending } from './replay-work.js';
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
  /** If there are any, nothing is done. */
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

/** A way to change sound images, with all that was asked for. */
export interface Change<Detail extends object> {
  readonly name: ChangeOperation;
  /**
   * Makes the job of an image; reads only. The same image gives the same job each time: without a pending log when it is
   * run, and perhaps with one before.
   */
  readonly prepare: (subject: ChangeSubject, options: SignalOptions) => Promise<Job<Detail>>;
}

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

/** The operation that does the jobs of a change; what changes contents is refused if there are children, unless forced. */
export function sessionOperation<Detail extends object>(
  change: Change<Detail>,
  planning: PlanOptions = {},
): Operation<Detail> {
  requireOptions(planning);
  requireFunction(planning.findChildren, 'findChildren');
  requireBoolean(planning.force, 'force');
  return {
    name: change.name,
    plan: async (source, options) => planJob(source, change, planning, options),
    run: (target, options, replay) => runJob(target, change, options, replay),
  };
}

async function planJob<Detail extends object>(
  source: ByteSource,
  { prepare }: Change<Detail>,
  planning: PlanOptions,
  options: SignalOptions,
): Promise<PlanParts<Detail>> {
  const subject = await readSubject(source, options);
  const { image } = subject;
  const job = await prepare(subject, options);
  const { steps, notices = [], changesContents, detail } = job;
  const refusals = [...(job.refusals ?? []), ...(await childrenRefusals(job, planning, options))];
  if (refusals.length > 0) return { steps: [], refusals, notices, replaysLog: false, changesContents, detail };
  // Also where nothing else is to be done: an operation that was interrupted may have left a log.
  const replay = replayOf(image);
  const step = replayStep(replay);
  return {
    steps: step === undefined ? steps : [step, ...steps],
    refusals,
    notices,
    replaysLog: step !== undefined,
    changesContents,
    newFileSize: job.newFileSize ?? image.view.size,
    detail,
    replay,
  };
}

async function childrenRefusals(
  { changesContents, steps, refusals = [] }: Job,
  { findChildren, force = false }: PlanOptions,
  options: SignalOptions,
): Promise<PlanRefusal[]> {
  const isHarmless = !changesContents || steps.length === 0 || refusals.length > 0;
  if (isHarmless || force || findChildren === undefined) return [];
  const children = await findChildren(options);
  if (children.length === 0) return [];
  return [
    {
      code: 'VHDX_CHANGE_PARTS_CHILDREN',
      message: `Other images have this one for their parent, and would lose it: ${children.join(', ')}.`,
      remedy:
        'Merge them first (vhdx merge), or use --force if they are not needed, or are to be reconnected with vhdx rebase --ignore-id-mismatch.',
    },
  ];
}

async function runJob(
  target: ByteTarget,
  { prepare }: Change<object>,
  options: ApplyOptions,
  replay: PreparedReplay | undefined,
): Promise<void> {
  const { signal, onProgress } = options;
  const replayed = await replayPending(target, { signal, onProgress }, replay);
  const subject = await readSubject(target, { signal });
  if (subject.image.log.state !== 'clean') throw new InternalError('the log is pending after its replay');
  const job = await prepare(subject, { signal });
  if (job.steps.length === 0) return;
  const session = await ChangeSession.open(target, subject.image, FileSpace.of(subject.image, subject.survey), {
    ...options,
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
}
