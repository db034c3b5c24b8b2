/** The outcome of a check, image by image, and the order of severities. */
import { SEVERITIES } from 'ksy-ts/reports';
import type { CheckReport, Finding, ParentVerdict, Profile, RepairPlan, Severity, Verdict } from '../../index.js';
import { VhdxError } from '../../index.js';
import type { Locations } from './locations.js';

/** The least severity of a finding that makes the exit code nonzero. */
export type FailOn = Exclude<Severity, 'info'> | 'none';

/** What was repaired, or would be. */
export interface Repair
  extends Pick<RepairPlan, 'steps' | 'refusals'>, Partial<Pick<RepairPlan, 'bytes' | 'fileSize' | 'newFileSize'>> {
  /** False if nothing was written: it was not wanted, or there was nothing to do. */
  readonly done: boolean;
  /** Why it was not done, if that was wanted. */
  readonly failure?: unknown;
}

/** Why a finding does not count. */
export interface Suppression {
  /** By `--ignore` or `ignore`, by the baseline, or because its rule is off. */
  readonly kind: 'ignored' | 'baseline' | 'rule-off';
  readonly reason?: string;
  /** The last day, as 2026-12-31. */
  readonly expires?: string;
}

/** A finding that is there, and does not count. */
export interface SuppressedFinding extends Finding {
  readonly suppression: Suppression;
}

/** A report with the parents that were checked too, and what was repaired before the check. */
export interface ImageReport extends Pick<
  CheckReport,
  'verdict' | 'findings' | 'groups' | 'counts' | 'view' | 'space' | 'checked'
> {
  readonly parents?: readonly ParentVerdict[];
  readonly repair?: Repair;
  /** What was found and does not count: it is in none of the other members. Left out if there is nothing. */
  readonly suppressed?: readonly SuppressedFinding[];
  /** Whether it is that of an earlier check, because the image has not changed since. */
  readonly unchanged?: true;
}

/** The place of an image among those of all shards. */
export interface ShardPlace {
  /** Counts from 0. */
  readonly position: number;
  /** How many images there are in all. */
  readonly of: number;
}

/** What became of one image: a report, or what kept it from being checked. */
export type Outcome = {
  /** Its name as it is printed. */
  readonly image: string;
  /** How long that took; left out where nobody wants to know. */
  readonly milliseconds?: number;
  /** Left out if the report is on all images. */
  readonly shard?: ShardPlace;
} & ({ readonly report: ImageReport } | { readonly report: undefined; readonly error: unknown });

/** The verdict on an image, also on one that could not be checked. */
export type ImageVerdict = Verdict | 'unreadable';

export function imageVerdictOf({ report }: Outcome): ImageVerdict {
  return report?.verdict ?? 'unreadable';
}

/** What a form of the report needs to know beside the outcomes. */
export interface ReportContext {
  readonly failOn: FailOn;
  readonly profiles: readonly Profile[];
  /** Whether parents were checked. */
  readonly chain: boolean;
  /** Whether several images were asked for, or a folder. */
  readonly isList: boolean;
  readonly locations: Locations;
  /** Whether everything is in the summary of a GitHub step; known when the last image has been checked. */
  readonly hasSummary: boolean;
  /** Whether a report of tests has those of all rules, and not only of those that were broken. */
  readonly allRules: boolean;
  /** Version of this program. */
  readonly version: string;
  /** Where its documentation is; left out where that is not known. */
  readonly homepage?: string | undefined;
}

/** Findings with the worst ones first; those of one severity as they came. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((one, other) => SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity));
}

const SUPPRESSION_TEXTS: Readonly<Record<Suppression['kind'], string>> = {
  ignored: 'ignored',
  baseline: 'known by the baseline',
  'rule-off': 'its rule is off',
};

/** Why a finding does not count: `ignored until 2026-12-31: to be replaced`. */
export function suppressionText({ kind, reason, expires }: Suppression): string {
  const end = expires === undefined ? '' : ` until ${expires}`;
  return `${SUPPRESSION_TEXTS[kind]}${end}${reason === undefined ? '' : `: ${reason}`}`;
}

/** What is known of an image that could not be checked. */
export function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof VhdxError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL_ERROR', message: error instanceof Error ? error.message : String(error) };
}
