/** `vhdx check`: checks images, several at once, and writes the reports that are wanted. */
import { resolve } from 'node:path';
import { fails } from 'ksy-ts/reports';
import type { Profile } from '../../index.js';
import { endBy, Interrupted, interruptible, untilAborted } from '../interrupt.js';
import { ExitCode, exitCodeOfVerdict, worse } from '../exit-codes.js';
import { faultLine, reportFailure } from '../error-report.js';
import type { ResultCache } from '../cache/result-cache.js';
import type { Examination } from '../fleet/examine.js';
import { startExaminer } from '../fleet/examiner.js';
import { inOrder } from '../fleet/in-order.js';
import { inputsOf, parseShard, type ShardBy } from '../fleet/shard.js';
import { type Judge, openJudge } from '../policy/judge.js';
import { type CheckInput, type CheckInputs, findInputs } from '../inputs/find-inputs.js';
import { readHomepage, readVersion } from '../manifest.js';
import type { Output } from '../output.js';
import { type Progress, showImageProgress } from '../progress.js';
import { findLocations } from '../reports/locations.js';
import type { FailOn, ImageReport, Outcome, ReportContext } from '../reports/outcome.js';
import { ReportSet } from '../reports/report-set.js';
import { verdictText } from '../reports/verdict-text.js';
import { type WantedReport, wantedReports } from '../reports/wanted.js';
import { isUrl } from '../sources/image-name.js';
import type { SourceCommandOptions } from '../sources/open-source.js';
import { countText } from '../text.js';
import { UsageError } from '../usage-error.js';
import { type CheckJob, outcomeOf } from './check-image.js';

export interface CheckCommandOptions extends SourceCommandOptions {
  readonly format?: readonly WantedReport[];
  readonly output?: string;
  readonly failOn: FailOn;
  readonly profile?: readonly Profile[];
  readonly maxFindings?: number;
  readonly allRules?: true;
  /** The configuration file; false for none. */
  readonly config?: string | false;
  readonly ignore?: readonly string[];
  readonly baseline?: string;
  readonly updateBaseline?: true;
  /** The file that remembers clean images; false for none. */
  readonly cache?: string | false;
  /** False for a report that is the same each time. */
  readonly times: boolean;
  readonly fromFile?: readonly string[];
  readonly exclude?: readonly string[];
  readonly jobs?: number;
  /** `K/N` or `auto`. */
  readonly shard?: string;
  readonly shardBy: ShardBy;
  readonly chain?: true;
  readonly parent?: string;
  readonly parentRoot?: readonly string[];
  readonly repair?: true;
  readonly dryRun?: true;
}

/** The exit code of a report. A file that is no VHDX has it under any `failOn` but `none`. */
function exitCodeOfReport({ verdict, counts }: Pick<ImageReport, 'verdict' | 'counts'>, failOn: FailOn): ExitCode {
  if (failOn === 'none') return ExitCode.CLEAN;
  const code = exitCodeOfVerdict(verdict);
  // Nothing that counts: it is known what the file is.
  if (verdict === 'not-vhdx' && counts.error === 0) return ExitCode.CLEAN;
  if (code === ExitCode.NEEDS_ATTENTION && !fails('refuse-write', failOn)) return ExitCode.CLEAN;
  if (code === ExitCode.CLEAN && fails('warning', failOn) && counts.warning > 0) return ExitCode.NEEDS_ATTENTION;
  return code;
}

/** Why the exit code of an image is not zero: the first of its worst findings. */
function reasonLine(image: string, { verdict, counts, findings }: ImageReport): string {
  const severity = (['error', 'refuse-write', 'warning'] as const).find((each) => counts[each] > 0);
  const worst = findings.find((found) => found.severity === severity);
  if (worst === undefined) return `${image}: ${verdictText(verdict)}`;
  // The message of a file that is no VHDX says so itself; a clean image is here for its warnings alone.
  if (verdict === 'not-vhdx') return faultLine(image, worst);
  const what = verdict === 'clean' ? countText(counts.warning, 'warning') : verdictText(verdict);
  const parent = worst.image === undefined ? '' : `, in its parent ${worst.image}`;
  return faultLine(`${image}: ${what}${parent}`, worst);
}

