/** `ks-version`: the oldest compiler that understands a schema. */

/** The version of the language that this front end reads. */
export const LANGUAGE_VERSION = '0.11';
const OLDEST = [0, 6];

/** `X.Y` or `X.Y.Z` without leading zeros. */
export function parseVersion(text: string): readonly number[] | undefined {
  return /^(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){1,2}$/.test(text) ? text.split('.').map(Number) : undefined;
}

export function isSupportedVersion(version: readonly number[], bound: 'oldest' | 'newest'): boolean {
  if (bound === 'oldest') return compareVersions(version, OLDEST) >= 0;
  return compareVersions(version, LANGUAGE_VERSION.split('.').map(Number)) <= 0;
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
