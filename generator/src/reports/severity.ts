/** How bad a finding is. */
export type Severity = 'error' | 'refuse-write' | 'warning' | 'info';

/** From bad to worse. */
export const SEVERITIES: readonly Severity[] = ['info', 'warning', 'refuse-write', 'error'];

/** Whether a finding of `severity` counts as a failure, where the least that does is `failOn`. */
export function fails(severity: Severity, failOn: Severity | 'none'): boolean {
  return failOn !== 'none' && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(failOn);
}
