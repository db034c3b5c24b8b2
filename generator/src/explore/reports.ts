/** Reports on validated files: text, JSON, SARIF 2.1.0 and JUnit XML. */
import { pathToFileURL } from 'node:url';
import { isAbsolute } from 'node:path';
import { printable } from '../diagnostics.js';
import { fails, type FileReport, type Finding, type Severity } from './findings.js';

export const FORMATS = ['text', 'json', 'sarif', 'junit'] as const;
export type Format = (typeof FORMATS)[number];

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
      return junitReport(files, context);
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
  return jsonText(reports.length === 1 ? reports[0] : reports);
}

/** JSON on lines of its own; what a terminal or an editor may take for commands is escaped. */
function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).split('\n').map(printable).join('\n')}\n`;
}

const SARIF_LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  'refuse-write': 'error',
  warning: 'warning',
  info: 'note',
};

function sarifReport(files: readonly FileReport[], { format }: ReportContext): string {
  const rules = [...new Set(files.flatMap(({ findings }) => findings.map(({ rule }) => rule)))];
  const results = files.flatMap(({ file, findings }) =>
    findings.map((finding) => sarifResult(file, finding, rules.indexOf(finding.rule))),
  );
  const troubles = files.flatMap(({ file, trouble }) => (trouble === undefined ? [] : [{ file, trouble }]));
  const noteOn = (file: string, level: string, text: string): object => ({
    level,
    message: { text },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) } } }],
  });
  const notifications = [
    ...troubles.map(({ file, trouble }) => noteOn(file, 'error', trouble)),
    ...files.flatMap(({ file, more }) => (more === 0 ? [] : [noteOn(file, 'note', `${more} more findings`)])),
  ];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'ksy-ts validate', rules: rules.map((id) => ({ id })) } },
        invocations: [{ executionSuccessful: troubles.length === 0, toolExecutionNotifications: notifications }],
        properties: { format },
        results,
      },
    ],
  };
  return jsonText(log);
}

function sarifResult(file: string, finding: Finding, ruleIndex: number): object {
  const { rule, severity, path, offset, length, section, expected, actual, message } = finding;
  const bytes = offset === undefined ? {} : { byteOffset: offset, byteLength: length ?? 0 };
  // Code scanning shows nothing without a line, which a binary file has not.
  const region = { startLine: 1, ...bytes };
  return {
    ruleId: rule,
    ruleIndex,
    level: SARIF_LEVELS[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(file) }, region },
        logicalLocations: [{ fullyQualifiedName: path, kind: 'member' }],
      },
    ],
    // The same fault at the same place is the same alert in the next run.
    partialFingerprints: { 'ksyFinding/v1': `${rule}:${path}` },
    properties: { severity, section, expected, actual },
  };
}

/** A relative path stays one: whoever shows it knows the folder. */
function uriOf(file: string): string {
  return isAbsolute(file)
    ? pathToFileURL(file).href
    : file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}

/** A suite for each file, in it a case for each rule that something was found of; one that passed where there is none. */
function junitReport(files: readonly FileReport[], { format, failOn }: ReportContext): string {
  const suites = files.map((each) => ({ file: each.file, cases: junitCases(each, format, failOn) }));
  const counted = (cases: readonly Case[]): string =>
    `tests="${cases.length}" failures="${countOf(cases, 'failure')}" errors="${countOf(cases, 'error')}"`;
  const all = suites.flatMap(({ cases }) => cases);
  const lines = suites.flatMap(({ file, cases }) => [
    `  <testsuite name="${xml(file)}" ${counted(cases)}>`,
    ...cases.map(({ text }) => `    ${text}`),
    '  </testsuite>',
  ]);
  const head = `<testsuites name="ksy-ts validate" ${counted(all)}>`;
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...lines, '</testsuites>', ''].join('\n');
}

interface Case {
  readonly kind: 'passed' | 'failure' | 'error';
  readonly text: string;
}

const countOf = (cases: readonly Case[], kind: Case['kind']): number =>
  cases.filter((each) => each.kind === kind).length;

function junitCases({ file, trouble, findings }: FileReport, format: string, failOn: Severity): Case[] {
  const opening = (name: string): string => `<testcase classname="${xml(file)}" name="${xml(name)}">`;
  if (trouble !== undefined)
    return [{ kind: 'error', text: `${opening('open')}<error message="${xml(trouble)}"/></testcase>` }];
  if (findings.length === 0) return [{ kind: 'passed', text: `${opening(format)}</testcase>` }];
  return [...new Set(findings.map(({ rule }) => rule))].map((rule): Case => {
    const found = findings.filter((finding) => finding.rule === rule);
    const text = xml(found.map(findingText).join('\n'));
    const failure = found.find(({ severity }) => fails(severity, failOn));
    if (failure === undefined)
      return { kind: 'passed', text: `${opening(rule)}<system-out>${text}</system-out></testcase>` };
    const words = `message="${xml(failure.message)}" type="${xml(rule)}"`;
    return { kind: 'failure', text: `${opening(rule)}<failure ${words}>${text}</failure></testcase>` };
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Control characters have no place in XML 1.0, not even escaped. */
function xml(text: string): string {
  const lines = text.split('\n').map((line) => printable(line).replaceAll(/[\ufffe\uffff]/g, '\ufffd'));
  return lines.join('\n').replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
