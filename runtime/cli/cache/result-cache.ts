/** Remembers which images were found clean, so that a later run need not check what has not changed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clock } from '../clock.js';
import type { Examination, Examined, Task } from '../fleet/examine.js';
import { readVersion } from '../manifest.js';
import type { Output } from '../output.js';
import type { ImageReport } from '../reports/outcome.js';
import { isUrl, unsignedUrl } from '../sources/image-name.js';
import { UsageError } from '../usage-error.js';
import { type Line, readLines, writeLines } from './cache-file.js';
import { entryText, parseEntry } from './entry.js';

/** Characters of an entry; a longer one is not kept. */
const MAX_ENTRY = 64 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Milliseconds of checks that are lost at most if the process is killed. */
const SAVE_MS = 60_000;

/** What the results of a run depend on, apart from the images. */
export interface CacheScope {
  /** What tells one program from another: its version and its code, for the rules are in it. */
  readonly program: string;
  readonly examination: Examination;
}

/** Version and code of the program that is running: all scripts in its folder. */
export function programDigest(script: string = import.meta.url): string {
  const folder = dirname(fileURLToPath(script));
  const hash = createHash('sha256').update(readVersion());
  const scripts = readdirSync(folder).filter((name) => /\.[cm]?js$/.test(name));
  for (const name of scripts.toSorted()) hash.update(`\0${name}\0`).update(readFileSync(`${folder}/${name}`));
  return hash.digest('hex');
}

/** Results of earlier checks in a file, and those of this run for the next one. */
export class ResultCache {
  readonly file: string;
  readonly #folder: string;
  readonly #scope: string;
  readonly #today: number;
  readonly #found: ReadonlyMap<string, Line>;
  /** What is new, and what is known and was used. */
  readonly #used = new Map<string, Line>();
  /** Images that were known and are something else now. */
  readonly #stale = new Set<string>();
  readonly #isReplaceable: boolean;
  #written = clock();
  /** Why the file is not used; undefined if it is. */
  readonly fault: string | undefined;

  /** `now`: milliseconds since 1970. @throws UsageError if there can be no such file */
  constructor(file: string, { program, examination }: CacheScope, now: number = Date.now()) {
    this.file = file;
    this.#folder = dirname(resolve(file));
    this.#today = Math.floor(now / DAY_MS);
    const { profiles, chain, parent, parentRoots, findingsPerGroup } = examination;
    const parents = chain
      ? // Parents have their whole paths in a report, or the one that was given.
        [
          this.#folder,
          process.cwd(),
          parent === undefined ? null : this.#placeOf(parent),
          parentRoots.map((root) => this.#placeOf(root)),
        ]
      : null;
    this.#scope = JSON.stringify([program, profiles.toSorted(), findingsPerGroup ?? null, parents]);
    const { lines, fault, isReplaceable } = readLines(file);
    this.#found = lines;
    this.#isReplaceable = isReplaceable;
    this.fault =
      fault === undefined
        ? undefined
        : `${file}: the cache is not used: ${fault}${isReplaceable ? '; it is replaced' : '; it is left as it is'}`;
  }

  /** Where an image is: from the folder of the cache on, so that it can be moved together with the images. */
  #placeOf(path: string): string {
    if (isUrl(path)) return unsignedUrl(path);
    return relative(this.#folder, resolve(path)).replaceAll(sep, '/');
  }

  #keyOf(image: string): string {
    return createHash('sha256')
      .update(JSON.stringify([this.#scope, this.#placeOf(image)]))
      .digest('hex');
  }

  /** What to do with an image, and how to take what comes of it: the report, of a known image that of the earlier check. */
  taskFor(image: string): { readonly task: Task; readonly take: (examined: Examined) => ImageReport | undefined } {
    const key = this.#keyOf(image);
    const line = this.#found.get(key);
    const entry = line === undefined ? undefined : parseEntry(line.text);
    const take = ({ report, identity }: Examined): ImageReport | undefined => {
      if (report === undefined) {
        if (line === undefined || entry === undefined) return undefined;
        this.#used.set(key, { day: this.#today, text: line.text });
        return { ...entry.report, unchanged: true };
      }
      const text = identity === undefined ? undefined : entryText({ identity, report });
      if (text !== undefined && text.length <= MAX_ENTRY) this.#used.set(key, { day: this.#today, text });
      else this.#stale.add(key);
      return report;
    };
    return { task: { image, known: entry?.identity }, take };
  }

  /** As `write`, but only if it is some time since the last: what a process knows is lost when it is killed. */
  async writeNowAndThen(output: Output): Promise<void> {
    if (clock() - this.#written >= SAVE_MS) await this.write(output);
  }

  /** Writes what is known now. Another process may have written its share meanwhile. Says so if it cannot be written. */
  async write(output: Output): Promise<void> {
    if (!this.#isReplaceable) return;
    try {
      const { lines, isReplaceable } = readLines(this.file);
      if (!isReplaceable) return;
      const all = new Map([...lines, ...this.#used]);
      for (const key of this.#stale) all.delete(key);
      await writeLines(this.file, all, this.#today);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      // The check is none the worse for it.
      output.warn(error.message);
    } finally {
      this.#written = clock();
    }
  }
}

/** What of the options is about the cache. */
export interface CacheOptions {
  /** The file; false for none, whatever the configuration says. */
  readonly cache?: string | false;
  readonly repair?: true;
}

/**
 * The cache that options or `configured`, the file in the configuration, name. A repair looks at every image, so it has
 * none.
 *
 * @throws UsageError if there can be no such file, or it is for a repair
 */
export function openCache(
  { cache, repair }: CacheOptions,
  configured: string | undefined,
  examination: Examination,
  output: Output,
): ResultCache | undefined {
  if (repair === true && typeof cache === 'string') throw new UsageError('--cache does not go with --repair');
  const file = cache ?? configured;
  if (file === undefined || file === false || repair === true) return undefined;
  const opened = new ResultCache(file, { program: programDigest(), examination });
  if (opened.fault !== undefined) output.warn(opened.fault);
  return opened;
}
