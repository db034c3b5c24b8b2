/** Replay of a pending log into the file: the plan, and its execution in safe order. [MS-VHDX] 2.3.3 */
import type { SignalOptions } from '../base/options.js';
import { countText, sizeText } from '../base/units.js';
import type { Finding } from '../errors/findings.js';
import type { ByteSource } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import type { LogDescriptorSummary, LogSummary } from '../log/summary.js';
import { applyOperation, type ChangeReport, type Operation, type PlanParts, planOperation } from './apply.js';
import { type ApplyOptions, type ChangePlan, type PlanStep, stateOf } from './plan.js';
import { type PreparedReplay, prepareReplay, replayPending } from './replay-work.js';

/** Plan of a log replay. */
export interface ReplayPlan extends ChangePlan {
  readonly operation: 'replay';
  /** The log as it is before the replay. `clean`: there is nothing to replay. */
  readonly log: LogSummary;
  /** Writes of the descriptors, in the order of the log; without descriptors that write nothing. */
  readonly writes: readonly LogDescriptorSummary[];
  /** Other findings, judged after the replay. None of them prevents it. */
  readonly findings: readonly Finding[];
}

type ReplayDetail = Pick<ReplayPlan, 'operation' | 'log' | 'writes' | 'findings'>;

/** Result of a log replay. */
export interface ReplayReport extends ReplayPlan {
  /** False if there was nothing to replay; the file has not been changed then. */
  readonly replayed: boolean;
  /** FileWriteGuid of the headers now. */
  readonly fileWriteGuid: string;
  /** The same as before: a replay changes nothing that a user of the disk can see. */
  readonly dataWriteGuid: string;
}

export interface ReplayOptions extends SignalOptions {
  /** Instead of a random one. */
  readonly fileWriteGuid?: string | undefined;
}

/** The step that a pending log asks for; `undefined` if there is none. */
export function replayStep({ log, pieces, bytes }: PreparedReplay): PlanStep | undefined {
  if (pieces === undefined) return undefined;
  const { entryCount = 0, descriptorCount = 0 } = log.sequence ?? {};
  const entries = `${countText(entryCount, 'entry', 'entries')} with ${countText(descriptorCount, 'descriptor')}`;
  return { kind: 'replay-log', message: `Replay the pending log: ${entries}, ${sizeText(bytes)} (2.3.3).`, bytes };
}

/** Errors of the image that are no hindrance to a replay, and are not mended by it either. */
function noticesOf(findings: readonly Finding[]): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return [];
  return [`The image has ${countText(errors, 'error')} beside the log, which stay (vhdx check says more).`];
}

async function planParts(source: ByteSource, options: SignalOptions): Promise<PlanParts<ReplayDetail>> {
  const findings: Finding[] = [];
  const replay = await prepareReplay(source, options, findings);
  const step = replayStep(replay);
  return {
    steps: step === undefined ? [] : [step],
    refusals: [],
    notices: noticesOf(findings),
    replaysLog: step !== undefined,
    changesContents: false,
    newFileSize: replay.newFileSize,
    detail: { operation: 'replay', log: replay.log, findings, writes: replay.writes() },
    replay,
  };
}

const REPLAY: Operation<ReplayDetail> = {
  name: 'replay',
  plan: planParts,
  run: async (target, options, replay) => void (await replayPending(target, options, replay)),
};

/**
 * Says what a replay of the image's log would do, and changes nothing. Reads what an opener reads. The source stays
 * open. `JSON.stringify` writes the plan; see `LogSummary` for its 64-bit fields.
 *
 * @throws VhdxError with the code of the first error in file, headers or log (rules A, B, D and E);
 * VHDX_LOG_REPLAY_TOO_LARGE; VHDX_HEADER_SEQUENCE_EXHAUSTED
 */
export async function planReplay(source: Bytes, options: SignalOptions = {}): Promise<ReplayPlan> {
  return planOperation(toByteSource(source), REPLAY, options);
}

/**
 * Plans as `planReplay` and carries it out at once: replays the pending log of an image into the file itself, or does
 * nothing if LogGuid is zero. [MS-VHDX] 2.3.3
 *
 * Everything that forbids a replay is detected before the first write. Then:
 * 1. both headers, the noncurrent one first, get a new FileWriteGuid (2.2.2: before any other modification, log replay
 *   included), with a flush after the first; LogGuid stays, so that a crash from here on leads to the same replay;
 * 2. the file grows as LastFileOffset and the descriptors require, the updates of the descriptors are written, and all is
 *   flushed;
 * 3. both headers, the noncurrent one first, get LogGuid zero, with a flush after each.
 *
 * An interruption by a crash, a fault or `signal` leaves an image with the same contents, and the next replay completes
 * it. The log itself is only read. A damaged header is replaced; DataWriteGuid never changes. Regions, metadata and BAT
 * need not be valid: an opener judges them after the replay. Costs a read and a write for each descriptor, and memory
 * for each descriptor, independent of their contents. The target stays open.
 *
 * @throws VhdxError as `planReplay` and `applyPlan`; what `target` throws
 */
export async function replayImage(target: ByteTarget, options: ApplyOptions = {}): Promise<ChangeReport<ReplayPlan>> {
  return applyOperation(target, REPLAY, options);
}

/** As `planReplay` of `vhdx/change`. @throws VhdxError as that */
export async function planLogReplay(source: Bytes, options: SignalOptions = {}): Promise<ReplayPlan> {
  return planReplay(source, options);
}

/** As `replayImage` of `vhdx/change`, with the plan and the identifiers afterwards in one. @throws VhdxError as that */
export async function replayLog(target: ByteTarget, options: ReplayOptions = {}): Promise<ReplayReport> {
  const { plan, changed } = await replayImage(target, options);
  const { fileWriteGuid, dataWriteGuid } = changed ? await stateOf(target, {}) : plan.boundTo;
  return { ...plan, replayed: changed, fileWriteGuid, dataWriteGuid };
}
