/** What a team has decided about findings, applied to reports. The specification's severities stay visible. */
import { relative, resolve } from 'node:path';
import type { Finding, FindingGroup, Severity } from '../../index.js';
import type { VhdxCode } from '../../rules.js';
import { LIMITS } from '../../base/limits.js';
import { verdictOf } from '../../errors/findings.js';
import { type Matcher, parseExclusions } from '../inputs/pattern.js';
import type { ImageReport, SuppressedFinding, Suppression } from '../reports/outcome.js';
import { bareUrl, isUrl } from '../sources/image-name.js';
import { UsageError } from '../usage-error.js';
import type { Baseline, KnownFindings } from './baseline.js';
import { codeNamed } from './code-name.js';
import type { Config, IgnoreSetting, Level, RuleSetting } from './config.js';

/** Findings of one kind that are looked at one by one; more of them are counted as a whole. */
export const FINDINGS_TO_JUDGE = 10_000;

export interface PolicyOptions {
  readonly config: Config | undefined;
  /** Codes to ignore in all images. */
  readonly ignore: readonly string[];
  readonly baseline: Baseline | undefined;
  /** The day that suppressions have to last to, as 2026-12-31. */
  readonly today: string;
}

interface ForFiles {
  readonly isMeant: Matcher;
}

/** Tells which images patterns mean that begin at `folder`; all if there are none. */
export function matcherOf(files: readonly string[] | undefined, folder: string): Matcher {
  if (files === undefined) return () => true;
  const isMeant = parseExclusions(files);
  return (image) => isMeant(isUrl(image) ? bareUrl(image.replace(/\?…$/, '')) : relative(folder, resolve(image)));
}

export class Policy {
  readonly #settings: readonly (RuleSetting & ForFiles)[];
  readonly #ignore: readonly (IgnoreSetting & ForFiles)[];
  readonly #baseline: Baseline | undefined;
  readonly #configFile: string;
  /** Suppressions that have run out, as said once. */
  readonly expired: readonly string[];

  /** @throws UsageError for a code that there is not */
  constructor({ config, ignore, baseline, today }: PolicyOptions) {
    const folder = config?.folder ?? '.';
    this.#configFile = config?.file ?? '';
    this.#settings = (config?.settings ?? []).map((each) => ({ ...each, isMeant: matcherOf(each.files, folder) }));
    const all = (config?.ignore ?? []).map((each) => ({ ...each, isMeant: matcherOf(each.files, folder) }));
    const isOver = ({ expires }: IgnoreSetting): boolean => expires !== undefined && expires < today;
    const given = ignore.map((code) => ({ code: codeOf(code), isMeant: () => true }));
    this.#ignore = [...given, ...all.filter((each) => !isOver(each))];
    this.expired = all
      .filter(isOver)
      .map(({ code, expires = '' }) => `${this.#configFile}: the suppression of ${code} ended on ${expires}`);
    this.#baseline = baseline;
  }

  /** The report as the team sees it, and how many findings that the baseline knows are gone. */
  apply(image: string, report: ImageReport): { readonly report: ImageReport; readonly gone: number } {
    const known = this.#baseline?.knownOf(image);
    const active: Finding[] = [];
    const suppressed: SuppressedFinding[] = [];
    for (const found of report.findings) {
      const level = this.#levelOf(found.code, image);
      const judged = level === undefined || level === 'off' ? found : this.#overridden(found, level);
      const suppression = this.#suppressionOf(found, image, level) ?? known?.take(judged);
      if (suppression === undefined) active.push(judged);
      else suppressed.push({ ...judged, suppression });
    }
    const groups = groupsOf(active, this.#restOf(report.groups, image, known));
    const counts: Record<Severity, number> = { error: 0, 'refuse-write': 0, warning: 0, info: 0 };
    for (const { severity, count } of groups) counts[severity] += count;
    // What a file is no setting can change; it only is no failure any more.
    const verdict = report.verdict === 'not-vhdx' ? report.verdict : verdictOf(counts);
    const judged = { ...report, verdict, findings: active, groups, counts };
    return { report: suppressed.length === 0 ? judged : { ...judged, suppressed }, gone: known?.gone ?? 0 };
  }

  #levelOf(code: VhdxCode, image: string): Level | undefined {
    return this.#settings.findLast(({ rules, isMeant }) => rules.has(code) && isMeant(image))?.rules.get(code);
  }

  #overridden(found: Finding, severity: Severity): Finding {
    if (severity === found.severity) return found;
    const message = `${found.message} (The severity is ${severity} by ${this.#configFile}, and ${found.severity} by the specification.)`;
    return { ...found, severity, message };
  }

  #suppressionOf(
    found: Pick<Finding, 'code'> & Partial<Finding>,
    image: string,
    level: Level | undefined,
  ): Suppression | undefined {
    if (level === 'off') return { kind: 'rule-off' };
    const match = this.#ignore.find(
      ({ code, path, isMeant }) => code === found.code && (path === undefined || path === found.path) && isMeant(image),
    );
    if (match === undefined) return undefined;
    const { reason, expires } = match;
    return {
      kind: 'ignored',
      ...(reason === undefined ? {} : { reason }),
      ...(expires === undefined ? {} : { expires }),
    };
  }

  /** What the report counts and does not list, without what is suppressed as a whole. */
  #restOf(groups: readonly FindingGroup[], image: string, known: KnownFindings | undefined): readonly FindingGroup[] {
    return groups.flatMap((group) => {
      const { code, count, shown } = group;
      const level = this.#levelOf(code, image);
      const rest = count - shown;
      if (rest === 0 || this.#suppressionOf({ code }, image, level) !== undefined) return [];
      if (known?.takeRest(code, rest) !== undefined) return [];
      const severity = level === undefined || level === 'off' ? group.severity : level;
      return [{ ...group, severity, count: rest, shown: 0 }];
    });
  }
}

function codeOf(text: string): VhdxCode {
  return codeNamed(text, (hint) => {
    throw new UsageError(`there is no code ${text}; ${hint}`);
  });
}

function groupsOf(findings: readonly Finding[], rest: readonly FindingGroup[]): readonly FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  const add = (group: FindingGroup): void => {
    const key = `${group.code} ${group.severity}`;
    const before = groups.get(key);
    groups.set(
      key,
      before === undefined
        ? group
        : { ...before, count: before.count + group.count, shown: before.shown + group.shown },
    );
  };
  for (const { rule, code, severity } of findings) add({ rule, code, severity, count: 1, shown: 1 });
  for (const group of rest) add(group);
  return [...groups.values()];
}

/** The report with no more of one kind than a check without a policy lists. */
export function limitGroups(report: ImageReport): ImageReport {
  const listed = new Map<string, number>();
  const findings = report.findings.filter(({ code, severity }) => {
    const key = `${code} ${severity}`;
    const count = (listed.get(key) ?? 0) + 1;
    listed.set(key, count);
    return count <= LIMITS.findingsPerGroup;
  });
  const groups = report.groups.map((group) => ({ ...group, shown: Math.min(group.shown, LIMITS.findingsPerGroup) }));
  return { ...report, findings, groups };
}
