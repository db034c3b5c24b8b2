/** Bounds how many findings a report lists. */
import type { ImageReport } from './outcome.js';
import { worstFirst } from './outcome.js';

/** The report with at most `most` findings, the worst of them, in their order. What is left out is counted. */
export function limitFindings(report: ImageReport, most: number): ImageReport {
  if (report.findings.length <= most) return report;
  const kept = new Set(worstFirst(report.findings).slice(0, most));
  const findings = report.findings.filter((each) => kept.has(each));
  const groups = report.groups.map((group) => {
    const { code, severity } = group;
    const shown = findings.filter((each) => each.code === code && each.severity === severity).length;
    return { ...group, shown };
  });
  return { ...report, findings, groups };
}
