import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Makes one file of a program here and what it imports, and returns its path. */
export function bundled(name: string): string {
  const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  const outfile = pathOf(`./${name}.bundled.mjs`);
  buildSync({
    entryPoints: [pathOf(`./${name}.js`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Native code.
    external: ['@node-rs/crc32', 'fs-native-extensions'],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
}
