import type { CheckReport, Finding } from '../index.js';

const MIB = 1024 * 1024;

/** A finding, its members in the order of the documentation. */
function findingJson({ rule, code, severity, section, fileOffset, length, path, message, fix }: Finding): unknown {
  const common = { rule, code, severity, section, fileOffset, length, path, message };
  return fix === undefined ? common : { ...common, fix };
}

/**
 * The report on an image, with the keys of `qemu-img check --output=json` and its own. `check-errors` counts what kept
 * the check from being complete; such an image has no report, so it is 0. `corruptions` counts the errors, `leaks` the
 * MiBs between the structures of the file that nothing refers to; they are no fault.
 */
export function checkJson(filename: string, report: CheckReport): unknown {
  const { verdict, counts, space, findings, groups } = report;
  const omitted = groups
    .filter(({ count, shown }) => count > shown)
    .map(({ rule, code, severity, count, shown }) => ({ rule, code, severity, count: count - shown }));
  return {
    filename,
    format: 'vhdx',
    verdict,
    'check-errors': 0,
    corruptions: verdict === 'not-vhdx' ? 0 : counts.error,
    leaks: space === undefined ? 0 : Math.ceil((space.freeBytes - space.trailingBytes) / MIB),
    findings: findings.map(findingJson),
    // Findings of one kind are capped; this says how many more there are.
    ...(omitted.length === 0 ? {} : { omitted }),
  };
}
