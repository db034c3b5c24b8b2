import { catalogue, codes, decidedBy, type VhdxCode } from '../errors/codes.js';
import { isSourceError, VhdxError } from '../errors/errors.js';
import { guidsEqual, parseGuid } from '../base/guid.js';
import type { CopyIndex, DamagedCopy } from '../format/copies.js';
import type { HeaderCopy } from '../format/header.js';
import { requireHeaderUpdates, updateHeaders } from '../format/header-update.js';
import { HEADER_OFFSETS, REGION_TABLE_OFFSETS, REGION_TABLES_END } from '../base/limits.js';
import { randomGuid } from '../base/random-guid.js';
import { planLogReplay, replayLog, type ReplayPlan } from './replay.js';
import { type ByteSource, readExactly, type SourceReadOptions } from '../io/byte-source.js';
import type { ByteTarget } from '../io/byte-target.js';
import { type Bytes, toByteSource } from '../io/to-byte-source.js';
import { requireTarget } from '../io/to-byte-target.js';
import { countText, hex, MIB, roundUp, sizeText } from '../base/units.js';
import type { Walk } from '../image/walk.js';
import { type CheckOptions, type CheckReport, checkImage, examineImage } from '../check/check.js';
import { newerLogDoubt } from '../check/header-doubt.js';

/** What a repair can do. */
export type RepairKind = 'replay-log' | 'restore-header' | 'restore-region-table' | 'extend-file';

/** One step of a repair. */
export interface RepairAction {
  readonly kind: RepairKind;
  /** The finding that it puts right. */
  readonly code: VhdxCode;
  readonly rule: string;
  /** First byte in the file that it is about. */
  readonly fileOffset: number;
  /** How many bytes it is about; of a log the bytes that its replay writes. */
  readonly length: number;
  /** What is done, in one sentence. */
  readonly message: string;
}

/** A finding that a repair would put right if there was no doubt how, or nothing in the way. */
export interface RepairRefusal {
  readonly code: VhdxCode;
  readonly rule: string;
  readonly fileOffset: number;
  /** Why it is left as it is, in one sentence. */
  readonly message: string;
}

/** What a repair would do. */
export interface RepairPlan {
  /** In the order in which they are done; empty if there is nothing to do. */
  readonly actions: readonly RepairAction[];
  readonly refusals: readonly RepairRefusal[];
  /** The image as it is before the repair. */
  readonly before: CheckReport;
}

/** What a repair has done. */
export interface RepairReport extends RepairPlan {
  /** The image as it is after the repair; the same as `before` if there was nothing to do. */
  readonly after: CheckReport;
}

export interface RepairOptions extends CheckOptions {
  /** Instead of a random one. */
  readonly fileWriteGuid?: string | undefined;
}

interface Job extends RepairPlan {
  /** The header to go on from; there is one if there is an action. */
  readonly current: HeaderCopy | undefined;
  readonly replay: boolean;
  /** The damaged copy of the region table. */
  readonly table: CopyIndex | undefined;
  /** Length of the file in bytes afterwards; `undefined` if it stays as it is. */
  readonly newFileSize: number | undefined;
}

/** An error in the file or the current header: all that follows depends on it, so nothing is written. */
function hasDecisiveError({ groups }: CheckReport): boolean {
  return groups.some(({ code, severity }) => severity === 'error' && decidedBy(code) === 'headers');
}

/** Collects what is to be done, and what is not, in the order of the work. */
class Planner {
  readonly actions: RepairAction[] = [];
  readonly refusals: RepairRefusal[] = [];

  act(kind: RepairKind, code: VhdxCode, place: { fileOffset: number; length: number }, message: string): void {
    const { fileOffset, length } = place;
    this.actions.push({ kind, code, rule: codes[code].rule, fileOffset, length, message });
  }

  refuse(code: VhdxCode, fileOffset: number, message: string): void {
    this.refusals.push({ code, rule: codes[code].rule, fileOffset, message });
  }
}

/** The replay of a pending log; `undefined` if it must not be done, which the plan then says. */
async function planReplay(
  source: ByteSource,
  walk: Walk,
  planner: Planner,
  options: SourceReadOptions,
): Promise<ReplayPlan | undefined> {
  let plan: ReplayPlan;
  const at = walk.log?.place?.fileOffset ?? 0;
  try {
    plan = await planLogReplay(source, options);
  } catch (error) {
    if (!(error instanceof VhdxError) || isSourceError(error)) throw error;
    planner.refuse('VHDX_LOG_PENDING', at, `The log cannot be replayed: ${error.message}`);
    return undefined;
  }
  const { entryCount = 0 } = plan.log.sequence ?? {};
  const { fileSize, newFileSize } = plan;
  const growth =
    newFileSize === fileSize ? '' : `; the file grows from ${sizeText(fileSize)} to ${sizeText(newFileSize)}`;
  planner.act(
    'replay-log',
    'VHDX_LOG_PENDING',
    { fileOffset: at, length: plan.bytes },
    `Replay the log at ${hex(at)}: ${countText(entryCount, 'entry', 'entries')}, ${sizeText(plan.bytes)} to write to their places${growth} (2.3.3).`,
  );
  return plan;
}

