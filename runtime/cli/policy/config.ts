/** `vhdx.config.json`, or the member `vhdx` of `package.json`: what a team has agreed on. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { SEVERITIES, type VhdxCode } from '../../rules.js';
import type { Severity } from '../../index.js';
import { systemPath } from '../../node.js';
import { isOwn } from '../own-file.js';
import { UsageError } from '../usage-error.js';
import { codeNamed } from './code-name.js';
import { isDay } from './day.js';

/** How bad a finding is to be; `off`: not at all. */
export type Level = Severity | 'off';

/** Codes and how bad they are to be, for all images or for those like a pattern. */
export interface RuleSetting {
  readonly files?: readonly string[] | undefined;
  readonly rules: ReadonlyMap<VhdxCode, Level>;
}

/** Findings that are known and accepted. */
export interface IgnoreSetting {
  readonly code: VhdxCode;
  readonly files?: readonly string[] | undefined;
  /** Only at this path in the image. */
  readonly path?: string | undefined;
  readonly reason?: string | undefined;
  /** The last day, as 2026-12-31. */
  readonly expires?: string | undefined;
}

export interface Config {
  /** The file that it is in, and the folder that its paths and patterns begin at. */
  readonly file: string;
  readonly folder: string;
  /** Later ones count before earlier ones. */
  readonly settings: readonly RuleSetting[];
  readonly ignore: readonly IgnoreSetting[];
  readonly exclude: readonly string[];
  readonly baseline?: string | undefined;
  readonly cache?: string | undefined;
}

/** Reads members of JSON, and says where one is wrong. */
class Reader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  fail(place: string, what: string): never {
    throw new UsageError(`${this.#file}: ${place === '' ? 'it' : place} ${what}`);
  }

  object(value: unknown, place: string, keys: readonly string[] | undefined): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail(place, 'is no object');
    const members: Record<string, unknown> = { ...value };
    const stranger = keys === undefined ? undefined : Object.keys(members).find((key) => !keys.includes(key));
    if (stranger !== undefined) this.fail(`${place === '' ? '' : `${place}.`}${stranger}`, 'is not known');
    return members;
  }

  list(value: unknown, place: string): readonly unknown[] {
    if (value === undefined) return [];
    return Array.isArray(value) ? value : this.fail(place, 'is no array');
  }

  text(value: unknown, place: string): string | undefined {
    if (value === undefined) return undefined;
    return typeof value === 'string' && value !== '' ? value : this.fail(place, 'is no text, or empty');
  }

  texts(value: unknown, place: string): readonly string[] | undefined {
    if (value === undefined) return undefined;
    return this.list(value, place).map((each, index) => this.text(each ?? '', `${place}[${index}]`) ?? '');
  }

  code(value: unknown, place: string): VhdxCode {
    const name = typeof value === 'string' ? value : '';
    return codeNamed(name, (hint) => this.fail(place, `is no code; ${hint}`));
  }

  rules(value: unknown, place: string): ReadonlyMap<VhdxCode, Level> {
    const members = this.object(value ?? {}, place, undefined);
    return new Map(
      Object.entries(members).map(([name, level]) => {
        const code = this.code(name, `${place}.${name}`);
        const found = LEVELS.find((each) => each === level);
        return [code, found ?? this.fail(`${place}.${name}`, `has to be one of ${LEVELS.join(', ')}`)];
      }),
    );
  }

  date(value: unknown, place: string): string | undefined {
    const text = this.text(value, place);
    if (text === undefined || isDay(text)) return text;
    return this.fail(place, 'is no date such as 2026-12-31');
  }
}

const LEVELS: readonly Level[] = ['off', ...SEVERITIES];

/** @throws UsageError for what `config.schema.json` does not allow, with its place */
export function parseConfig(value: unknown, file: string): Config {
  const read = new Reader(file);
  const keys = ['$schema', 'rules', 'overrides', 'ignore', 'exclude', 'baseline', 'cache'];
  const { rules, overrides, ignore, exclude, baseline, cache } = read.object(value, '', keys);
  const forFiles = read.list(overrides, 'overrides').map((each, index): RuleSetting => {
    const place = `overrides[${index}]`;
    const setting = read.object(each, place, ['files', 'rules']);
    const files = read.texts(setting['files'], `${place}.files`);
    if (files === undefined || setting['rules'] === undefined) read.fail(place, 'needs files and rules');
    return { files, rules: read.rules(setting['rules'], `${place}.rules`) };
  });
  return {
    file,
    folder: dirname(resolve(file)),
    settings: [{ rules: read.rules(rules, 'rules') }, ...forFiles],
    ignore: read.list(ignore, 'ignore').map((each, index) => {
      const place = `ignore[${index}]`;
      const setting = read.object(each, place, ['code', 'files', 'path', 'reason', 'expires']);
      return {
        code: read.code(setting['code'], `${place}.code`),
        files: read.texts(setting['files'], `${place}.files`),
        path: read.text(setting['path'], `${place}.path`),
        reason: read.text(setting['reason'], `${place}.reason`),
        expires: read.date(setting['expires'], `${place}.expires`),
      };
    }),
    exclude: read.texts(exclude, 'exclude') ?? [],
    baseline: read.text(baseline, 'baseline'),
    cache: read.text(cache, 'cache'),
  };
}

/** The value of a JSON file; undefined if it is not there. @throws UsageError */
function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(systemPath(file), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** In a folder above, anybody may have put a file: one of another user must not decide what is reported. */
function requireOwn(file: string): void {
  if (isOwn(statSync(systemPath(file)))) return;
  throw new UsageError(`${file} belongs to another user: --config names it, --no-config leaves it out`);
}

/**
 * The configuration in `given`; without it the nearest in `folder` and those above, up to the top of the repository.
 *
 * @throws UsageError for a file that is not there or cannot be
 */
export function loadConfig(given: string | false | undefined, folder: string): Config | undefined {
  if (given === false) return undefined;
  if (given !== undefined) {
    const value = readJson(given);
    if (value === undefined) throw new UsageError(`cannot read ${given}: there is no such file`);
    return parseConfig(value, given);
  }
  for (let at = folder; ; at = dirname(at)) {
    const own = join(at, 'vhdx.config.json');
    const manifest = join(at, 'package.json');
    const value = readJson(own);
    const member = value === undefined ? memberOf(readJsonOrNothing(manifest), 'vhdx') : undefined;
    const file = value === undefined ? manifest : own;
    if (value !== undefined || member !== undefined) {
      requireOwn(file);
      return parseConfig(value ?? member, file);
    }
    if (dirname(at) === at || isThere(join(at, '.git'))) return undefined;
  }
}

/** A package.json is not ours to judge. */
function readJsonOrNothing(file: string): unknown {
  try {
    return readJson(file);
  } catch {
    return undefined;
  }
}

function isThere(path: string): boolean {
  return statSync(systemPath(path), { throwIfNoEntry: false }) !== undefined;
}
