/** What the tests look at in a report of `vhdx check --format json`. */
export interface Report {
  readonly filename: string;
  readonly verdict: string;
  readonly findings: readonly { readonly severity: string; readonly code: string }[];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isReport(value: unknown): value is Report {
  if (!isRecord(value) || typeof value['filename'] !== 'string' || typeof value['verdict'] !== 'string') return false;
  const { findings } = value;
  const isFinding = (found: unknown): boolean =>
    isRecord(found) && typeof found['severity'] === 'string' && typeof found['code'] === 'string';
  return Array.isArray(findings) && findings.every(isFinding);
}

/** The reports on several images. */
export function reportsOf(json: string): readonly Report[] {
  const value: unknown = JSON.parse(json);
  if (!Array.isArray(value) || !value.every(isReport)) throw new TypeError('this is no array of reports');
  return value;
}
