/** Repair of an image at rest: the plan, its refusals, and the steps in safe order. */
import { catalogue, codes, decidedBy, type VhdxCode } from '../errors/codes.js';
import { isSourceError, VhdxError } from '../errors/errors.js';
import { InternalError } from '../errors/internal-error.js';
import { requireOptions } from '../base/arguments.js';
import { formatGuid } from '../base/guid.js';
import type { CopyIndex, DamagedCopy } from '../format/copies.js';
import type { HeaderCopy } from '../format/header.js';
import { newFileWriteGuid, requireHeaderUpdates, updateHeaders } from '../format/header-update.js';
import { HEADER_OFFSETS, REGION_TABLE_OFFSETS, REGION_TABLES_END } from '../base/limits.js';
import { forbidsReplay, type PreparedReplay, prepareReplay, replayOf, replayPending } from './replay-work.js';
import { type ByteSource, readExactly, type SourceReadOptions } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { requireTarget } from '../io/to-byte-target.js';
import { countText, hex, MIB, roundUp, sizeText } from '../base/units.js';
import type { Walk } from '../image/walk.js';
import { type CheckOptions, type CheckReport, checkImage, examineImage } from '../check/check.js';
import { lostLogReason } from '../check/lost-log.js';
import { applyPlan, type ChangeReport, type Operation, planOperation } from './apply.js';
import type { ApplyOptions, ChangePlan, PlanRefusal, PlanStep, StepKind } from './plan.js';

/** Kinds of repair steps. */
export type RepairKind = Extract<StepKind, 'replay-log' | 'restore-header' | 'restore-region-table' | 'extend-file'>;

/** One step of a repair. */
export interface RepairStep extends PlanStep {
  readonly kind: RepairKind;
  /** The finding that it puts right. */
  readonly code: VhdxCode;
  /** Rule of the finding that it repairs. */
  readonly rule: string;
  /** First byte in the file that it is about. */
  readonly fileOffset: number;
  /** Length of the affected bytes; for a log, the number of bytes that its replay writes. */
  readonly length: number;
}

/** A finding that a repair would put right if there was no doubt how, or nothing in the way. */
export interface RepairRefusal extends PlanRefusal {
  /** Rule of the finding. */
  readonly rule: string;
  /** File offset of the finding in bytes. */
  readonly fileOffset: number;
}

/** Plan of a repair. */
export interface RepairPlan extends ChangePlan {
  readonly operation: 'repair';
  /** In the order in which they are done; empty if there is nothing to do. */
  readonly steps: readonly RepairStep[];
  /** Findings that cannot be repaired; the steps are done all the same. */
  readonly refusals: readonly RepairRefusal[];
  /** The image as it is before the repair. */
  readonly before: CheckReport;
}

type RepairDetail = Pick<RepairPlan, 'operation' | 'steps' | 'refusals' | 'before'>;

/** Result of a repair. */
export interface RepairReport extends ChangeReport<RepairPlan> {
  /** The image as it is after the repair; the same as `plan.before` if there was nothing to do. */
  readonly after: CheckReport;
}

/** How an image is to be repaired: the options of the checks before and after, and those of every change. */
export interface RepairOptions extends CheckOptions, ApplyOptions {}

interface PreparedRepair extends Omit<RepairDetail, 'operation'> {
  /** The header to go on from; there is one if there is an action. */
  readonly current: HeaderCopy | undefined;
  /** The replay of the log, if that is a step. */
  readonly replay: PreparedReplay | undefined;
  /** The damaged copy of the region table. */
  readonly table: CopyIndex | undefined;
  /** Length of the file in bytes afterwards; `undefined` if it stays as it is. */
  readonly newFileSize: number | undefined;
}

/** An error in the file or the current header: all that follows depends on it, so nothing is written. */
function hasDecisiveError({ groups }: CheckReport): boolean {
  return groups.some(({ code, severity }) => severity === 'error' && decidedBy(code) === 'headers');
}

