/** `vhdx check`: checks images one after the other and prints the report in the chosen format. */
import { checkChain, checkImage, type Profile } from '../../index.js';
import { NodeFileSource, nodeParentResolver, openFile } from '../../node.js';
import { type CheckInput, type CheckInputs, findInputs } from './check-inputs.js';
import { checkJson } from '../reports/json.js';
import { type FailOn, fails, type ImageReport, type Outcome, type ReportContext } from '../reports/outcome.js';
import { findLocations } from '../reports/locations.js';
import { reportText, summaryText } from '../reports/text.js';
import { ExitCode, exitCodeOfVerdict, worse } from '../exit-codes.js';
import { faultLine, reportFailure } from '../error-report.js';
import { endBy, Interrupted } from '../interrupt.js';
import { type Harmless, json, NOTHING, shown } from '../harmless.js';
import type { Output } from '../output.js';
import { countText } from '../text.js';
import { verdictText } from '../reports/verdict-text.js';
import { readHomepage, readVersion } from '../manifest.js';

export const FORMATS = ['text', 'json', 'junit', 'sarif', 'github'] as const;

export interface CheckCommandOptions {
  readonly format: (typeof FORMATS)[number];
  readonly failOn: FailOn;
  readonly profile?: readonly Profile[];
  readonly chain?: true;
  readonly parent?: string;
  readonly parentRoot?: readonly string[];
  readonly repair?: true;
  readonly dryRun?: true;
}

