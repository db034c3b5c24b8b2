import { readManifest } from '../manifest.js';

let base: URL | undefined | null;

/** What addresses count from: the homepage of the manifest as a folder; null as long as it names none. */
function findBase(): URL | null {
  const { homepage } = readManifest();
  if (typeof homepage !== 'string' || !/^https?:/.test(homepage)) return null;
  const url = new URL(homepage);
  url.hash = '';
  url.search = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

/** Where the documentation explains a code; `undefined` as long as the manifest has no homepage that it could be on. */
export function helpUri(code: string): string | undefined {
  base ??= findBase();
  return base === null ? undefined : new URL(`docs/findings.md#${code.toLowerCase()}`, base).href;
}
