/** Reports for GitHub Actions: annotations and the summary of a step. */
import { appendFileSync, statSync } from 'node:fs';
import { type Locations, locationOf } from './locations.js';
import { markdownLines } from './markdown.js';
import { type FailOn, failureOf, type Outcome, worstFirst } from './outcome.js';
import { Tally } from './text.js';
import { type Harmless, joined, NOTHING, printable, shown } from '../harmless.js';
import { hex } from '../text.js';

/** GitHub shows no more annotations of a step. */
const ANNOTATIONS = 10;
/** GitHub refuses a longer summary of a step, in bytes. */
const SUMMARY_BYTES = 1024 * 1024;

function escapeData(text: string): string {
  return printable(text).replaceAll('%', '%25');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A line that makes GitHub annotate a file. */
export function workflowCommand(level: 'error' | 'warning', title: string, file: string, message: string): Harmless {
  return shown`::${level} title=${escapeProperty(title)},file=${escapeProperty(file)}::${escapeData(message)}\n`;
}

interface Annotation {
  readonly level: 'error' | 'warning';
  readonly text: Harmless;
}

function annotationsOf(outcome: Outcome, locations: Locations): Annotation[] {
  const { image, report } = outcome;
  if (report === undefined) {
    const { code, message } = failureOf(outcome.error);
    return [{ level: 'error', text: workflowCommand('error', code, locationOf(image, locations), message) }];
  }
  return worstFirst(report.findings)
    .filter(({ severity }) => severity !== 'info')
    .map((found) => {
      const level = found.severity === 'warning' ? 'warning' : 'error';
      const file = locationOf(found.image ?? image, locations);
      const where = `${hex(found.fileOffset)}${found.path === '' ? '' : `, ${found.path}`}`;
      const text = `${found.message} (${found.rule}, at ${where})${found.fix === undefined ? '' : ` What to do: ${found.fix}`}`;
      return { level, text: workflowCommand(level, found.code, file, text) };
    });
}

const CUT = 'The rest does not fit into a summary: see the report in another format.\n';

/** The summary of a step in Markdown, in at most `room` bytes of UTF-8; lines are left out at its end. */
export function githubSummary(outcomes: readonly Outcome[], room: number, failOn: FailOn): string {
  let text = '';
  let size = 0;
  for (const line of markdownLines(outcomes, failOn)) {
    const next = `${String(line)}\n`;
    const bytes = Buffer.byteLength(next);
    if (size + bytes + Buffer.byteLength(CUT) + 1 > room) {
      const end = `\n${CUT}`;
      return size + Buffer.byteLength(end) <= room ? text + end : text;
    }
    text += next;
    size += bytes;
  }
  return text;
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/**
 * Adds the summary to the file of the step (GITHUB_STEP_SUMMARY).
 *
 * @throws Error of the host
 */
export function appendSummary(outcomes: readonly Outcome[], summaryFile: string, failOn: FailOn): void {
  appendFileSync(summaryFile, githubSummary(outcomes, SUMMARY_BYTES - sizeOf(summaryFile), failOn));
}

/**
 * The report for GitHub Actions: at most ten annotations, the errors first. `hasSummary`: whether everything is in the
 * summary of the step.
 */
export function checkGithub(outcomes: readonly Outcome[], locations: Locations, hasSummary: boolean): Harmless {
  const all = outcomes.flatMap((outcome) => annotationsOf(outcome, locations));
  const sorted = [...all.filter(({ level }) => level === 'error'), ...all.filter(({ level }) => level === 'warning')];
  const annotations = sorted.slice(0, ANNOTATIONS).map(({ text }) => text);
  const rest = sorted.length - annotations.length;
  const place = hasSummary ? 'they are in the summary of this step' : 'set GITHUB_STEP_SUMMARY to have them';
  const end = rest === 0 ? NOTHING : shown`${rest} more: ${place}\n`;
  return shown`${joined(annotations)}${end}${Tally.of(outcomes).text()}\n`;
}
