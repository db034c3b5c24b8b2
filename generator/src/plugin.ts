/**
 * `ksy-ts/plugin`: schemas as modules of bundlers.
 *
 *     import { Png } from "./png.ksy";
 *
 * A schema becomes the module that `ksy-ts` would generate from it. The support modules come from this package, once for
 * all schemas of a program.
 */
import { fileURLToPath } from 'node:url';
import { createUnplugin, type UnpluginFactory, type UnpluginInstance } from 'unplugin';
import { readText } from './cli/files.js';
import { RUNTIME } from './module/compile-module.js';
import { load } from './plugin/load.js';
import { checkOptions, posixPath, settingsFor, type PluginOptions } from './plugin/options.js';
import { addLine, Reporter, type ErrorStyle } from './plugin/report.js';

export type { PluginOptions } from './plugin/options.js';

/** A schema, not its text or its address (`?raw`, `?url`): queries that Vite adds make no difference. */
const SCHEMA = /\.ksy(?:\?(?:(?:import|[tv]=[^&]*)(?:&|$))+)?$/;
const OF_RUNTIME = /^ksy-ts\/runtime(?:\/[\w-]+\.js)?$/;

/** A file of the runtime: the same one, whoever imports it from wherever. */
function runtimeFile(id: string): string {
  const path = id === RUNTIME ? './runtime/index.js' : `./support${id.slice(RUNTIME.length)}`;
  return fileURLToPath(new URL(path, import.meta.url));
}

/** They take sources of a map for files of the folder that they run in. */
const LIKE_WEBPACK: ReadonlySet<string> = new Set(['webpack', 'rspack', 'rsbuild']);

const ERROR_STYLES: Readonly<Record<string, ErrorStyle>> = {
  rollup: 'first',
  rolldown: 'first',
  vite: 'first',
  unloader: 'first',
  esbuild: 'all',
};

const factory: UnpluginFactory<PluginOptions | undefined, false> = (options = {}, { framework }) => {
  checkOptions(options);
  let root = process.cwd();
  /** By schemas with errors: what they depend on. */
  const broken = new Map<string, ReadonlySet<string>>();
  return {
    name: 'ksy-ts',
    // Before what would take a schema for something else.
    enforce: 'pre',
    // esbuild would look for what is resolved here among virtual modules.
    ...(framework === 'esbuild' ? {} : { resolveId: { filter: { id: OF_RUNTIME }, handler: runtimeFile } }),
    transform: {
      filter: { id: SCHEMA },
      handler(text, id) {
        const file = posixPath(id.replace(/\?.*$/, ''));
        const { output, diagnostics, troubles, watched } = load(root, file, text, settingsFor(root, options));
        for (const each of watched) this.addWatchFile(each);
        for (const each of troubles) this.warn(each);
        if (output === undefined) broken.set(file, new Set(watched));
        else broken.delete(file);
        const reporter = new Reporter(this, root, (path) => (path === file ? text : readText(path)));
        reporter.report(diagnostics, ERROR_STYLES[framework] ?? 'thrown');
        if (output === undefined) return { moduleType: 'js', code: '' };
        const { code, map } = output;
        return { moduleType: 'js', code, map: LIKE_WEBPACK.has(framework) ? { ...map, sources: [file] } : map };
      },
    },
    vite: {
      config: () => ({ optimizeDeps: { exclude: [RUNTIME] } }),
      configResolved(config) {
        ({ root } = config);
      },
      // Vite does not know yet what a module imports that it could not have: a page that waits for it is loaded again.
      hotUpdate({ file }) {
        if ([...broken.values()].some((files) => files.has(posixPath(file))))
          this.environment.hot.send({ type: 'full-reload', triggeredBy: file });
      },
    },
    webpack(compiler) {
      root = compiler.context;
    },
    rspack(compiler) {
      root = compiler.context;
    },
    esbuild: {
      loader: 'js',
      onLoadFilter: /\.ksy$/,
      config({ absWorkingDir }) {
        root = absWorkingDir ?? root;
      },
      setup(build) {
        build.onResolve({ filter: OF_RUNTIME }, ({ path }) => ({ path: runtimeFile(path) }));
        // What reports to esbuild has no form for the text of a line, which it shows below the message.
        const onLoad = build.onLoad.bind(build);
        build.onLoad = (given, callback) => {
          onLoad(given, async (args) => {
            const result = await callback(args);
            for (const message of [...(result?.errors ?? []), ...(result?.warnings ?? [])]) addLine(message.location);
            return result;
          });
        };
      },
    },
    bun: { loader: 'js' },
  };
};

/** One function for each bundler: `ksyTs.vite(options)`, `.rollup`, `.rolldown`, `.webpack`, `.rspack`, `.esbuild`, `.bun`. */
const plugin: UnpluginInstance<PluginOptions | undefined, false> = createUnplugin(factory);
export default plugin;
