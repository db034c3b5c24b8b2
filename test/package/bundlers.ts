/** Bundlers, told nothing but which file to begin with and where the result goes: for browsers is what all take for granted. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build as esbuild } from 'esbuild';
import { rolldown } from 'rolldown';
import { rollup } from 'rollup';
import { build as vite } from 'vite';
import webpack from 'webpack';
import { installed, run } from '../support/packed.js';

/** Bundles `entry` of the project in `folder` into `main.js` of `target`; what the bundler warns of. */
export type Bundler = (folder: string, entry: string, target: string) => Promise<readonly string[]>;

/** The program, which a script of the package puts in its place after installing, if scripts may run. */
function bunProgram(): string {
  const platform = `@oven/bun-${process.platform}-${process.arch}/bin/bun`;
  const candidates = [installed(platform), installed('bun', 'bin/bun.exe')];
  return candidates.find((path) => existsSync(path)) ?? 'bun';
}

export const BUNDLERS: Readonly<Record<string, Bundler>> = {
  esbuild: async (folder, entry, target) => {
    const { warnings } = await esbuild({
      entryPoints: [join(folder, entry)],
      bundle: true,
      // Top-level await of the entry; as scripts, which is the default, they could not have it.
      format: 'esm',
      minify: true,
      outfile: join(target, 'main.js'),
      logLevel: 'silent',
    });
    return warnings.map(({ text }) => text);
  },

  Vite: async (folder, entry, target) => {
    const warnings: string[] = [];
    await vite({
      root: folder,
      configFile: false,
      logLevel: 'silent',
      build: {
        outDir: target,
        rolldownOptions: {
          input: join(folder, entry),
          output: { entryFileNames: 'main.js' },
          onwarn: ({ message }) => warnings.push(message),
        },
      },
    });
    return warnings;
  },

  webpack: (folder, entry, target) =>
    new Promise((resolve, reject) => {
      webpack(
        {
          mode: 'production',
          context: folder,
          entry: `./${entry}`,
          output: { path: target, filename: 'main.js' },
          // Its limit of 244 KiB before compression is for pages that everybody has to wait for.
          performance: false,
        },
        (error, stats) => {
          const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
          if (error !== null) reject(error);
          else if (errors.length > 0) reject(new Error(errors.map(({ message }) => message).join('\n')));
          else resolve(warnings.map(({ message }) => message));
        },
      );
    }),

  // Rollup finds nothing in `node_modules` without this plugin of its own, which has to be told that it is for browsers;
  // lru-cache would otherwise try to load a module of Node, and go on without it.
  Rollup: async (folder, entry, target) => {
    const warnings: string[] = [];
    const build = await rollup({
      input: join(folder, entry),
      plugins: [nodeResolve({ browser: true })],
      onwarn: ({ message }) => warnings.push(message),
    });
    await build.write({ file: join(target, 'main.js') });
    await build.close();
    return warnings;
  },

  rolldown: async (folder, entry, target) => {
    const warnings: string[] = [];
    const build = await rolldown({
      input: join(folder, entry),
      cwd: folder,
      onLog: (level, { message }) => {
        if (level === 'warn') warnings.push(message);
      },
    });
    await build.write({ file: join(target, 'main.js') });
    await build.close();
    return warnings;
  },

  Bun: async (folder, entry, target) => {
    const output = run(bunProgram(), ['build', entry, '--outfile', join(target, 'main.js')], folder);
    return output.split('\n').filter((line) => /warn/i.test(line));
  },
};
