import { readFileSync } from 'node:fs';

/** The package's manifest. It lies beside the folder with the built code. */
export function readManifest(): Readonly<Record<string, unknown>> {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null ? { ...manifest } : {};
}

/** The package's version. */
export function readVersion(): string {
  const { version } = readManifest();
  return typeof version === 'string' ? version : 'unknown';
}
