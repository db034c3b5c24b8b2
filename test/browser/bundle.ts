import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** The library as a bundler makes it ready for a page. */
export interface Bundle {
  readonly code: string;
  /** What it still imports. */
  readonly imports: readonly string[];
  /** Files that it is made of. */
  readonly modules: readonly string[];
  /** What the bundler did not find and left as a call of `require`: `zlib of KaitaiStream.js`. */
  readonly unresolved: readonly string[];
  /** What else the bundler has to say. */
  readonly warnings: readonly string[];
}

/** Bundles the library for browsers, with nothing told to the bundler but that. */
export async function bundleForBrowser(): Promise<Bundle> {
  const unresolved: string[] = [];
  const warnings: string[] = [];
  const build = await rolldown({
    input: fileURLToPath(new URL('../../runtime/index.ts', import.meta.url)),
    platform: 'browser',
    onLog: (level, { code, message, id = '', exporter = '' }) => {
      if (code === 'UNRESOLVED_IMPORT') unresolved.push(`${exporter} of ${basename(id)}`);
      else if (level === 'warn') warnings.push(message);
    },
  });
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false, minify: true });
    const [chunk] = output;
    return {
      code: chunk.code,
      imports: [...chunk.imports, ...chunk.dynamicImports],
      modules: chunk.moduleIds,
      unresolved: unresolved.toSorted(),
      warnings,
    };
  } finally {
    await build.close();
  }
}