/** A6, unless the file has lost its end. */
function planLength(report: CheckReport, walk: Walk, fileSize: number, planner: Planner): number | undefined {
  const newFileSize = roundUp(fileSize, MIB);
  if (newFileSize === fileSize) return undefined;
  const code = 'VHDX_FILE_LENGTH_UNALIGNED';
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
    const doubt = await newerLogDoubt(source, current, header.index, walk.log?.place, options);
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
  );
}

/** C1 */
function planTable({ table }: Damage, planner: Planner): void {
  if (table === undefined) return;
  const [from, to] = [REGION_TABLE_OFFSETS[table.index === 0 ? 1 : 0], REGION_TABLE_OFFSETS[table.index]];
  planner.act(
    'restore-region-table',
    table.damage.code,
    { fileOffset: to, length: REGION_TABLE_OFFSETS[1] - REGION_TABLE_OFFSETS[0] },
    `Copy the region table at ${hex(from)} over the damaged copy at ${hex(to)} (2.2.3).`,
  );
}

async function prepare(source: ByteSource, options: CheckOptions): Promise<Job> {
  const { report: before, walk } = await examineImage(source, options);
  const planner = new Planner();
  const job = (done: Partial<Job> = {}): Job => {
    const { actions, refusals } = planner;
    const nothing = { current: undefined, replay: false, table: undefined, newFileSize: undefined };
    return { actions, refusals, before, ...nothing, ...done };
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

  const replay = isPending ? await planReplay(source, walk, planner, options) : undefined;
  planHeader(damage, planner);
  // What is behind a log that cannot be replayed is not known: a table, or the length, may be in that log.
  const isKnown = walk.log?.state === 'clean' || replay !== undefined;
  if (!isKnown) return job({ current });
  planTable(damage, planner);
  const newFileSize = planLength(before, walk, replay?.newFileSize ?? source.size, planner);
  return job({ current, replay: replay !== undefined, table: damage.table?.index, newFileSize });
}

/**
 * Says what a repair of the image would do, and changes nothing. Only what has one right answer is mended:
 *
 * - a pending log is replayed (2.3.3);
 * - a damaged header is written anew from the valid one, which is the current one for that reason (2.2.2), unless the
 *   damaged one may have named a log that is not in its places yet;
 * - a damaged copy of the region table is written anew from the good one (2.2.3);
 * - a file whose length is no multiple of 1 MiB is extended with zeros, unless something lies past its end.
 *
 * With an error in the file, the current header or the log nothing that depends on it is mended. Costs a check. The
 * source stays open.
 *
 * @throws VhdxError as `checkImage`
 */
export async function planRepair(source: Bytes, options: CheckOptions = {}): Promise<RepairPlan> {
  const { actions, refusals, before } = await prepare(toByteSource(source), options);
  return { actions, refusals, before };
}

function newFileWriteGuid({ header }: HeaderCopy, wanted: string | undefined): string | undefined {
  if (wanted !== undefined && guidsEqual(parseGuid(wanted), header.fileWriteGuid)) {
    throw new TypeError('the new FileWriteGuid is the old one');
  }
  return wanted;
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

/**
 * Does what `planRepair` says, and checks the image again. Each step is flushed before the next begins:
 * 1. the log is replayed, see `replayLog`; without one both headers, the noncurrent or damaged one first, get a new
 *    FileWriteGuid (2.2.2: before any other modification). Either way both are valid afterwards;
 * 2. the damaged copy of the region table is written;
 * 3. the file is extended.
 *
 * Wherever it is interrupted, by a crash, a fault or `signal`, the image reads as before and has no error that it had
 * not before, and the next repair completes it; at worst the header that was being written is the damaged one then, as
 * after any interrupted header update (2.2.2.1). What a user of the disk sees does not change, so DataWriteGuid stays,
 * and children of the image keep their parent. If there is nothing to do, nothing is written. Costs two checks. The
 * target stays open.
 *
 * @throws VhdxError as `checkImage`; what `target` throws
 */
export async function repairImage(target: ByteTarget, options: RepairOptions = {}): Promise<RepairReport> {
  requireTarget(target);
  const { current, replay, table, newFileSize, ...plan } = await prepare(target, options);
  if (current === undefined || plan.actions.length === 0) return { ...plan, after: plan.before };
  const { signal } = options;
  const fileWriteGuid = newFileWriteGuid(current, options.fileWriteGuid);
  if (replay) await replayLog(target, { fileWriteGuid, signal });
  else {
    signal?.throwIfAborted();
    await updateHeaders(target, current, {
      fileWriteGuid: fileWriteGuid === undefined ? randomGuid() : parseGuid(fileWriteGuid),
    });
    await target.flush();
  }
  if (table !== undefined) {
    signal?.throwIfAborted();
    await restoreTable(target, table, { signal });
  }
  if (newFileSize !== undefined) {
    signal?.throwIfAborted();
    await target.truncate(newFileSize);
    await target.flush();
  }
  return { ...plan, after: await checkImage(target, options) };
}
