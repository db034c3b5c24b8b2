/** The version and the other facts in the manifest of the package. */
import { readFileSync } from 'node:fs';

function manifestAt(place: string | URL): Readonly<Record<string, unknown>> {
  const manifest: unknown = JSON.parse(readFileSync(place, 'utf8'));
  return typeof manifest === 'object' && manifest !== null ? { ...manifest } : {};
}

/** The package's manifest. It lies beside the folder with the built code. */
function readManifest(): Readonly<Record<string, unknown>> {
  return manifestAt(new URL('../../../package.json', import.meta.url));
}

function versionOf({ version }: Readonly<Record<string, unknown>>): string {
  return typeof version === 'string' ? version : 'unknown';
}

/** Where the package is at home; undefined as long as the manifest does not say. */
export function readHomepage(): string | undefined {
  const { homepage } = readManifest();
  return typeof homepage === 'string' ? homepage : undefined;
}

/** The package's version. */
export function readVersion(): string {
  return versionOf(readManifest());
}

/** The version in the manifest of another package. */
export function versionIn(manifest: string): string {
  return versionOf(manifestAt(manifest));
}
