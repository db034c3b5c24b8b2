import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** The library as a bundler makes it ready for a page. */
export interface Bundle {
  readonly code: string;
  /** What it still imports. */
  readonly imports: readonly string[];
  /** Files that it is made of. */
  readonly modules: readonly string[];
  /** What the bundler has to say: a module that it does not find, among others. */
  readonly warnings: readonly string[];
}

/** Bundles the library for browsers, with nothing told to the bundler but that. */
export async function bundleForBrowser(): Promise<Bundle> {
  const warnings: string[] = [];
  const build = await rolldown({
    input: fileURLToPath(new URL('../../runtime/index.ts', import.meta.url)),
    platform: 'browser',
    onLog: (level, { message }) => {
      if (level === 'warn') warnings.push(message);
    },
  });
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false, minify: true });
    const [chunk] = output;
    return {
      code: chunk.code,
      imports: [...chunk.imports, ...chunk.dynamicImports],
      modules: chunk.moduleIds,
      warnings,
    };
  } finally {
    await build.close();
  }
}
