/** Bundlers with `ksy-ts/plugin`, as a project's own scripts would call them: one build, and builds after every change. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rspack, type RspackOptions, type RspackPluginInstance } from '@rspack/core';
import { context, type BuildOptions, type BuildResult, type Message, type Plugin as EsbuildPlugin } from 'esbuild';
import { rolldown, watch as watchRolldown } from 'rolldown';
import { rollup, watch as watchRollup, type Plugin as RollupPlugin } from 'rollup';
import { build as vite, type Plugin as VitePlugin } from 'vite';
import webpack, { type Configuration, type StatsError, type WebpackPluginInstance } from 'webpack';

/** `ksyTs` of the installed package. */
export interface Plugin {
  vite(options?: object): VitePlugin;
  rollup(options?: object): RollupPlugin;
  rolldown(options?: object): never;
  webpack(options?: object): WebpackPluginInstance;
  rspack(options?: object): RspackPluginInstance;
  esbuild(options?: object): EsbuildPlugin;
}

/** The plugin that a project has installed. */
export async function pluginOf(folder: string): Promise<Plugin> {
  const path = createRequire(join(folder, 'main.js')).resolve('ksy-ts/plugin');
  const { default: plugin } = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default: Plugin };
  return plugin;
}

/** What a bundler says of a module; line and column as it counts them. */
export interface Problem {
  readonly text: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** What the bundler shows of the schema, where it says so. */
  readonly lineText?: string | undefined;
}

