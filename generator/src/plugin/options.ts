/** What the plugin was told: its options, and the settings of the project. */
import { relative, resolve } from 'node:path';
import { findConfig, readConfig, type Settings } from '../cli/config.js';

/** Options of the plugin. What is not given comes from the settings of the project, if it has some. */
export interface PluginOptions {
  /** Folders in which absolute imports (`/common/…`) are looked for, relative to the root of the project. */
  readonly importPaths?: string | readonly string[];
  /** Record where every field was read, in `_debug` of its object. */
  readonly positions?: boolean;
  /** Readers only: no writers, and properties that cannot be set. */
  readonly readOnly?: boolean;
  /** Also export what the schemas say of each type (`PngSchema`), for JSON and trees. */
  readonly reflection?: boolean;
  /** Refuse schemas with types that can be read but not written. */
  readonly write?: boolean;
  /** Write the types of each schema beside it, as `png.d.ksy.ts`; true unless given. */
  readonly declarations?: boolean;
  /** The file with the settings; by default that of the root or the nearest folder above it. `false`: none. */
  readonly config?: string | false;
}

/** In effect for one build. */
export interface PluginSettings {
  /** Absolute. */
  readonly importPaths: readonly string[];
  readonly positions: boolean;
  readonly readOnly: boolean;
  readonly reflection: boolean;
  readonly write: boolean;
  readonly declarations: boolean;
  /** Absolute path of the file with settings. */
  readonly configFile: string | undefined;
}

const FLAGS = ['positions', 'readOnly', 'reflection', 'write', 'declarations'] as const;
const KEYS: readonly string[] = ['importPaths', 'config', ...FLAGS];

/** @throws {TypeError} where options are none that there are */
export function checkOptions(options: PluginOptions): void {
  const unknown = Object.keys(options).find((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw new TypeError(`ksy-ts/plugin: unknown option '${unknown}', expected: ${KEYS.join(', ')}`);
  for (const flag of FLAGS)
    if (!['boolean', 'undefined'].includes(typeof options[flag]))
      throw new TypeError(`ksy-ts/plugin: '${flag}': expected true or false`);
}

/** @throws {Error} where the settings of the project are wrong */
export function settingsFor(root: string, options: PluginOptions): PluginSettings {
  const found = configOf(root, options);
  const { importPath = [], ...settings }: Partial<Settings> = found?.settings ?? {};
  const given = options.importPaths === undefined ? undefined : [options.importPaths].flat();
  const flag = (name: (typeof FLAGS)[number], otherwise: boolean): boolean =>
    options[name] ?? settings[name] ?? otherwise;
  return {
    importPaths: (given?.map((path) => resolve(root, path)) ?? importPath.map((path) => resolve(path))).map(posixPath),
    positions: flag('positions', false),
    readOnly: flag('readOnly', false),
    reflection: flag('reflection', false),
    write: flag('write', false),
    declarations: flag('declarations', true),
    configFile: found === undefined ? undefined : posixPath(resolve(found.file)),
  };
}

function configOf(root: string, { config }: PluginOptions): ReturnType<typeof findConfig> {
  if (config === false) return undefined;
  return config === undefined ? findConfig(root) : readConfig(resolve(root, config));
}

/** As bundlers and schemas name files. */
export const posixPath = (path: string): string => path.replaceAll('\\', '/');

/** Whether a file is the project's own: below its root, and no part of a package. */
export function isOwn(root: string, file: string): boolean {
  const path = posixPath(relative(root, file));
  return !path.startsWith('../') && !/^(?:[a-z]:|\/)/i.test(path) && !`/${path}`.includes('/node_modules/');
}
