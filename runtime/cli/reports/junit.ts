/** The report of a check as JUnit XML. */
import { fails, junitReport, type JUnitCase } from 'ksy-ts/reports';
import { checkedRules, type CodeGroup, type Rule, RULE_GROUPS, type RuleGroup } from '../../rules.js';
import type { Finding } from '../../index.js';
import { locationOf } from './locations.js';
import { failureOf, type ImageReport, suppressionText, type Outcome, type ReportContext } from './outcome.js';
import { type Harmless, xmlLines } from '../harmless.js';
import { hex } from '../text.js';

/** What it is a report of. */
export const PROGRAM = 'vhdx check';

function findingText({ severity, code, fileOffset, path, section, message, fix, image }: Finding): string {
  const where = `${hex(fileOffset)}${path === '' ? '' : `, ${path}`}${image === undefined ? '' : ` of ${image}`}`;
  const spec = section === '' ? '' : `, [MS-VHDX] ${section}`;
  return `${severity} ${code} at ${where}${spec}: ${message}${fix === undefined ? '' : ` What to do: ${fix}`}`;
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
): JUnitCase {
  const common = { classname: image, name: `${rule} ${codes.join(' ')}` };
  const found = report.findings.filter((each) => each.rule === rule);
  const more = report.groups
    .filter((each) => each.rule === rule && each.count > each.shown)
    .map(({ code, count, shown }) => `${code}: ${count - shown} more of ${count}`);
  const output = [...found.map(findingText), ...more];
  const failure = found.find(({ severity }) => fails(severity, failOn));
  if (failure !== undefined) {
    return { ...common, kind: 'failed', message: failure.message, type: failure.code, output };
  }
  if (found.length > 0) return { ...common, kind: 'passed', output };
  if (!isRuleGroup(group) || report.checked.includes(group)) return { ...common, kind: 'passed' };
  const message = 'There is nothing in this image that the rule is about, or it could not be read.';
  return { ...common, kind: 'skipped', message };
}

/** What was found and does not count, as output of a case that passed. */
function suppressedLines({ suppressed = [] }: ImageReport): readonly string[] | undefined {
  if (suppressed.length === 0) return undefined;
  return suppressed.map((each) => `suppressed, ${suppressionText(each.suppression)}: ${findingText(each)}`);
}

function casesOf(outcome: Outcome, rules: readonly Rule[], context: ReportContext): readonly JUnitCase[] {
  const { image } = outcome;
  if (outcome.report !== undefined) {
    const { report } = outcome;
    const isListed = (rule: string): boolean => context.allRules || report.groups.some((each) => each.rule === rule);
    const cases = rules.filter(({ rule }) => isListed(rule)).map((rule) => ruleCase(image, rule, report, context));
    // Something that was looked at and is as it should be: an image without a case would be missing from the report.
    const output = suppressedLines(report);
    return context.allRules ? cases : [{ kind: 'passed', classname: image, name: 'check', output }, ...cases];
  }
  const { code: type, message } = failureOf(outcome.error);
  return [{ kind: 'error', classname: image, name: 'open', message, type }];
}

/**
 * The report as JUnit XML: a suite for each image, in it a passed test case for the check as such, and one for each rule
 * with a finding; with `allRules` one for each rule that was looked at instead. A finding that does not make the exit code
 * nonzero is output of its test.
 */
export function checkJunit(outcomes: readonly Outcome[], context: ReportContext): Harmless<'xml'> {
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
    milliseconds: outcome.milliseconds,
    cases: casesOf(outcome, rules, context),
  }));
  return xmlLines(junitReport(PROGRAM, suites));
}