export interface Outcome {
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export interface Bundler {
  /** Bundles `src/main.js` into `out/NAME.mjs`, with a map beside it. */
  build(folder: string, plugin: Plugin): Promise<Outcome>;
  /** The same, again after every change; the result ends it. */
  watch(folder: string, plugin: Plugin, report: (outcome: Outcome) => void): Promise<() => Promise<void>>;
}

interface RollupLog {
  readonly message: string;
  readonly loc?: { readonly file?: string | undefined; readonly line: number; readonly column: number } | undefined;
}

const problemOf = ({ message, loc }: RollupLog): Problem => ({
  text: message,
  file: loc?.file,
  line: loc?.line,
  column: loc?.column,
});

/** rolldown, and with it Vite, gathers errors. */
function problemsOf(error: unknown): Problem[] {
  const { errors } = error as { readonly errors?: readonly RollupLog[] };
  return errors === undefined ? [problemOf(error as RollupLog)] : errors.map(problemOf);
}

async function attempt(warnings: readonly Problem[], run: () => Promise<void>): Promise<Outcome> {
  try {
    await run();
    return { errors: [], warnings };
  } catch (error) {
    return { errors: problemsOf(error), warnings };
  }
}

const target = (folder: string, name: string): string => join(folder, 'out', `${name}.mjs`);
const entry = (folder: string): string => join(folder, 'src/main.js');

const esbuildProblem = ({ text, location }: Message): Problem => ({
  text,
  file: location?.file,
  line: location?.line,
  column: location?.column,
  lineText: location?.lineText,
});

const esbuildOutcome = ({ errors, warnings }: Pick<BuildResult, 'errors' | 'warnings'>): Outcome => ({
  errors: errors.map(esbuildProblem),
  warnings: warnings.map(esbuildProblem),
});

const esbuildOptions = (folder: string, plugin: Plugin): BuildOptions => ({
  absWorkingDir: folder,
  entryPoints: [entry(folder)],
  bundle: true,
  format: 'esm',
  outfile: target(folder, 'esbuild'),
  sourcemap: true,
  logLevel: 'silent',
  plugins: [plugin.esbuild()],
});

/** What webpack and Rspack have in common. */
interface Packing {
  run(done: (error: Error | null, stats: PackedStats | undefined) => void): void;
  watch(
    options: object,
    report: (error: Error | null, stats: PackedStats | undefined) => void,
  ): { close(done: () => void): void } | undefined;
  close(done: () => void): void;
}
interface PackedStats {
  toJson(options: object): { readonly errors?: PackedProblem[]; readonly warnings?: PackedProblem[] };
}
type PackedProblem = Pick<StatsError, 'message' | 'moduleName'>;

const packingOptions = (folder: string, name: string): Configuration & RspackOptions => ({
  mode: 'development',
  devtool: 'source-map',
  context: folder,
  entry: './src/main.js',
  output: { path: join(folder, 'out'), filename: `${name}.mjs` },
});

const packingProblem = ({ message, moduleName }: PackedProblem): Problem => ({
  text: message,
  file: moduleName,
  line: undefined,
  column: undefined,
});

function packingOutcome(stats: PackedStats | undefined): Outcome {
  const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
  return { errors: errors.map(packingProblem), warnings: warnings.map(packingProblem) };
}

const packing = (start: (folder: string, plugin: Plugin) => Packing): Bundler => ({
  build: (folder, plugin) =>
    new Promise((resolve, reject) => {
      const compiler = start(folder, plugin);
      compiler.run((error, stats) => {
        compiler.close(() => (error === null ? resolve(packingOutcome(stats)) : reject(error)));
      });
    }),
  async watch(folder, plugin, report) {
    const watching = start(folder, plugin).watch({}, (_error, stats) => {
      report(packingOutcome(stats));
    });
    return () =>
      new Promise((resolve) => {
        watching?.close(() => resolve());
      });
  },
});

export const BUNDLERS: Readonly<Record<string, Bundler>> = {
  esbuild: {
    async build(folder, plugin) {
      const started = await context(esbuildOptions(folder, plugin));
      try {
        return esbuildOutcome(await started.rebuild());
      } catch (error) {
        return esbuildOutcome(error as BuildResult);
      } finally {
        await started.dispose();
      }
    },
    async watch(folder, plugin, report) {
      const options = esbuildOptions(folder, plugin);
      const reporting: EsbuildPlugin = {
        name: 'report',
        setup(build) {
          build.onEnd((result) => {
            report(esbuildOutcome(result));
          });
        },
      };
      const started = await context({ ...options, plugins: [...(options.plugins ?? []), reporting] });
      await started.watch();
      return () => started.dispose();
    },
  },

  Rollup: {
    build(folder, plugin) {
      const warnings: Problem[] = [];
      return attempt(warnings, async () => {
        const build = await rollup({
          input: entry(folder),
          plugins: [plugin.rollup()],
          onwarn: (log) => warnings.push(problemOf(log)),
        });
        await build.write({ file: target(folder, 'Rollup'), sourcemap: true });
        await build.close();
      });
    },
    async watch(folder, plugin, report) {
      let warnings: Problem[] = [];
      const watcher = watchRollup({
        input: entry(folder),
        output: { file: target(folder, 'Rollup'), sourcemap: true },
        plugins: [plugin.rollup()],
        onwarn: (log) => warnings.push(problemOf(log)),
      });
      watcher.on('event', async (event) => {
        if (event.code === 'START') warnings = [];
        if (event.code === 'ERROR') report({ errors: problemsOf(event.error), warnings });
        if (event.code === 'END') report({ errors: [], warnings });
        if ('result' in event) await event.result?.close();
      });
      return () => watcher.close();
    },
  },

  rolldown: {
    build(folder, plugin) {
      const warnings: Problem[] = [];
      return attempt(warnings, async () => {
        const build = await rolldown({
          input: entry(folder),
          cwd: folder,
          plugins: [plugin.rolldown()],
          onLog: (_level, log) => warnings.push(problemOf(log)),
        });
        await build.write({ file: target(folder, 'rolldown'), sourcemap: true });
        await build.close();
      });
    },
    async watch(folder, plugin, report) {
      let warnings: Problem[] = [];
      const watcher = watchRolldown({
        input: entry(folder),
        cwd: folder,
        output: { file: target(folder, 'rolldown'), sourcemap: true },
        plugins: [plugin.rolldown()],
        onLog: (_level, log) => warnings.push(problemOf(log)),
      });
      watcher.on('event', async (event) => {
        if (event.code === 'START') warnings = [];
        if (event.code === 'ERROR') report({ errors: problemsOf(event.error), warnings });
        if (event.code === 'END') report({ errors: [], warnings });
        if ('result' in event) await event.result.close();
      });
      return () => watcher.close();
    },
  },

  Vite: {
    build(folder, plugin) {
      const warnings: Problem[] = [];
      return attempt(warnings, async () => {
        await vite({
          root: folder,
          configFile: false,
          logLevel: 'silent',
          plugins: [plugin.vite()],
          build: {
            outDir: join(folder, 'out'),
            emptyOutDir: false,
            minify: false,
            sourcemap: true,
            rolldownOptions: {
              input: entry(folder),
              output: { entryFileNames: 'Vite.mjs' },
              onwarn: (log) => warnings.push(problemOf(log)),
            },
          },
        });
      });
    },
    /** Its watching build; its server is tested with a browser. */
    async watch(folder, plugin, report) {
      const warnings: Problem[] = [];
      const watcher = await vite({
        root: folder,
        configFile: false,
        logLevel: 'silent',
        plugins: [plugin.vite()],
        build: {
          watch: {},
          outDir: join(folder, 'out'),
          emptyOutDir: false,
          minify: false,
          sourcemap: true,
          rolldownOptions: {
            input: entry(folder),
            output: { entryFileNames: 'Vite.mjs' },
            onwarn: (log) => warnings.push(problemOf(log)),
          },
        },
      });
      if (!('on' in watcher)) throw new TypeError('Vite does not watch');
      watcher.on('event', async (event) => {
        if (event.code === 'ERROR') report({ errors: problemsOf(event.error), warnings });
        if (event.code === 'END') report({ errors: [], warnings });
        if ('result' in event) await event.result?.close();
      });
      return () => watcher.close();
    },
  },

  webpack: packing((folder, plugin) => webpack({ ...packingOptions(folder, 'webpack'), plugins: [plugin.webpack()] })),

  Rspack: packing((folder, plugin) => rspack({ ...packingOptions(folder, 'Rspack'), plugins: [plugin.rspack()] })),
};
