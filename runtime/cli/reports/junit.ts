/** The report of a check as JUnit XML. */
import { checkedRules, type CodeGroup, type Rule, RULE_GROUPS, type RuleGroup } from '../../rules.js';
import type { Finding } from '../../index.js';
import { locationOf } from './locations.js';
import { failureOf, fails, type ImageReport, suppressionText, type Outcome, type ReportContext } from './outcome.js';
import { type Harmless, joined, xml } from '../harmless.js';
import { hex } from '../text.js';

type Xml = Harmless<'xml'>;
type Attributes = Readonly<Record<string, string | number>>;

function attributesText(attributes: Attributes): Xml {
  return joined(Object.entries(attributes).map(([key, value]) => xml` ${key}="${value}"`));
}

function element(name: string, attributes: Attributes, content?: Xml): Xml {
  const head = xml`${name}${attributesText(attributes)}`;
  return content === undefined ? xml`<${head}/>` : xml`<${head}>${content}</${name}>`;
}

function findingText({ severity, code, fileOffset, path, section, message, fix, image }: Finding): string {
  const where = `${hex(fileOffset)}${path === '' ? '' : `, ${path}`}${image === undefined ? '' : ` of ${image}`}`;
  const spec = section === '' ? '' : `, [MS-VHDX] ${section}`;
  return `${severity} ${code} at ${where}${spec}: ${message}${fix === undefined ? '' : ` What to do: ${fix}`}`;
}

/** What a test case came to, with the elements that say so. */
interface Case {
  readonly kind: 'passed' | 'failed' | 'skipped' | 'error';
  readonly text: Xml;
}

/** False for what a host asks for beyond the specification. */
function isRuleGroup(group: CodeGroup): group is RuleGroup {
  return RULE_GROUPS.some((each) => each === group);
}

function ruleCase(
  image: string,
  { rule, group, codes }: Rule,
  report: ImageReport,
  { failOn }: Pick<ReportContext, 'failOn'>,
): Case {
  const common = { classname: image, name: `${rule} ${codes.join(' ')}` };
  const found = report.findings.filter((each) => each.rule === rule);
  const more = report.groups
    .filter((each) => each.rule === rule && each.count > each.shown)
    .map(({ code, count, shown }) => `${code}: ${count - shown} more of ${count}`);
  const text = joined(
    [...found.map(findingText), ...more].map((line) => xml`${line}`),
    '\n',
  );
  const failure = found.find(({ severity }) => fails(severity, failOn));
  if (failure !== undefined) {
    const words = { message: failure.message, type: failure.code };
    return { kind: 'failed', text: element('testcase', common, element('failure', words, text)) };
  }
  if (found.length > 0) {
    return { kind: 'passed', text: element('testcase', common, element('system-out', {}, text)) };
  }
  const missing =
    isRuleGroup(group) && !report.checked.includes(group)
      ? 'There is nothing in this image that the rule is about, or it could not be read.'
      : undefined;
  if (missing === undefined) return { kind: 'passed', text: element('testcase', common) };
  return { kind: 'skipped', text: element('testcase', common, element('skipped', { message: missing })) };
}

/** What was found and does not count, as output of a case that passed. */
function suppressedText({ suppressed = [] }: ImageReport): Xml | undefined {
  if (suppressed.length === 0) return undefined;
  const lines = suppressed.map((each) => xml`suppressed, ${suppressionText(each.suppression)}: ${findingText(each)}`);
  return element('system-out', {}, joined(lines, '\n'));
}

function suite(outcome: Outcome, rules: readonly Rule[], context: ReportContext): readonly Case[] {
  const { image } = outcome;
  if (outcome.report !== undefined) {
    const { report } = outcome;
    const isListed = (rule: string): boolean => context.allRules || report.groups.some((each) => each.rule === rule);
    const cases = rules.filter(({ rule }) => isListed(rule)).map((rule) => ruleCase(image, rule, report, context));
    // Something that was looked at and is as it should be: an image without a case would be missing from the report.
    const passed: Case = {
      kind: 'passed',
      text: element('testcase', { classname: image, name: 'check' }, suppressedText(report)),
    };
    return context.allRules ? cases : [passed, ...cases];
  }
  const { code, message } = failureOf(outcome.error);
  const words = { message, type: code };
  const text = element('testcase', { classname: image, name: 'open' }, element('error', words));
  return [{ kind: 'error', text }];
}

type Totals = Readonly<Record<'tests' | 'failures' | 'errors' | 'skipped', number>>;

function totals(cases: readonly Case[]): Totals {
  const count = (kind: Case['kind']): number => cases.filter((each) => each.kind === kind).length;
  return { tests: cases.length, failures: count('failed'), errors: count('error'), skipped: count('skipped') };
}

function propertyLines(properties: Attributes): readonly Xml[] {
  const all = Object.entries(properties).map(([name, value]) => element('property', { name, value }));
  return all.length === 0 ? [] : [xml`    ${element('properties', {}, joined(all))}`];
}

/** The attribute for the seconds that the check took, if they are known. */
function timeOf({ milliseconds }: Outcome): Attributes {
  return milliseconds === undefined ? {} : { time: (milliseconds / 1000).toFixed(3) };
}

/**
 * The report as JUnit XML: a suite for each image, in it a passed test case for the check as such, and one for each rule
 * with a finding; with `allRules` one for each rule that was looked at instead. A finding that does not make the exit code nonzero is output of its test. There is nothing in it that the schema of
 * Jenkins (junit-10.xsd of its xUnit plugin) does not have; GitLab shows `classname` as the suite, and takes of two cases
 * with the same `classname` and `name` only the first ("Unit test reports").
 */
export function checkJunit(outcomes: readonly Outcome[], context: ReportContext): Xml {
  const rules = checkedRules(context);
  const suites = outcomes.map((outcome) => ({
    name: outcome.image,
    file: locationOf(outcome.image, context.locations),
    // What follows a pending log was judged as it will be after the replay.
    properties: {
      ...(outcome.report?.view === 'replayed' ? { view: 'replayed' } : {}),
      ...(outcome.report?.unchanged === true ? { unchanged: 'true' } : {}),
      ...(outcome.shard === undefined ? {} : { shard: `${outcome.shard.position}/${outcome.shard.of}` }),
    },
    time: timeOf(outcome),
    cases: suite(outcome, rules, context),
  }));
  const lines = suites.flatMap(({ name, file, time, properties, cases }) => [
    xml`  <testsuite${attributesText({ name, ...totals(cases), ...time, file })}>`,
    ...propertyLines(properties),
    ...cases.map(({ text }) => xml`    ${text}`),
    xml`  </testsuite>`,
  ]);
  return suitesText(totals(suites.flatMap(({ cases }) => cases)), lines);
}

/** The document around the lines of the suites. */
export function suitesText(
  { tests, failures, errors }: Pick<Totals, 'tests' | 'failures' | 'errors'>,
  lines: readonly Xml[],
): Xml {
  const head = xml`<testsuites${attributesText({ name: 'vhdx check', tests, failures, errors })}>`;
  const body = joined(lines.map((line) => xml`${line}\n`));
  return xml`<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${body}</testsuites>\n`;
}
