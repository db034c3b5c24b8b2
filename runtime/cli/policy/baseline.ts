/** Findings that are known: they are no failures until somebody repairs them. */
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Finding, FindingGroup } from '../../index.js';
import { systemPath } from '../../node.js';
import { json, shown } from '../harmless.js';
import { toFile } from '../reports/destination.js';
import type { ImageReport } from '../reports/outcome.js';
import { bareUrl, isUrl } from '../sources/image-name.js';
import { UsageError } from '../usage-error.js';

/** How often a code is known at a path of an image; `*` stands for those beyond what a report can list. */
type Known = ReadonlyMap<string, number>;

const REST = '*';

function keyOf(code: string, path: string): string {
  return `${code} ${path}`;
}

/** The path of a finding; one of a parent is told apart from those of the image. */
export function pathIn({ path, image }: Pick<Finding, 'path' | 'image'>): string {
  return image === undefined ? path : `parent:${path}`;
}

/** How often each key is among the findings that can fail a run. */
function keysOf(findings: readonly Finding[], groups: readonly FindingGroup[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (key: string, count: number): void => void counts.set(key, (counts.get(key) ?? 0) + count);
  for (const found of findings) if (found.severity !== 'info') add(keyOf(found.code, pathIn(found)), 1);
  for (const { code, severity, count, shown: listed } of groups) {
    if (severity !== 'info' && count > listed) add(keyOf(code, REST), count - listed);
  }
  return counts;
}

/** What is left of an image's entry while its findings are looked at. */
export class KnownFindings {
  readonly #left: Map<string, number>;

  constructor(known: Known) {
    this.#left = new Map(known);
  }

  /** True for a finding that is known; each counts once. */
  take(found: Pick<Finding, 'code' | 'path' | 'image'>): boolean {
    return this.#take(found.code, pathIn(found), 1);
  }

  /** True if `count` findings of a code that are not listed are known. */
  takeRest(code: string, count: number): boolean {
    return this.#take(code, REST, count);
  }

  #take(code: string, path: string, count: number): boolean {
    const left = this.#left.get(keyOf(code, path)) ?? 0;
    if (left < count) return false;
    this.#left.set(keyOf(code, path), left - count);
    return true;
  }

  /** Findings that are known and were not there. */
  get gone(): number {
    return [...this.#left.values()].reduce((sum, count) => sum + count, 0);
  }
}

export class Baseline {
  readonly #file: string;
  readonly #images: Map<string, Known>;

  private constructor(file: string, images: Map<string, Known>) {
    this.#file = file;
    this.#images = images;
  }

  /**
   * `mayBeAbsent`: it is going to be written.
   *
   * @throws UsageError for a file that is none
   */
  static read(file: string, mayBeAbsent: boolean): Baseline {
    let text: string;
    try {
      text = readFileSync(systemPath(file), 'utf8');
    } catch (error) {
      if (mayBeAbsent && error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return new Baseline(file, new Map());
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`cannot read the baseline ${file}: ${reason}; --update-baseline makes one`);
    }
    return new Baseline(file, parseImages(text, file));
  }

  /** Images are told apart by where they are: from the folder of the baseline on, or on which server. */
  #nameOf(image: string): string {
    if (isUrl(image)) return bareUrl(image.replace(/\?…$/, ''));
    return relative(dirname(resolve(this.#file)), resolve(image)).replaceAll(sep, '/');
  }

  knownOf(image: string): KnownFindings {
    return new KnownFindings(this.#images.get(this.#nameOf(image)) ?? new Map());
  }

  /** Has what was found now be known from the next run on. */
  update(image: string, { findings, groups }: Pick<ImageReport, 'findings' | 'groups'>): void {
    const keys = keysOf(findings, groups);
    if (keys.size === 0) this.#images.delete(this.#nameOf(image));
    else this.#images.set(this.#nameOf(image), keys);
  }

  /** Images in the order of their names, so that changes can be reviewed. @throws UsageError */
  async write(): Promise<void> {
    const byName = <T>(entries: Iterable<readonly [string, T]>): (readonly [string, T])[] =>
      [...entries].toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
    const images = byName(this.#images).map(([name, known]) => [
      name,
      byName(known).map(([key, count]) => {
        const at = key.indexOf(' ');
        return { code: key.slice(0, at), path: key.slice(at + 1), ...(count === 1 ? {} : { count }) };
      }),
    ]);
    const destination = await toFile(this.#file);
    await destination.write(shown`${json({ version: 1, images: Object.fromEntries(images) as unknown }, 2)}\n`);
    await destination.end();
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseImages(text: string, file: string): Map<string, Known> {
  const fail = (what: string): never => {
    throw new UsageError(`the baseline ${file} is not one of vhdx check: ${what}; --update-baseline makes a new one`);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('it is no JSON');
  }
  if (!isRecord(value) || value['version'] !== 1 || !isRecord(value['images'])) return fail('it is no version 1');
  return new Map(
    Object.entries(value['images']).map(([name, list]) => {
      if (!Array.isArray(list)) return fail(`${name} has no list`);
      const known = list.map((entry: unknown): readonly [string, number] => {
        if (!isRecord(entry)) return fail(`an entry of ${name} is no object`);
        const { code, path, count = 1 } = entry;
        const isEntry = typeof code === 'string' && typeof path === 'string' && typeof count === 'number';
        return isEntry && Number.isSafeInteger(count) && count > 0
          ? [keyOf(code, path), count]
          : fail(`an entry of ${name} is wrong`);
      });
      return [name, new Map(known)];
    }),
  );
}
