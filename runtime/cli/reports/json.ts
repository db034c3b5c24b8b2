/** The report of a check as JSON. */
import type { Finding } from '../../index.js';
import { helpUri } from './help-uri.js';
import { failureOf, type ImageReport, type Outcome, type Repair, imageVerdictOf } from './outcome.js';

const MIB = 1024 * 1024;

/** A finding, its members in the order of the documentation. */
function findingJson(found: Finding, homepage: string | undefined): object {
  const { rule, code, severity, section, fileOffset, length, path, message, fix, image } = found;
  const common = { rule, code, severity, section, fileOffset, length, path, message };
  const uri = helpUri(code, homepage);
  return {
    ...common,
    ...(fix === undefined ? {} : { fix }),
    ...(uri === undefined ? {} : { helpUri: uri }),
    ...(image === undefined ? {} : { image }),
  };
}

/** What was repaired, or would be, its members in the order of the documentation. */
function repairJson({ done, steps, refusals, bytes, fileSize, newFileSize, failure }: Repair): unknown {
  return {
    done,
    operation: 'repair',
    steps: steps.map(({ kind, rule, code, fileOffset, length, message, bytes: ofStep }) => {
      return { kind, rule, code, fileOffset, length, message, bytes: ofStep };
    }),
    refusals: refusals.map(({ rule, code, fileOffset, message, remedy }) => {
      return { rule, code, fileOffset, message, remedy };
    }),
    ...(bytes === undefined ? {} : { bytes, fileSize, newFileSize }),
    ...(failure === undefined ? {} : { failure: failureOf(failure) }),
  };
}

/**
 * The entry of an image, with the keys of `qemu-img check --output=json` and its own. `check-errors` is 1 for an image
 * that could not be checked; its entry has the reason instead of findings. `corruptions` counts the errors, `leaks` the
 * MiBs between the structures of the file that nothing refers to; they are no fault. Its form is that of
 * `report.schema.json`.
 */
export function checkJson(outcome: Outcome, homepage?: string): unknown {
  const { image, shard } = outcome;
  const place = shard === undefined ? {} : { shard };
  const common = { filename: image, format: 'vhdx', verdict: imageVerdictOf(outcome), ...place };
  if (outcome.report !== undefined) return { ...common, ...reportJson(outcome.report, homepage) };
  const nothing = { 'check-errors': 1, corruptions: 0, leaks: 0, findings: [] };
  return { ...common, ...failureOf(outcome.error), ...nothing };
}

function reportJson(report: ImageReport, homepage: string | undefined): object {
  const { verdict, view, counts, space, findings, groups, parents, repair, suppressed, unchanged } = report;
  const omitted = groups
    .filter(({ count, shown }) => count > shown)
    .map(({ rule, code, severity, count, shown }) => ({ rule, code, severity, count: count - shown }));
  return {
    view,
    ...(unchanged === undefined ? {} : { unchanged }),
    'check-errors': 0,
    corruptions: verdict === 'not-vhdx' ? 0 : counts.error,
    leaks: space === undefined ? 0 : Math.ceil((space.freeBytes - space.trailingBytes) / MIB),
    findings: findings.map((found) => findingJson(found, homepage)),
    ...(parents === undefined
      ? {}
      : { parents: parents.map(({ image, verdict: ofParent }) => ({ filename: image, verdict: ofParent })) }),
    ...(suppressed === undefined
      ? {}
      : { suppressed: suppressed.map((each) => ({ ...findingJson(each, homepage), suppression: each.suppression })) }),
    ...(repair === undefined ? {} : { repair: repairJson(repair) }),
    // Findings of one kind are capped; this says how many more there are.
    ...(omitted.length === 0 ? {} : { omitted }),
  };
}
