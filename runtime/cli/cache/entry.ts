/** What the cache keeps of an image: its identity and the report of the check that found it clean. */
import type { Finding, FindingGroup, ParentVerdict, Severity } from '../../index.js';
import { isCode, RULE_GROUPS, type RuleGroup, type VhdxCode } from '../../rules.js';
import type { Identity } from '../fleet/identity.js';
import type { ImageReport } from '../reports/outcome.js';

/** A report in which nothing is worse than a warning. */
export interface CacheEntry {
  readonly identity: Identity;
  readonly report: ImageReport;
}

type Members = Readonly<Record<string, unknown>>;

/** Thrown for a value that no check has written, and never seen outside. */
class NoEntry extends Error {}

function fail(): never {
  throw new NoEntry();
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : fail();
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : fail();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : fail();
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : fail();
}

function code(value: unknown): VhdxCode {
  const name = text(value);
  return isCode(name) ? name : fail();
}

/** An image with anything worse is not clean. */
function harmless(value: unknown): Severity {
  return value === 'warning' || value === 'info' ? value : fail();
}

function findingOf(value: unknown): Finding {
  const found = members(value);
  return {
    rule: text(found['rule']),
    code: code(found['code']),
    severity: harmless(found['severity']),
    section: text(found['section']),
    fileOffset: count(found['fileOffset']),
    length: count(found['length']),
    path: text(found['path']),
    message: text(found['message']),
    ...(found['fix'] === undefined ? {} : { fix: text(found['fix']) }),
    ...(found['image'] === undefined ? {} : { image: text(found['image']) }),
  };
}

function groupOf(value: unknown): FindingGroup {
  const group = members(value);
  const { rule, code: name, severity, count: all, shown } = group;
  return { rule: text(rule), code: code(name), severity: harmless(severity), count: count(all), shown: count(shown) };
}

function ruleGroupOf(value: unknown): RuleGroup {
  return RULE_GROUPS.find((each) => each === value) ?? fail();
}

function parentOf(value: unknown): ParentVerdict {
  const { image, verdict } = members(value);
  return verdict === 'clean' ? { image: text(image), verdict } : fail();
}

function spaceOf(value: unknown): ImageReport['space'] {
  if (value === undefined) return undefined;
  const { fileSize, ownedBytes, freeBytes, trailingBytes, holes } = members(value);
  return {
    fileSize: count(fileSize),
    ownedBytes: count(ownedBytes),
    freeBytes: count(freeBytes),
    trailingBytes: count(trailingBytes),
    holes: count(holes),
  };
}

/** The verdict and the numbers follow from what was found, so they are not taken from the file. */
function reportOf(value: unknown): ImageReport {
  const { findings, groups, view, space, checked, parents } = members(value);
  const found = list(groups).map(groupOf);
  const counts: Record<Severity, number> = { error: 0, 'refuse-write': 0, warning: 0, info: 0 };
  for (const group of found) counts[group.severity] += group.count;
  return {
    verdict: 'clean',
    findings: list(findings).map(findingOf),
    groups: found,
    counts,
    view: view === 'stored' || view === 'replayed' ? view : fail(),
    space: spaceOf(space),
    checked: list(checked).map(ruleGroupOf),
    ...(parents === undefined ? {} : { parents: list(parents).map(parentOf) }),
  };
}

/** The entry in a line of the file; undefined if it is none. */
export function parseEntry(line: string): CacheEntry | undefined {
  try {
    const { identity, report } = members(JSON.parse(line));
    return { identity: list(identity).map(text), report: reportOf(report) };
  } catch (error) {
    if (error instanceof NoEntry || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function entryText({ identity, report }: CacheEntry): string {
  const { findings, groups, view, space, checked, parents } = report;
  return JSON.stringify({ identity, report: { findings, groups, view, space, checked, parents } });
}