/** The exit code of a report. A file that is no VHDX has it under any `failOn`. */
function exitCodeOfReport({ verdict, counts }: Pick<ImageReport, 'verdict' | 'counts'>, failOn: FailOn): ExitCode {
  const code = exitCodeOfVerdict(verdict);
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

/** The options, with what they mean for the parents. */
interface CheckJob extends Omit<CheckCommandOptions, 'chain' | 'parentRoot'> {
  /** Whether parents are checked: also if it is said where they are. */
  readonly chain: boolean;
  /** Folders that parents may be in beside that of an image: a folder to check is one of them. */
  readonly parentRoots: readonly string[];
}

function jobOf(options: CheckCommandOptions, { folders }: CheckInputs): CheckJob {
  const { chain, parent, parentRoot, ...others } = options;
  return {
    ...others,
    ...(parent === undefined ? {} : { parent }),
    chain: chain === true || parent !== undefined || parentRoot !== undefined,
    parentRoots: [...(parentRoot ?? []), ...folders],
  };
}

async function examineFile(image: string, job: CheckJob): Promise<ImageReport> {
  const { profile: profiles } = job;
  const source = await openFile(image);
  try {
    if (!job.chain) return await checkImage(source, { profiles });
    const parent = nodeParentResolver({ parent: job.parent, roots: job.parentRoots });
    const nameOf = (found: object, depth: number): string =>
      found instanceof NodeFileSource ? found.path : `parent ${depth}`;
    return await checkChain(source, { profiles, parent, nameOf });
  } finally {
    await source.close();
  }
}

/** Repairs the image if that is wanted and `isOutside` false, and checks it; parents are never changed. */
async function checkFile(image: string, job: CheckJob, isOutside: boolean, output: Output): Promise<Outcome> {
  try {
    if (job.repair !== true) return { image, report: await examineFile(image, job) };
    if (isOutside) {
      output.error(`${image}: not repaired: it is a link that leads out of its folder; name it to repair it`);
      return { image, report: await examineFile(image, job) };
    }
    return { image, report: await repairAndExamine(image, job, output) };
  } catch (error) {
    return { image, report: undefined, error };
  }
}

async function repairAndExamine(image: string, job: CheckJob, output: Output): Promise<ImageReport> {
  const { repairFile } = await import('./check-repair.js');
  try {
    const { repair, report } = await repairFile(image, job, output);
    const checked = report === undefined || job.chain ? await examineFile(image, job) : report;
    return { ...checked, repair };
  } catch (failure) {
    if (failure instanceof Interrupted) throw failure;
    // The image can be judged all the same, unless it cannot be read either.
    return { ...(await examineFile(image, job)), repair: { done: false, actions: [], refusals: [], failure } };
  }
}

/** One image after the other, so that memory is bounded and the reports come in the order of the names. */
async function* checkFiles(
  inputs: readonly CheckInput[],
  job: CheckJob,
  output: Output,
): AsyncGenerator<Outcome, void> {
  for (const { image, error, isOutside = false } of inputs) {
    // Goes on after the reader has closed the pipe: the exit code is that of all images.
    yield error === undefined ? checkFile(image, job, isOutside, output) : { image, report: undefined, error };
  }
}

function jsonText(outcomes: readonly Outcome[], { isList, homepage }: ReportContext): Harmless {
  const entries = outcomes.map((outcome) => checkJson(outcome, homepage));
  const value = isList ? entries : entries[0];
  return value === undefined ? NOTHING : shown`${json(value, 2)}\n`;
}

/** Writes the summary of the step where the runner of a GitHub job wants one; tells how that went. */
async function writeSummary(outcomes: readonly Outcome[], output: Output): Promise<'none' | 'written' | 'failed'> {
  const file = process.env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return 'none';
  const { appendSummary } = await import('../reports/github.js');
  try {
    appendSummary(outcomes, file);
    return 'written';
  } catch (error) {
    output.error(`cannot write the summary: ${error instanceof Error ? error.message : String(error)}`);
    return 'failed';
  }
}

/** How to learn more of what was found, if there is anything to be done about it; the number of images last. */
function finalLines(outcomes: readonly Outcome[], isList: boolean): Harmless {
  // A plan that was asked for stands in the place of the report.
  const isPlan = ({ report }: Outcome): boolean =>
    report?.repair?.done === false && report.repair.failure === undefined && report.repair.actions.length > 0;
  const isGrave = (outcome: Outcome): boolean =>
    !isPlan(outcome) && outcome.report?.findings.some(({ severity }) => severity !== 'info') === true;
  const hasHint = outcomes.some(isGrave);
  const hint = hasHint ? shown`vhdx explain CODE explains a code.\n` : NOTHING;
  if (isList) return shown`${hint}${summaryText(outcomes)}\n`;
  return hasHint ? shown`\n${hint}` : NOTHING;
}

/** The whole report, in a form that is written at the end; text goes out image by image. */
async function finalText(
  format: CheckCommandOptions['format'],
  outcomes: readonly Outcome[],
  context: ReportContext,
): Promise<Harmless<'log' | 'xml'>> {
  const { isList, locations } = context;
  switch (format) {
    case 'json':
      return jsonText(outcomes, context);
    case 'junit':
      return (await import('../reports/junit.js')).checkJunit(outcomes, context);
    case 'sarif':
      return (await import('../reports/sarif.js')).checkSarif(outcomes, context);
    case 'github':
      return (await import('../reports/github.js')).checkGithub(outcomes, locations, context.hasSummary);
    case 'text':
      return finalLines(outcomes, isList);
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

/**
 * `vhdx check`: the exit code is that of the worst image. Each image that makes it nonzero has one line on standard
 * error, so that a log tells which and why wherever the report goes.
 */
export async function runCheck(
  names: readonly string[],
  options: CheckCommandOptions,
  output: Output,
): Promise<ExitCode> {
  const { format, failOn, profile: profiles = ['spec'] } = options;
  if (options.dryRun === true && options.repair !== true) {
    output.error('--dry-run goes with --repair (see vhdx check --help)');
    return ExitCode.COULD_NOT_RUN;
  }
  const found = await findInputs(names);
  const { inputs, isList } = found;
  const job = jobOf(options, found);
  const outcomes: Outcome[] = [];
  let worst: ExitCode = ExitCode.CLEAN;
  for await (const outcome of checkFiles(inputs, job, output)) {
    if (outcome.report === undefined && outcome.error instanceof Interrupted) {
      const { image, error } = outcome;
      output.error(`${image}: ${error.message}: it is as usable as before, and repairing it again completes it`);
      endBy(error);
      return ExitCode.COULD_NOT_RUN;
    }
    // Of a plan nothing else is asked for; an image that cannot be read is named on standard error.
    if (format === 'text' && options.dryRun !== true && outcome.report !== undefined) {
      const { image, report } = outcome;
      output.notice(shown`${reportText(image, report, output.paint)}${isList ? shown`\n` : NOTHING}`);
    }
    worst = worse(worst, reportOutcome(outcome, failOn, output));
    outcomes.push(outcome);
  }
  const locations = findLocations(process.cwd(), process.env);
  const summary = format === 'github' ? await writeSummary(outcomes, output) : 'none';
  if (summary === 'failed') worst = ExitCode.COULD_NOT_RUN;
  const hasSummary = summary === 'written';
  const [version, homepage] = [readVersion(), readHomepage()];
  const context = { failOn, profiles, chain: job.chain, isList, locations, hasSummary, version, homepage };
  const text = await finalText(format, outcomes, context);
  if (format !== 'text' || !output.isQuiet) output.write(text);
  return worst;
}
