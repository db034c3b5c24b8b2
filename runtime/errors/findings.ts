/** Findings: what a check says, how it is collected, grouped and bounded. */
import type { Violation } from '../../generated/kaitai/constraints.js';
import {
  catalogue,
  type CatalogueEntry,
  codes,
  codeOfSchemaRule,
  type Severity,
  SEVERITIES,
  type SeverityOf,
  summaryText,
  type VhdxCode,
} from './codes.js';
import { VhdxError } from './errors.js';
import { LIMITS } from '../base/limits.js';
import type { Place } from './field-location.js';
import { violationText } from './violation-text.js';

/** A violation or another noteworthy fact that a check found in an image. */
export interface Finding {
  /** The rule that it is about: `B2`. */
  readonly rule: string;
  /** Code of the finding; never renamed. */
  readonly code: VhdxCode;
  /** Severity of this finding. */
  readonly severity: Severity;
  /** Section of [MS-VHDX] (`2.2.2`); empty if there is none. */
  readonly section: string;
  /** File offset in bytes; after the replay of the log, if there was one. */
  readonly fileOffset: number;
  /** Length of the affected bytes. */
  readonly length: number;
  /** The field: `headers[1].checksum`, `bat[17]`. */
  readonly path: string;
  /** Description: fault, location, expected and actual value. */
  readonly message: string;
  /** Remedy; absent if none is needed. */
  readonly fix?: string;
  /** The parent image that it is about; left out where that is the image that was asked for. */
  readonly image?: string;
}

/**
 * Takes findings one by one, in the order of the walk. An opener's throws the first one of severity `error`.
 * `unseen`: how many more of the same code and severity there are, which are not passed on.
 */
export type Report = (found: Finding, unseen?: number) => void;

/** What `finding` needs beside the code; `Allowed`: the severities that the catalogue gives the code. */
export interface FindingDetail<Allowed extends Severity = Severity> {
  readonly fileOffset: number;
  readonly length: number;
  readonly path: string;
  readonly message: string;
  /** Instead of the code's usual severity. */
  readonly severity?: Allowed;
  /** Instead of the code's usual section. */
  readonly section?: string;
  /** Instead of the code's usual remedy; empty where that would be wrong advice. */
  readonly fix?: string;
}

/** Findings of one code and severity, with those that the report leaves out. */
export interface FindingGroup {
  /** Rule of the findings. */
  readonly rule: string;
  /** Code of the findings. */
  readonly code: VhdxCode;
  /** Severity of the findings. */
  readonly severity: Severity;
  /** Number of findings. */
  readonly count: number;
  /** Number of these findings in the report. */
  readonly shown: number;
}

/** True for what a reader can live with. */
function isHarmless(severity: Severity): boolean {
  return severity === 'warning' || severity === 'info';
}

/** A finding of `code`, with severity, section and remedy of the catalogue where `detail` has none. */
export function finding<Code extends VhdxCode>(code: Code, detail: FindingDetail<SeverityOf<Code>>): Finding {
  const { rule, section, severity, remedy } = codes[code];
  const made = { rule, code, severity: detail.severity ?? severity, section: detail.section ?? section };
  const { fileOffset, length, path, message } = detail;
  // The remedy is for the usual severity: a harmless case of a grave fault needs none.
  const usual = isHarmless(made.severity) && !isHarmless(severity) ? '' : remedy;
  const fix = detail.fix ?? usual;
  return fix === ''
    ? { ...made, fileOffset, length, path, message }
    : { ...made, fileOffset, length, path, message, fix };
}

/** The opener's `Report`: an error ends the walk, the rest goes to `keep`. */
export function throwOnError(keep: Report): Report {
  return (found, unseen) => {
    if (found.severity !== 'error') {
      keep(found, unseen);
      return;
    }
    throw errorOf(found);
  };
}

/** A finding as it is thrown. */
export function errorOf({
  code,
  message,
  fileOffset,
  severity,
}: Pick<Finding, 'code' | 'message' | 'fileOffset' | 'severity'>): VhdxError {
  return new VhdxError(code, { message, fileOffset, severity });
}

/** Throws the first of the findings of an open image that forbids writing to it; `handled` is dealt with elsewhere. */
export function requireWritable(findings: readonly Finding[], handled?: VhdxCode): void {
  const harm = findings.find(({ severity, code }) => severity === 'refuse-write' && code !== handled);
  if (harm !== undefined) throw new VhdxError(harm.code, { message: harm.message, fileOffset: harm.fileOffset });
}

/** The writer's `Report`: what forbids writing ends the pass, the rest is of no interest. */
export function throwOnHarm(): Report {
  return (found) => {
    if (isHarmless(found.severity)) return;
    throw errorOf(found);
  };
}

/** The code under which a constraint of the schemas is reported. */
export function codeOfViolation({ rule = '' }: Pick<Violation, 'rule'>): VhdxCode {
  return codeOfSchemaRule(rule);
}