/** The options, with what they mean for the parents: a folder to check is one that they may be in. */
function examinationOf(options: CheckCommandOptions, { folders }: CheckInputs): Examination {
  const {
    chain,
    parent,
    parentRoot,
    profile: profiles = ['spec'],
    header,
    netrc,
    retries,
    timeout,
    maxBytes,
  } = options;
  return {
    profiles,
    ...(parent === undefined ? {} : { parent }),
    chain: chain === true || parent !== undefined || parentRoot !== undefined,
    parentRoots: [...(parentRoot ?? []), ...folders],
    header,
    netrc,
    ...(retries === undefined ? {} : { retries }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
  };
}

/** Writes the summary of the step where the runner of a GitHub job wants one; tells how that went. */
async function writeSummary(
  outcomes: readonly Outcome[],
  failOn: FailOn,
  output: Output,
): Promise<'none' | 'written' | 'failed'> {
  const file = process.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return 'none';
  const { appendSummary } = await import('../reports/github.js');
  try {
    appendSummary(outcomes, file, failOn);
    return 'written';
  } catch (error) {
    output.error(`cannot write the summary: ${error instanceof Error ? error.message : String(error)}`);
    return 'failed';
  }
}

/** What goes to standard error for an image that makes the exit code nonzero; returns the code. */
function reportOutcome(outcome: Outcome, failOn: FailOn, output: Output): ExitCode {
  const { image, report } = outcome;
  if (report === undefined) return reportFailure(outcome.error, image, output);
  const code = exitCodeOfReport(report, failOn);
  if (code !== ExitCode.CLEAN) output.error(reasonLine(image, report));
  const failure = report.repair?.failure;
  return failure === undefined ? code : worse(code, reportFailure(failure, image, output));
}

/** @throws UsageError for headers that cannot be, before any image is looked at */
async function requireHeaders(inputs: readonly CheckInput[], options: CheckCommandOptions): Promise<void> {
  const address = inputs.find(({ image }) => isUrl(image) && URL.canParse(image));
  if (address === undefined) return;
  const { headersFor } = await import('../sources/http-headers.js');
  headersFor(new URL(address.image), options, process.env);
}

/** @throws UsageError for a cache that cannot be */
async function cacheFor(
  examination: Examination,
  run: {
    readonly options: CheckCommandOptions;
    readonly wanted: readonly WantedReport[];
    /** The file in the configuration. */
    readonly configured: string | undefined;
    readonly output: Output;
  },
): Promise<ResultCache | undefined> {
  const { options, wanted, configured, output } = run;
  if ((options.cache ?? configured) === undefined || options.cache === false) return undefined;
  const { openCache } = await import('../cache/result-cache.js');
  const cache = openCache(options, configured, examination, output);
  if (cache !== undefined && wanted.some(({ file }) => file !== undefined && resolve(file) === resolve(cache.file)))
    throw new UsageError(`a report and the cache cannot go to one file: ${cache.file}`);
  return cache;
}

/** A bar for many images, unless a report goes to the same terminal line by line. */
function progressFor(count: number, wanted: readonly WantedReport[], output: Output): Promise<Progress> {
  const isShared = output.isTerminal && wanted.some(({ file }) => file === undefined);
  return showImageProgress(count, output.showsProgress && count > 1 && !isShared);
}

async function check(names: readonly string[], options: CheckCommandOptions, output: Output): Promise<ExitCode> {
  const { fromFile, exclude, jobs, repair, dryRun } = options;
  if (dryRun === true && repair !== true) throw new UsageError('--dry-run goes with --repair (see vhdx check --help)');
  if (names.length === 0 && fromFile === undefined) throw new UsageError('name an image (see vhdx check --help)');
  const wanted = wantedReports(options.format, options.output);
  const judge = await openJudge(options);
  const found = await findInputs({ names, fromFile, exclude, isExcluded: judge.isExcluded });
  const shard = options.shard === undefined ? undefined : parseShard(options.shard, process.env);
  const inputs = shard === undefined ? found.inputs : await inputsOf(found.inputs, shard, options.shardBy);
  // What is merged are lists.
  const isList = found.isList || shard !== undefined;
  if (found.inputs.length === 0)
    throw new UsageError('there is nothing to check: the list is empty, or all is excluded');
  await requireHeaders(inputs, options);
  const scope = { ...examinationOf(options, found), ...judge.examination };
  const cache = await cacheFor(scope, { options, wanted, configured: judge.cache, output });
  const examination = { ...scope, identifies: cache !== undefined };
  const isText = wanted.some(({ format, file }) => format === 'text' && file === undefined);
  // A repair is said step by step, and may be interrupted between two images.
  const examiner = await startExaminer(inputs.length, examination, repair === true ? 1 : jobs);
  const job: CheckJob = { options, examination, examiner, cache, isText, output, total: found.inputs.length };
  try {
    return await interruptible((signal) => checkAll(inputs, { job, judge, wanted, isList, signal }, options));
  } finally {
    await examiner.close();
  }
}

/** A run over the images of this process. */
interface Run {
  readonly job: CheckJob;
  readonly judge: Judge;
  readonly wanted: readonly WantedReport[];
  readonly isList: boolean;
  /** Aborted with `Interrupted` by a signal to the process. */
  readonly signal: AbortSignal;
}

/** How far an interrupted run came. */
function interruptedText({ message }: Interrupted, done: number, all: number): string {
  if (all === 1) return `${message}: the image was not checked`;
  return `${message}: ${done} of ${countText(all, 'image')} ${done === 1 ? 'was' : 'were'} checked`;
}

/** Checks all images and writes all reports. Interrupted, it ends the process when it has saved what it knows. */
async function checkAll(
  inputs: readonly CheckInput[],
  { job, judge, wanted, isList, signal }: Run,
  options: CheckCommandOptions,
): Promise<ExitCode> {
  const { examination, examiner, cache, output } = job;
  const { failOn } = options;
  const homepage = readHomepage();
  const reports = await ReportSet.open(
    wanted,
    { isList, isPlan: options.dryRun === true, homepage },
    { output, maxFindings: options.maxFindings },
  );
  const progress = await progressFor(inputs.length, wanted, output);
  const wantsSummary = wanted.some(({ format }) => format === 'github');
  const forSummary: Outcome[] = [];
  let worst: ExitCode = ExitCode.CLEAN;
  let done = 0;
  try {
    const outcomes = inOrder(inputs, examiner.count, (input) => outcomeOf(input, job));
    // A repair that is under way comes to a good end by itself.
    for await (const each of options.repair === true ? outcomes : untilAborted(outcomes, signal)) {
      const outcome = judge.apply(each);
      if (outcome.report === undefined && outcome.error instanceof Interrupted) {
        const { image, error } = outcome;
        output.error(`${image}: ${error.message}: it is as usable as before, and repairing it again completes it`);
        break;
      }
      worst = worse(worst, reportOutcome(outcome, failOn, output));
      await reports.add(outcome);
      if (wantsSummary) forSummary.push(outcome);
      done += 1;
      progress.update(done);
      await cache?.writeNowAndThen(output);
      if (signal.aborted) break;
    }
    progress.stop();
    if (signal.reason instanceof Interrupted && done < inputs.length) {
      const words = interruptedText(signal.reason, done, inputs.length);
      if (isList || options.repair !== true) output.error(words);
      await cache?.write(output);
      await reports.cut(words);
      endBy(signal.reason);
      return ExitCode.COULD_NOT_RUN;
    }
    const summary = wantsSummary ? await writeSummary(forSummary, failOn, output) : 'none';
    if (summary === 'failed') worst = ExitCode.COULD_NOT_RUN;
    const context: ReportContext = {
      failOn,
      profiles: examination.profiles,
      chain: examination.chain,
      isList,
      locations: findLocations(process.cwd(), process.env),
      hasSummary: summary === 'written',
      allRules: options.allRules === true,
      version: readVersion(),
      homepage,
    };
    await cache?.write(output);
    await reports.end(context);
    await judge.end(output);
    // Too late to change anything; a shell wants to know of it all the same.
    if (signal.reason instanceof Interrupted) endBy(signal.reason);
    return worst;
  } catch (error) {
    await reports.discard();
    throw error;
  } finally {
    progress.stop();
  }
}

/**
 * `vhdx check`: the exit code is that of the worst image. Each image that makes it nonzero has one line on standard
 * error, so that a log tells which and why wherever the report goes.
 */
export async function runCheck(
  names: readonly string[],
  options: CheckCommandOptions,
  output: Output,
): Promise<ExitCode> {
  try {
    return await check(names, options, output);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.error(error.message);
    return ExitCode.COULD_NOT_RUN;
  }
}
