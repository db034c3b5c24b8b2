/** Reports on validated files: text, JSON, SARIF 2.1.0 and JUnit XML. */
import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import {
  fails,
  jsonText,
  junitReport,
  printable,
  sarifLog,
  sarifNotification,
  sarifResult,
  type JUnitCase,
  type SarifFile,
  type Severity,
} from '../reports/index.js';
import type { FileReport, Finding } from './findings.js';

export const FORMATS = ['text', 'json', 'sarif', 'junit'] as const;
export type Format = (typeof FORMATS)[number];

/** What it is a report of. */
const PROGRAM = 'ksy-ts validate';

/** What was validated, and how. */
export interface ReportContext {
  /** `meta/id` of the schema. */
  readonly format: string;
  readonly failOn: Severity;
}

export function report(format: Format, files: readonly FileReport[], context: ReportContext): string {
  switch (format) {
    case 'text':
      return textReport(files);
    case 'json':
      return jsonReport(files, context);
    case 'sarif':
      return sarifReport(files, context);
    case 'junit':
      return junitReport(
        PROGRAM,
        files.map((each) => ({ name: each.file, cases: junitCases(each, context) })),
      );
  }
}

function textReport(files: readonly FileReport[]): string {
  const lines = files.flatMap(({ file, trouble, findings, more }) => {
    if (trouble !== undefined) return [`${file}: ${trouble}`];
    if (findings.length === 0) return [`${file}: valid`];
    const rest = more === 0 ? [] : [`${file}: ${more} more`];
    return [...findings.map((finding) => `${file}: ${findingText(finding)}`), ...rest];
  });
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function findingText({ severity, rule, message, section }: Finding): string {
  return `${severity} ${rule}: ${message}${section === undefined ? '' : ` (${section})`}`;
}

export function verdictOf({ trouble, findings }: FileReport, failOn: Severity): 'valid' | 'invalid' | 'unreadable' {
  if (trouble !== undefined) return 'unreadable';
  return findings.some(({ severity }) => fails(severity, failOn)) ? 'invalid' : 'valid';
}

/** One file gives an object, several give an array. */
function jsonReport(files: readonly FileReport[], { format, failOn }: ReportContext): string {
  const reports = files.map((each) => {
    const { file: filename, trouble: error, findings, more } = each;
    return { filename, format, verdict: verdictOf(each, failOn), error, findings, more: more === 0 ? undefined : more };
  });
  return `${jsonText(reports.length === 1 ? reports[0] : reports, 2)}\n`;
}

function sarifReport(files: readonly FileReport[], { format }: ReportContext): string {
  const rules = [...new Set(files.flatMap(({ findings }) => findings.map(({ rule }) => rule)))];
  const driver = { name: PROGRAM, rules: rules.map((id) => ({ id })), properties: { format } };
  const isComplete = files.every(({ trouble }) => trouble === undefined);
  return `${jsonText(
    sarifLog(
      driver,
      files.map((each) => sarifFile(each, rules)),
      isComplete,
    ),
    2,
  )}\n`;
}

function sarifFile({ file, trouble, findings, more }: FileReport, rules: readonly string[]): SarifFile {
  const uri = uriOf(file);
  return {
    artifact: { location: { uri } },
    results: findings.map(({ rule, severity, message, path, offset, length, section, expected, actual }) =>
      sarifResult({
        rule,
        ruleIndex: rules.indexOf(rule),
        severity,
        message,
        uri,
        offset,
        length,
        path,
        fingerprint: 'ksyFinding/v1',
        properties: { severity, section, expected, actual },
      }),
    ),
    notifications: [
      ...(trouble === undefined ? [] : [sarifNotification({ level: 'error', message: trouble, uri })]),
      ...(more === 0 ? [] : [sarifNotification({ level: 'note', message: `${more} more findings`, uri })]),
    ],
  };
}

/** A relative path stays one: whoever shows it knows the folder. */
function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : file.replaceAll('\\', '/').split('/').map(encoded).join('/');
}

/** Through bytes: half of a surrogate pair would be refused. */
const encoded = (part: string): string => encodeURIComponent(Buffer.from(part).toString());

/** A case for each rule that something was found of; one that passed where there is none. */
function junitCases(
  { file: classname, trouble, findings }: FileReport,
  { format, failOn }: ReportContext,
): JUnitCase[] {
  if (trouble !== undefined) return [{ kind: 'error', classname, name: 'open', message: trouble, type: 'unreadable' }];
  if (findings.length === 0) return [{ kind: 'passed', classname, name: format }];
  return [...new Set(findings.map(({ rule }) => rule))].map((rule): JUnitCase => {
    const found = findings.filter((finding) => finding.rule === rule);
    const output = found.map(findingText);
    const failure = found.find(({ severity }) => fails(severity, failOn));
    if (failure === undefined) return { kind: 'passed', classname, name: rule, output };
    return { kind: 'failed', classname, name: rule, message: failure.message, type: rule, output };
  });
}
