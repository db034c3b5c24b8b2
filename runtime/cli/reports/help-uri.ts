/** Links from reports to the documentation of a code. */
/**
 * Where the documentation explains a code: `docs/findings.md` below `homepage`, as the manifest has it. `undefined` as
 * long as it names none.
 */
export function helpUri(code: string, homepage: string | undefined): string | undefined {
  if (homepage === undefined || !/^https?:/.test(homepage)) return undefined;
  const url = new URL(homepage);
  url.search = '';
  url.hash = '';
  url.pathname = `${url.pathname.replace(/\/$/, '')}/docs/findings.md`;
  url.hash = code.toLowerCase();
  return url.href;
}
