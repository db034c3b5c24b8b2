/** A schema as a bundler gets it: JavaScript, with all that has to be said and watched. */
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { readText } from '../cli/files.js';
import { DECLARATIONS } from '../cli/declarations.js';
import { obstacles, write } from '../cli/output.js';
import { SchemaError, reasonOf, type Diagnostic } from '../diagnostics.js';
import { compileModule, type SchemaModule } from '../module/compile-module.js';
import { declarationText } from '../module/declarations.js';
import { declarationPath } from '../module/extensions.js';
import { toJavaScript, type JavaScript } from '../module/javascript.js';
import { isOwn, type PluginSettings } from './options.js';

export interface Loaded {
  /** Undefined where the schema has errors. Its map names the schema as a file beside the module. */
  readonly output: JavaScript | undefined;
  /** Errors and warnings of the schema. */
  readonly diagnostics: readonly Diagnostic[];
  /** Other things that went wrong, none of which keeps the program from being built. */
  readonly troubles: readonly string[];
  /** Absolute paths of what the result depends on, apart from the schema; some may not be there yet. */
  readonly watched: readonly string[];
}

/** Extensions of the user's own modules, as they are looked for. */
const EXTENSIONS = ['.js', '.ts', '.mjs', '.mts', '.jsx', '.tsx'];

/** @param file absolute, with forward slashes; `text` is what it contains */
export function load(root: string, file: string, text: string, settings: PluginSettings): Loaded {
  const read = new Set<string>();
  const watched = (): string[] => [...read, settings.configFile ?? file].filter((path) => path !== file);
  try {
    const module = compileModule({
      file,
      positions: settings.positions,
      readOnly: settings.readOnly,
      reflection: settings.reflection,
      write: settings.write ? 'require' : 'auto',
      importer: {
        importPaths: settings.importPaths,
        read(path) {
          read.add(path);
          return path === file ? text : readText(path);
        },
      },
      extensionOf: (path) => extensionOf(posix.join(posix.dirname(file), path)),
    });
    const troubles = settings.declarations && isOwn(root, file) ? writeDeclarations(file, module) : [];
    const output = toJavaScript(module, { name: posix.basename(file), content: text });
    return { output, diagnostics: module.warnings, troubles, watched: watched() };
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    return { output: undefined, diagnostics: error.diagnostics, troubles: [], watched: watched() };
  }
}

/** A bundler takes `.ts` for `.js` only in imports of TypeScript. */
function extensionOf(path: string): string {
  return EXTENSIONS.find((extension) => existsSync(path + extension)) ?? '.js';
}

/** Why they could not be written. */
function writeDeclarations(file: string, module: SchemaModule): string[] {
  const path = declarationPath(file);
  if (path === undefined) return [];
  const { dir, base } = posix.parse(path);
  try {
    const output = [{ path: base, content: declarationText(module, file) }];
    const kept = obstacles(dir, output, DECLARATIONS);
    if (kept.length === 0) write(dir, output);
    return kept;
  } catch (error) {
    return [`unable to write ${path}: ${reasonOf(error)}`];
  }
}