/** Collects the steps and the refusals, in the order of the work. */
class Planner {
  readonly steps: RepairStep[] = [];
  /** Findings that cannot be repaired. */
  readonly refusals: RepairRefusal[] = [];

  /** `bytes`: how many are written, if it is more than a header. */
  act(
    kind: RepairKind,
    code: VhdxCode,
    place: { fileOffset: number; length: number },
    message: string,
    bytes: number,
  ): void {
    const { fileOffset, length } = place;
    this.steps.push({ kind, code, rule: codes[code].rule, fileOffset, length, message, bytes });
  }

  refuse(code: VhdxCode, fileOffset: number, message: string): void {
    this.refusals.push({ code, rule: codes[code].rule, fileOffset, message, remedy: '' });
  }
}

/** The replay of a pending log; `undefined` if it must not be done, which the plan then says. */
async function planLog(
  source: ByteSource,
  { report, walk }: { readonly report: CheckReport; readonly walk: Walk },
  planner: Planner,
  options: SourceReadOptions,
): Promise<PreparedReplay | undefined> {
  let replay: PreparedReplay;
  const at = walk.log?.place?.fileOffset ?? 0;
  try {
    // Read again only to say why it must not be done.
    replay = report.groups.some(forbidsReplay) ? await prepareReplay(source, options) : replayOf(walk);
  } catch (error) {
    if (!(error instanceof VhdxError) || isSourceError(error)) throw error;
    planner.refuse('VHDX_LOG_PENDING', at, `The log cannot be replayed: ${error.message}`);
    return undefined;
  }
  const { entryCount = 0 } = replay.log.sequence ?? {};
  const fileSize = source.size;
  const { bytes, newFileSize } = replay;
  const growth =
    newFileSize === fileSize ? '' : `; the file grows from ${sizeText(fileSize)} to ${sizeText(newFileSize)}`;
  planner.act(
    'replay-log',
    'VHDX_LOG_PENDING',
    { fileOffset: at, length: bytes },
    `Replay the log at ${hex(at)}: ${countText(entryCount, 'entry', 'entries')}, ${sizeText(bytes)} to write to their places${growth} (2.3.3).`,
    bytes,
  );
  return replay;
}

/** A6, unless the file has lost its end. */
function planLength(report: CheckReport, walk: Walk, fileSize: number, planner: Planner): number | undefined {
  const newFileSize = roundUp(fileSize, MIB);
  if (newFileSize === fileSize) return undefined;
  const code = 'VHDX_FILE_LENGTH_UNALIGNED';
  if (!Number.isSafeInteger(newFileSize)) {
    planner.refuse(code, fileSize, 'The file is not extended: the next whole MiB is past 2^53 bytes.');
    return undefined;
  }
  // Zeros in the place of what is missing would hide that. What only the part of the last block past the end of the disk
  // lacks is of no use to anybody (I8, a warning).
  const isCutOff = (found: { code: VhdxCode; severity: string }): boolean =>
    catalogue[found.code].cutsOff === true &&
    !(found.code === 'VHDX_BAT_BLOCK_BEYOND_END' && found.severity === 'warning');
  const past = report.groups.find(isCutOff);
  if (past !== undefined) {
    planner.refuse(
      code,
      fileSize,
      `The file is not extended: its end seems to be missing (${past.code}), and zeros would hide that.`,
    );
    return undefined;
  }
  if (walk.bat === undefined || report.space === undefined) {
    planner.refuse(code, fileSize, 'The file is not extended: it cannot be told whether its end is missing.');
    return undefined;
  }
  planner.act(
    'extend-file',
    code,
    { fileOffset: fileSize, length: newFileSize - fileSize },
    `Extend the file with zeros from ${fileSize} to ${newFileSize} bytes, a whole number of MiB.`,
    0,
  );
  return newFileSize;
}

/** What there may be to repair in an image that has a current header. */
interface Damage {
  readonly current: HeaderCopy;
  readonly header: DamagedCopy | undefined;
  readonly table: DamagedCopy | undefined;
  readonly isPending: boolean;
}

