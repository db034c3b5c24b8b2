import { checkImage, type CheckReport } from '../index.js';
import { openFile } from '../node.js';
import { checkJson } from './check-json.js';
import { checkText, summaryText, verdictText } from './check-text.js';
import { ExitCode, exitCodeOfVerdict, worse } from './exit-codes.js';
import { faultLine, reportFailure } from './failure.js';
import type { Output } from './output.js';
import { countText } from './text.js';

/** The least severity of a finding that makes the exit code nonzero. */
type FailOn = 'error' | 'refuse-write' | 'warning';

export interface CheckCommandOptions {
  readonly format: 'text' | 'json';
  readonly failOn: FailOn;
}

/** What became of one image. */
type Outcome =
  | { readonly image: string; readonly report: CheckReport }
  | { readonly image: string; readonly report: undefined; readonly error: unknown };

/** The exit code of a report. A file that is no VHDX has it under any `failOn`. */
function exitCodeOfReport({ verdict, counts }: Pick<CheckReport, 'verdict' | 'counts'>, failOn: FailOn): ExitCode {
  const code = exitCodeOfVerdict(verdict);
  if (code === ExitCode.NEEDS_ATTENTION && failOn === 'error') return ExitCode.CLEAN;
  if (code === ExitCode.CLEAN && failOn === 'warning' && counts.warning > 0) return ExitCode.NEEDS_ATTENTION;
  return code;
}

/** Why the exit code of an image is not zero: the first of its worst findings. */
function reasonLine(image: string, { verdict, counts, findings }: CheckReport): string {
  const severity = (['error', 'refuse-write', 'warning'] as const).find((each) => counts[each] > 0);
  const worst = findings.find((found) => found.severity === severity);
  if (worst === undefined) return `${image}: ${verdictText(verdict)}`;
  // The message of a file that is no VHDX says so itself; a clean image is here for its warnings alone.
  if (verdict === 'not-vhdx') return faultLine(image, worst);
  const what = verdict === 'clean' ? countText(counts.warning, 'warning') : verdictText(verdict);
  return faultLine(`${image}: ${what}`, worst);
}

async function checkFile(image: string): Promise<Outcome> {
  try {
    const source = await openFile(image);
    try {
      return { image, report: await checkImage(source) };
    } finally {
      await source.close();
    }
  } catch (error) {
    return { image, report: undefined, error };
  }
}

/** One image after the other, so that memory is bounded and the reports come in the order of the names. */
async function* checkFiles(images: readonly string[], output: Output): AsyncGenerator<Outcome, void> {
  for (const image of images) {
    // Nobody reads any more; the exit code tells what has been found so far.
    if (output.isClosed()) return;
    yield checkFile(image);
  }
}

function writeJson(outcomes: readonly Outcome[], output: Output): void {
  const reports = outcomes.flatMap(({ image, report }) => (report === undefined ? [] : [checkJson(image, report)]));
  // An image that could not be read has no report: the only one then gives no output, as with qemu-img.
  const value = outcomes.length > 1 ? reports : reports[0];
  if (value !== undefined) output.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/**
 * `vhdx check`: the exit code is that of the worst image. Each image that makes it nonzero has one line on standard
 * error, so that a log tells which and why wherever the report goes.
 */
export async function runCheck(
  images: readonly string[],
  { format, failOn }: CheckCommandOptions,
  output: Output,
): Promise<ExitCode> {
  const outcomes: Outcome[] = [];
  let worst: ExitCode = ExitCode.CLEAN;
  for await (const outcome of checkFiles(images, output)) {
    const { image, report } = outcome;
    let code: ExitCode;
    if (report === undefined) code = reportFailure(outcome.error, image, output);
    else {
      if (format === 'text' && report.verdict !== 'not-vhdx') {
        output.write(`${checkText(image, report, output.paint)}${images.length > 1 ? '\n' : ''}`);
      }
      code = exitCodeOfReport(report, failOn);
      if (code !== ExitCode.CLEAN) output.complain(reasonLine(image, report));
    }
    outcomes.push(outcome);
    worst = worse(worst, code);
  }
  if (format === 'json') writeJson(outcomes, output);
  else if (images.length > 1) output.write(summaryText(outcomes.map(({ report }) => report?.verdict)));
  return worst;
}
