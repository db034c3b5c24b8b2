import { appendFileSync, statSync } from 'node:fs';
import { SEVERITIES, type Finding } from '../index.js';
import { failureOf, type Outcome, worstFirst } from './check-outcome.js';
import { summaryText, verdictText } from './check-text.js';
import { hex, printable } from './text.js';

/** GitHub shows no more annotations of a step. */
const ANNOTATIONS = 10;
/** GitHub refuses a longer summary of a step, in bytes. */
const SUMMARY_BYTES = 1024 * 1024;

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A line that makes GitHub annotate a file. */
export function workflowCommand(level: 'error' | 'warning', title: string, file: string, message: string): string {
  return `::${level} title=${escapeProperty(printable(title))},file=${escapeProperty(printable(file))}::${escapeData(printable(message))}\n`;
}

interface Annotation {
  readonly level: 'error' | 'warning';
  readonly text: string;
}

function annotationsOf(outcome: Outcome): Annotation[] {
  const { image, report } = outcome;
  if (report === undefined) {
    const { code, message } = failureOf(outcome.error);
    return [{ level: 'error', text: workflowCommand('error', code, image, message) }];
  }
  return worstFirst(report.findings)
    .filter(({ severity }) => severity !== 'info')
    .map((found) => {
      const level = found.severity === 'warning' ? 'warning' : 'error';
      const where = `${hex(found.fileOffset)}${found.path === '' ? '' : `, ${found.path}`}`;
      const text = `${found.message} (${found.rule}, at ${where})${found.fix === undefined ? '' : ` What to do: ${found.fix}`}`;
      return { level, text: workflowCommand(level, found.code, found.image ?? image, text) };
    });
}

/** `text` in a cell of a Markdown table: it cannot end the cell, begin a link or become HTML. */
function cell(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_[\]|!@#]/g, String.raw`\$&`);
}

function row({ severity, rule, code, fileOffset, path, image, message, fix }: Finding): string {
  const where = `${hex(fileOffset)}${path === '' ? '' : `, ${cell(path)}`}${image === undefined ? '' : ` of ${cell(image)}`}`;
  const what = `${cell(message)}${fix === undefined ? '' : `<br>What to do: ${cell(fix)}`}`;
  return `| ${severity} | ${rule} ${cell(code)} | ${where} | ${what} |`;
}

/** The lines of the summary: an image's head and table, or what kept it from being checked. */
function summaryLines(outcomes: readonly Outcome[]): string[] {
  const lines = ['## vhdx check', ''];
  lines.push(summaryText(outcomes.map(({ report }) => report?.verdict)).trim(), '');
  for (const outcome of outcomes) {
    const { image, report } = outcome;
    if (report === undefined) {
      lines.push(`### ${cell(image)}: not checked`, '', cell(failureOf(outcome.error).message), '');
      continue;
    }
    const counts = SEVERITIES.map((severity) => `${report.counts[severity]} ${severity}`).join(', ');
    lines.push(`### ${cell(image)}: ${verdictText(report.verdict)}`, '', counts, '');
    if (report.view === 'replayed') lines.push(REPLAYED, '');
    if (report.findings.length === 0) continue;
    lines.push('| severity | rule | place | finding |', '| --- | --- | --- | --- |');
    lines.push(...worstFirst(report.findings).map(row), '');
  }
  return lines;
}

/** The log was replayed in memory only. */
const REPLAYED = 'What follows the log was judged as it will be after the replay.';

const CUT = 'The rest does not fit into a summary: see the report in another format.\n';

/** The summary of a step in Markdown, in at most `room` bytes of UTF-8; lines are left out at its end. */
export function githubSummary(outcomes: readonly Outcome[], room: number): string {
  let text = '';
  let size = 0;
  for (const line of summaryLines(outcomes)) {
    const next = Buffer.byteLength(line) + 1;
    if (size + next + Buffer.byteLength(CUT) + 1 > room) {
      const end = `\n${CUT}`;
      return size + Buffer.byteLength(end) <= room ? text + end : text;
    }
    text += `${line}\n`;
    size += next;
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
 * The report for GitHub Actions: at most ten annotations, the errors first, and everything in the summary of the step
 * if `summaryFile` (GITHUB_STEP_SUMMARY) is given. Returns what goes to standard output.
 *
 * @throws Error of the host if the summary cannot be written
 */
export function checkGithub(outcomes: readonly Outcome[], summaryFile: string | undefined): string {
  const all = outcomes.flatMap(annotationsOf);
  const sorted = [...all.filter(({ level }) => level === 'error'), ...all.filter(({ level }) => level === 'warning')];
  const shown = sorted.slice(0, ANNOTATIONS);
  const rest = sorted.length - shown.length;
  const wanted = summaryFile !== undefined && summaryFile !== '';
  if (wanted) appendFileSync(summaryFile, githubSummary(outcomes, SUMMARY_BYTES - sizeOf(summaryFile)));
  const place = wanted ? 'they are in the summary of this step' : 'set GITHUB_STEP_SUMMARY to have them';
  const end = rest === 0 ? '' : `${rest} more: ${place}\n`;
  return `${shown.map(({ text }) => text).join('')}${end}${summaryText(outcomes.map(({ report }) => report?.verdict))}`;
}