/** What forbids every header update, and with it every repair; the plan then says so. False if nothing does. */
async function isForbidden(
  source: ByteSource,
  walk: Walk,
  { current, header, isPending }: Damage,
  planner: Planner,
  options: SourceReadOptions,
): Promise<boolean> {
  if (header !== undefined) {
    const doubt = await lostLogReason(source, current, header.index, walk.log?.place, options);
    if (doubt !== undefined) {
      // Any header update would write over the damaged copy.
      planner.refuse(header.damage.code, HEADER_OFFSETS[header.index], `Nothing is written: ${doubt}.`);
      return true;
    }
  }
  try {
    // One update announces a replay, one ends it; any other repair needs one.
    requireHeaderUpdates(current, isPending ? 2 : 1);
    return false;
  } catch (error) {
    if (!(error instanceof VhdxError)) throw error;
    planner.refuse(error.code, current.place.fileOffset, `Nothing is written: ${error.message}`);
    return true;
  }
}

/** B1, B2: the damaged header is written as part of the first header update. */
function planHeader({ current, header }: Damage, planner: Planner): void {
  if (header === undefined) return;
  const fileOffset = HEADER_OFFSETS[header.index];
  planner.act(
    'restore-header',
    header.damage.code,
    { fileOffset, length: current.bytes.length },
    `Restore header ${header.index + 1} at ${hex(fileOffset)} from header ${current.index + 1}, the only valid one and so the current one (2.2.2).`,
    0,
  );
}

/** C1 */
function planTable({ table }: Damage, planner: Planner): void {
  if (table === undefined) return;
  const [from, to] = [REGION_TABLE_OFFSETS[table.index === 0 ? 1 : 0], REGION_TABLE_OFFSETS[table.index]];
  const length = REGION_TABLE_OFFSETS[1] - REGION_TABLE_OFFSETS[0];
  planner.act(
    'restore-region-table',
    table.damage.code,
    { fileOffset: to, length },
    `Copy the region table at ${hex(from)} over the damaged copy at ${hex(to)} (2.2.3).`,
    length,
  );
}

async function prepare(source: ByteSource, options: CheckOptions): Promise<PreparedRepair> {
  const { report: before, walk } = await examineImage(source, options);
  const planner = new Planner();
  const job = (done: Partial<PreparedRepair> = {}): PreparedRepair => {
    const { steps, refusals } = planner;
    const nothing = { current: undefined, replay: undefined, table: undefined, newFileSize: undefined };
    return { steps, refusals, before, ...nothing, ...done };
  };
  // Of an unfit header, and of a file without one, there is nothing to go on from; the findings say so.
  const current = walk?.header;
  if (walk === undefined || current === undefined) return job();
  const isPending = walk.log?.state === 'pending';
  const damage = { current, header: walk.damagedHeader, table: walk.regions?.damagedCopy, isPending };
  const isDamaged = damage.header !== undefined || damage.table !== undefined;
  if (!isDamaged && !isPending && source.size % MIB === 0) return job();
  if (hasDecisiveError(before)) return job();
  if (await isForbidden(source, walk, damage, planner, options)) return job();

  const replay = isPending ? await planLog(source, { report: before, walk }, planner, options) : undefined;
  planHeader(damage, planner);
  // What is behind a log that cannot be replayed is not known: a table, or the length, may be in that log.
  const isKnown = walk.log?.state === 'clean' || replay !== undefined;
  if (!isKnown) return job({ current });
  planTable(damage, planner);
  const newFileSize = planLength(before, walk, replay?.newFileSize ?? source.size, planner);
  return job({ current, replay, table: damage.table?.index, newFileSize });
}

/**
 * Restores one copy of the region table. Updates of the tables go through the log (2.2.3), so that a crash cannot leave
 * both of them torn; here nothing is updated: the good copy is only read, and until the other one is whole again it is
 * as damaged as it was.
 */
async function restoreTable(target: ByteTarget, damaged: CopyIndex, options: SourceReadOptions): Promise<void> {
  const length = REGION_TABLES_END - REGION_TABLE_OFFSETS[1];
  const good = await readExactly(target, REGION_TABLE_OFFSETS[damaged === 0 ? 1 : 0], length, options);
  await target.write(good, REGION_TABLE_OFFSETS[damaged]);
  await target.flush();
}

