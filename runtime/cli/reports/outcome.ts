/** The outcome of a check, image by image, and the order of severities. */
import type { CheckReport, Finding, ParentVerdict, Profile, RepairPlan, Severity, Verdict } from '../../index.js';
import { VhdxError } from '../../index.js';
import type { Locations } from './locations.js';

/** The least severity of a finding that makes the exit code nonzero. */
export type FailOn = 'error' | 'refuse-write' | 'warning';

/** What was repaired, or would be. */
export interface Repair extends Pick<RepairPlan, 'actions' | 'refusals'> {
  /** False if nothing was written: it was not wanted, or there was nothing to do. */
  readonly done: boolean;
  /** Why it was not done, if that was wanted. */
  readonly failure?: unknown;
}

/** A report with the parents that were checked too, and what was repaired before the check. */
export type ImageReport = CheckReport & {
  readonly parents?: readonly ParentVerdict[];
  readonly repair?: Repair;
};

/** Outcome for one image: a report, or the error that prevented its check. */
export type Outcome =
  | { readonly image: string; readonly report: ImageReport }
  | { readonly image: string; readonly report: undefined; readonly error: unknown };

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
  /** Whether everything is in the summary of a GitHub step. */
  readonly hasSummary: boolean;
  /** Version of this program. */
  readonly version: string;
  /** Where its documentation is; left out where that is not known. */
  readonly homepage?: string | undefined;
}

const RANKS: Readonly<Record<Severity, number>> = { error: 0, 'refuse-write': 1, warning: 2, info: 3 };

/** Whether a finding of this severity makes the exit code nonzero. */
export function fails(severity: Severity, failOn: FailOn): boolean {
  return RANKS[severity] <= RANKS[failOn];
}

/** Findings with the worst ones first; those of one severity as they came. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((one, other) => RANKS[one.severity] - RANKS[other.severity]);
}

/** What is known of an image that could not be checked. */
export function failureOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof VhdxError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL_ERROR', message: error instanceof Error ? error.message : String(error) };
}
