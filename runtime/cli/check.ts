import { checkImage, type CheckReport } from '../index.js';
import { openFile } from '../node.js';
import { checkJson } from './check-json.js';
import { checkText, summaryText } from './check-text.js';
import { ExitCode, exitCodeOfVerdict, worse } from './exit-codes.js';
import { describeFailure, faultLine } from './failure.js';
import type { Output } from './output.js';

/** The least severity of a finding that makes the exit code nonzero. */
export type FailOn = 'error' | 'refuse-write' | 'warning';

export interface CheckCommandOptions {
  readonly format: 'text' | 'json';
  readonly failOn: FailOn;
}

/** The exit code of a report. A file that is no VHDX has it under any `failOn`. */
export function exitCodeOfReport(
  { verdict, counts }: Pick<CheckReport, 'verdict' | 'counts'>,
  failOn: FailOn,
): ExitCode {
  const code = exitCodeOfVerdict(verdict);
  if (code === ExitCode.NEEDS_ATTENTION && failOn === 'error') return ExitCode.CLEAN;
  if (code === ExitCode.CLEAN && failOn === 'warning' && counts.warning > 0) return ExitCode.NEEDS_ATTENTION;
  return code;
}

/** The one line that says why the exit code is not zero: the first of the worst findings. */
function reasonLine(image: string, report: CheckReport): string {
  const order = ['error', 'refuse-write', 'warning'] as const;
  const severity = order.find((level) => report.counts[level] > 0);
  const first = report.findings.find((found) => found.severity === severity);
  if (first === undefined) return `${image}: ${report.verdict}`;
  return report.verdict === 'not-vhdx' ? faultLine(image, first) : faultLine(`${image}: ${report.verdict}`, first);
}

async function checkFile(image: string): Promise<CheckReport> {
  const source = await openFile(image);
  try {
    return await checkImage(source);
  } finally {
    await source.close();
  }
}

/**
 * `vhdx check`: the exit code is that of the worst image. Each image that makes it nonzero has one line on standard
 * error, so that a log tells which and why wherever the report goes.
 */
export async function runCheck(
  images: readonly string[],
  options: CheckCommandOptions,
  output: Output,
  debug: boolean,
): Promise<ExitCode> {
  const checked: { image: string; report: CheckReport }[] = [];
  let worst: ExitCode = ExitCode.CLEAN;
  for (const image of images) {
    // Nobody reads any more; what has been found so far stands.
    if (output.isClosed()) return worst;
    try {
      // One after the other: each may need some memory, and the reports come in the order of the names.
      const report = await checkFile(image);
      if (options.format === 'text' && report.verdict !== 'not-vhdx') {
        output.write(`${checked.length > 0 ? '\n' : ''}${checkText(image, report, output.paint)}`);
      }
      checked.push({ image, report });
      const code = exitCodeOfReport(report, options.failOn);
      if (code !== ExitCode.CLEAN) output.complain(reasonLine(image, report));
      worst = worse(worst, code);
    } catch (error) {
      const { line, exitCode } = describeFailure(error, image, debug);
      output.complain(line);
      worst = worse(worst, exitCode);
    }
  }
  if (options.format === 'json') {
    const reports = checked.map(({ image, report }) => checkJson(image, report));
    const [only] = reports;
    // An image that could not be read at all has no report: one name then gives no output, as with qemu-img.
    if (images.length > 1) output.write(`${JSON.stringify(reports, undefined, 2)}\n`);
    else if (only !== undefined) output.write(`${JSON.stringify(only, undefined, 2)}\n`);
  } else if (images.length > 1) {
    output.write(
      `\n${summaryText(
        images.length,
        checked.map(({ report }) => report.verdict),
      )}`,
    );
  }
  return worst;
}