/** What the catalogue has on a broken constraint of a schema. */
export function entryOfViolation(violation: Pick<Violation, 'rule'>): CatalogueEntry {
  return catalogue[codeOfViolation(violation)];
}

/** A broken constraint of a schema as a finding. */
export function findingOfViolation(violation: Violation, place: Place): Finding {
  const code = codeOfViolation(violation);
  const path = `${place.path}.${violation.path}`;
  const fileOffset = place.fileOffset + violation.offset;
  return finding(code, {
    fileOffset,
    length: violation.length,
    path,
    message: `${summaryText(code)}: ${violationText(violation, path, fileOffset)}.`,
  });
}

interface TallyEntry {
  last: Finding | undefined;
  made: number;
  unseen: number;
}

/** Counts findings that may come by the million: only the first of each code and severity are made at all. */
export class FindingTally {
  readonly #report: Report;
  // By severity first: joining the two into one key would cost more than the rest of the work.
  readonly #counts: Readonly<Record<Severity, Map<VhdxCode, TallyEntry>>> = {
    error: new Map(),
    'refuse-write': new Map(),
    warning: new Map(),
    info: new Map(),
  };

  constructor(report: Report) {
    this.#report = report;
  }

  add(code: VhdxCode, make: () => FindingDetail, severity: Severity = codes[code].severity): void {
    const counts = this.#counts[severity];
    let entry = counts.get(code);
    if (entry === undefined) {
      entry = { last: undefined, made: 0, unseen: 0 };
      counts.set(code, entry);
    }
    if (entry.made === LIMITS.findingsPerGroup) {
      entry.unseen += 1;
      return;
    }
    entry.made += 1;
    const made = finding(code, { ...make(), severity });
    // The last one is kept back, to be reported with the number of those that follow.
    if (entry.made === LIMITS.findingsPerGroup) entry.last = made;
    else this.#report(made);
  }

  /** Counts `count` more findings of a kind of which enough have been added. */
  more(code: VhdxCode, count: number, severity: Severity = codes[code].severity): void {
    const entry = this.#counts[severity].get(code);
    if (entry !== undefined) entry.unseen += count;
  }

  /** Reports what was kept back; to be called once, at the end. */
  flush(): void {
    for (const severity of SEVERITIES) {
      for (const { last, unseen } of this.#counts[severity].values()) {
        if (last !== undefined) this.#report(last, unseen);
      }
      this.#counts[severity].clear();
    }
  }
}

/** Collects findings: at most `perGroup` of each code and severity, and the number of all. */
export class FindingCollector {
  readonly #perGroup: number;
  readonly #findings: Finding[] = [];
  readonly #groups = new Map<
    string,
    { rule: string; code: VhdxCode; severity: Severity; count: number; shown: number }
  >();

  constructor(perGroup: number = LIMITS.findingsPerGroup) {
    this.#perGroup = perGroup;
  }

  readonly report: Report = (found, unseen = 0) => {
    const group = this.count(found, 1 + unseen);
    if (group.shown >= this.#perGroup) return;
    group.shown += 1;
    this.#findings.push(found);
  };

  /** Counts `count` findings of a kind that are not kept themselves. */
  count({ rule, code, severity }: Pick<Finding, 'rule' | 'code' | 'severity'>, count: number): { shown: number } {
    const key = `${code}/${severity}`;
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { rule, code, severity, count: 0, shown: 0 };
      this.#groups.set(key, group);
    }
    group.count += count;
    return group;
  }

  /** The findings kept, in the order in which they came. */
  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** One group for each code and severity, in the order in which they came. */
  get groups(): readonly FindingGroup[] {
    return [...this.#groups.values()];
  }

  /** How many findings of each severity there are, those left out included. */
  get counts(): Readonly<Record<Severity, number>> {
    const counts: Record<Severity, number> = { error: 0, 'refuse-write': 0, warning: 0, info: 0 };
    for (const { severity, count } of this.#groups.values()) counts[severity] += count;
    return counts;
  }
}

/** The worst severity that occurs, or `undefined` if nothing was found. */
export function worstSeverity(counts: Readonly<Record<Severity, number>>): Severity | undefined {
  return SEVERITIES.find((severity) => counts[severity] > 0);
}

/**
 * Verdict on an image. `not-vhdx`: there is no VHDX signature. `corrupt`: there is an error. `needs-attention`: the
 * disk can be read, but must not be written before it is repaired. `clean`: none of these; there may be warnings and
 * infos.
 */
export type Verdict = 'clean' | 'needs-attention' | 'corrupt' | 'not-vhdx';

/** The verdict on a VHDX with these findings. */
export function verdictOf(counts: Readonly<Record<Severity, number>>): Exclude<Verdict, 'not-vhdx'> {
  const worst = worstSeverity(counts);
  if (worst === 'error') return 'corrupt';
  return worst === 'refuse-write' ? 'needs-attention' : 'clean';
}