/** Does the steps, each of which is flushed before the next one begins. */
async function run(target: ByteTarget, checking: CheckOptions, options: ApplyOptions): Promise<void> {
  const { signal, onProgress } = options;
  const { current, replay, table, newFileSize } = await prepare(target, { ...checking, signal });
  if (current === undefined) throw new InternalError('a repair has steps, but no current header');
  const fileWriteGuid = newFileWriteGuid(current.header, options.fileWriteGuid);
  if (replay === undefined) {
    signal?.throwIfAborted();
    await updateHeaders(target, current, { fileWriteGuid });
    await target.flush();
  } else await replayPending(target, { ...options, fileWriteGuid: formatGuid(fileWriteGuid) }, replay);
  if (table !== undefined) {
    signal?.throwIfAborted();
    await restoreTable(target, table, { signal });
    onProgress?.((replay?.bytes ?? 0) + REGION_TABLES_END - REGION_TABLE_OFFSETS[1]);
  }
  if (newFileSize === undefined) return;
  signal?.throwIfAborted();
  await target.truncate(newFileSize);
  await target.flush();
}

/** `checking`: of the check that finds what there is to be repaired. */
function operationOf(checking: CheckOptions): Operation<RepairDetail> {
  return {
    name: 'repair',
    plan: async (source, { signal }) => {
      const { steps, refusals, before, replay, newFileSize } = await prepare(source, { ...checking, signal });
      return {
        steps,
        refusals,
        notices: [],
        replaysLog: replay !== undefined,
        changesContents: false,
        newFileSize: newFileSize ?? replay?.newFileSize,
        detail: { operation: 'repair', steps, refusals, before },
      };
    },
    run: (target, options) => run(target, checking, options),
  };
}

/**
 * Plans the repair of an image and changes nothing. Only repairs with a single correct result are planned:
 *
 * - a pending log is replayed (2.3.3);
 * - a damaged header is rewritten from the valid one, which is then the current one (2.2.2), unless the damaged one may
 *   have named a log that has not been applied yet;
 * - a damaged copy of the region table is rewritten from the valid one (2.2.3);
 * - a file whose length is not a multiple of 1 MiB is extended with zeros, unless something lies past its end.
 *
 * If the file, the current header or the log has an error, nothing that depends on it is repaired. Costs a check. The
 * source stays open.
 *
 * `applyPlan` carries the plan out. Each step is flushed before the next begins:
 * 1. the log is replayed, see `replayImage`; without a pending log both headers, the noncurrent or damaged one first, get
 *   a new FileWriteGuid (2.2.2: before any other modification). Both are valid afterwards in either case;
 * 2. the damaged copy of the region table is rewritten;
 * 3. the file is extended.
 *
 * @throws VhdxError as `checkImage`
 */
export async function planRepair(source: Bytes, options: CheckOptions = {}): Promise<RepairPlan> {
  requireOptions(options);
  return planOperation(toByteSource(source), operationOf(options), { signal: options.signal });
}

/**
 * Plans as `planRepair`, carries it out at once, and checks the image again.
 *
 * An interruption by a crash, a fault or `signal` leaves an image that reads as before and has no new error, and the
 * next repair completes it; at worst the header being written is damaged, as after any interrupted header update
 * (2.2.2.1). The contents of the disk and DataWriteGuid do not change, so children of the image keep their parent. If
 * there is nothing to repair, nothing is written, whatever is refused. Costs two checks. The target stays open.
 *
 * @throws VhdxError as `checkImage`; what `target` throws
 */
export async function repairImage(target: ByteTarget, options: RepairOptions = {}): Promise<RepairReport> {
  const plan = await planRepair(requireTarget(target), options);
  if (plan.steps.length === 0) return { plan, changed: false, fileSize: target.size, after: plan.before };
  return { ...(await applyPlan(target, plan, options)), after: await checkImage(target, options) };
}
