/**
 * Findings as JUnit XML: nothing that the schema of Jenkins (junit-10.xsd of its xUnit plugin) does not have. GitLab shows
 * `classname` as the suite, and takes of two cases with the same `classname` and `name` only the first ("Unit test
 * reports").
 */
import { xmlText } from './escape.js';

type Attributes = Readonly<Record<string, string | number>>;

/** What was looked at in a file, and what it came to. */
export type JUnitCase = {
  /** The file. */
  readonly classname: string;
  readonly name: string;
} & (
  | { readonly kind: 'passed'; readonly output?: readonly string[] | undefined }
  | { readonly kind: 'failed'; readonly message: string; readonly type: string; readonly output: readonly string[] }
  | { readonly kind: 'skipped'; readonly message: string }
  | { readonly kind: 'error'; readonly message: string; readonly type: string }
);

/** A file. */
export interface JUnitSuite {
  /** The file's name. */
  readonly name: string;
  /** The path for whoever shows the report beside the sources. */
  readonly file?: string | undefined;
  /** What is told about it beside its cases. */
  readonly properties?: Readonly<Record<string, string | number>>;
  /** How long it took; left out of the report if it is not given. */
  readonly milliseconds?: number | undefined;
  /** In the order of the report. */
  readonly cases: readonly JUnitCase[];
}

/** Numbers of cases. */
export type JUnitTotals = Readonly<Record<'tests' | 'failures' | 'errors', number>>;

/** The report of the program `name`. */
export function junitReport(name: string, suites: readonly JUnitSuite[]): string {
  return junitDocument(name, totalsOf(suites.flatMap(({ cases }) => cases)), suites.flatMap(suiteLines));
}

/** The document around the lines of its suites. */
export function junitDocument(name: string, totals: JUnitTotals, lines: readonly string[]): string {
  const { tests, failures, errors } = totals;
  const head = `<testsuites${attributesText({ name, tests, failures, errors })}>`;
  return `${['<?xml version="1.0" encoding="UTF-8"?>', head, ...lines, '</testsuites>'].join('\n')}\n`;
}

function suiteLines({ name, file, properties = {}, milliseconds, cases }: JUnitSuite): string[] {
  const head = {
    name,
    ...totalsOf(cases),
    ...(milliseconds === undefined ? {} : { time: (milliseconds / 1000).toFixed(3) }),
    ...(file === undefined ? {} : { file }),
  };
  const told = Object.entries(properties).map(([key, value]) => element('property', { name: key, value }));
  return [
    `  <testsuite${attributesText(head)}>`,
    ...(told.length === 0 ? [] : [`    ${element('properties', {}, told.join(''))}`]),
    ...cases.map((each) => `    ${caseText(each)}`),
    '  </testsuite>',
  ];
}

function totalsOf(cases: readonly JUnitCase[]): JUnitTotals & { readonly skipped: number } {
  const count = (kind: JUnitCase['kind']): number => cases.filter((each) => each.kind === kind).length;
  return { tests: cases.length, failures: count('failed'), errors: count('error'), skipped: count('skipped') };
}

function caseText(each: JUnitCase): string {
  const { classname, name } = each;
  const result = resultText(each);
  return element('testcase', { classname, name }, result);
}

function resultText(each: JUnitCase): string | undefined {
  switch (each.kind) {
    case 'passed':
      return each.output === undefined ? undefined : element('system-out', {}, linesText(each.output));
    case 'failed': {
      const { message, type, output } = each;
      return element('failure', { message, type }, linesText(output));
    }
    case 'skipped':
      return element('skipped', { message: each.message });
    case 'error':
      return element('error', { message: each.message, type: each.type });
  }
}

const linesText = (lines: readonly string[]): string => lines.map(xmlText).join('\n');

function element(name: string, attributes: Attributes, content?: string): string {
  const head = `${name}${attributesText(attributes)}`;
  return content === undefined ? `<${head}/>` : `<${head}>${content}</${name}>`;
}

function attributesText(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === 'string' ? xmlText(value) : value}"`)
    .join('');
}
