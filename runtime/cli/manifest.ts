import { readFileSync } from 'node:fs';

/** The package's manifest. It lies beside the folder with the built code. */
function readManifest(): Readonly<Record<string, unknown>> {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null ? { ...manifest } : {};
}

/** Where the package is at home; undefined as long as the manifest does not say. */
export function readHomepage(): string | undefined {
  const { homepage } = readManifest();
  return typeof homepage === 'string' ? homepage : undefined;
}

/** The package's version. */
export function readVersion(): string {
  const { version } = readManifest();
  return typeof version === 'string' ? version : 'unknown';
}
