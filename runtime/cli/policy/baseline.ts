/** Findings that are known: they are no failures until somebody repairs them. */
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Finding, FindingGroup } from '../../index.js';
import { systemPath } from '../../node.js';
import { json, shown } from '../harmless.js';
import type { Output } from '../output.js';
import { toFile } from '../reports/destination.js';
import type { ImageReport, Suppression } from '../reports/outcome.js';
import { bareUrl, isUrl } from '../sources/image-name.js';
import { UsageError } from '../usage-error.js';
import { isDay } from './day.js';

/** What is known of the findings of a code at a path of an image. */
interface KnownFinding {
  /** How many there are. */
  readonly count: number;
  /** Why they are accepted, as somebody has written into the file. */
  readonly reason?: string;
  /** The last day on which they are, as 2026-12-31. */
  readonly expires?: string;
}

/** By code and path; `*` stands for the paths of those beyond what a report can list. */
type Known = ReadonlyMap<string, KnownFinding>;

const REST = '*';
const SAID_EXPIRED = 5;

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
  readonly #known: Known;
  readonly #left = new Map<string, number>();

  constructor(known: Known) {
    this.#known = known;
    for (const [key, { count }] of known) this.#left.set(key, count);
  }

  /** Why a finding that is known does not count; each counts once. */
  take(found: Pick<Finding, 'code' | 'path' | 'image'>): Suppression | undefined {
    return this.#take(found.code, pathIn(found), 1);
  }

  /** As `take`, for `count` findings of a code that are not listed. */
  takeRest(code: string, count: number): Suppression | undefined {
    return this.#take(code, REST, count);
  }

  #take(code: string, path: string, count: number): Suppression | undefined {
    const key = keyOf(code, path);
    const left = this.#left.get(key) ?? 0;
    if (left < count) return undefined;
    this.#left.set(key, left - count);
    const { reason, expires } = this.#known.get(key) ?? {};
    return {
      kind: 'baseline',
      ...(reason === undefined ? {} : { reason }),
      ...(expires === undefined ? {} : { expires }),
    };
  }

  /** Findings that are known and were not there. */
  get gone(): number {
    return [...this.#left.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** What is not over yet. */
function lasting(known: Known, today: string): Known {
  return new Map([...known].filter(([, { expires }]) => expires === undefined || expires >= today));
}

/** How a baseline is used. */
export interface BaselineOptions {
  /** Whether it is going to be written, and may be absent. */
  readonly isUpdate: boolean;
  /** The day that entries have to last to, as 2026-12-31. */
  readonly today: string;
}

export class Baseline {
  readonly #file: string;
  readonly #images: Map<string, Known>;
  readonly #today: string;

  private constructor(file: string, images: Map<string, Known>, today: string) {
    this.#file = file;
    this.#images = images;
    this.#today = today;
  }

  /** @throws UsageError for a file that is none */
  static read(file: string, { isUpdate, today }: BaselineOptions): Baseline {
    let text: string;
    try {
      text = readFileSync(systemPath(file), 'utf8');
    } catch (error) {
      if (isUpdate && error instanceof Error && 'code' in error && error.code === 'ENOENT')
        return new Baseline(file, new Map(), today);
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`cannot read the baseline ${file}: ${reason}; --update-baseline makes one`);
    }
    return new Baseline(file, parseImages(text, file), today);
  }

  /** The entries that have run out, in one line each; of many only the first. */
  get expired(): readonly string[] {
    const all = [...this.#images].flatMap(([name, known]) => {
      const over = [...known].filter(([, { expires }]) => expires !== undefined && expires < this.#today);
      return over.map(([key, { expires = '' }]) => {
        return `${this.#file}: ${key.slice(0, key.indexOf(' '))} of ${name} was accepted until ${expires}`;
      });
    });
    const rest = all.length - SAID_EXPIRED;
    return rest <= 0 ? all : [...all.slice(0, SAID_EXPIRED), `${this.#file}: ${rest} more entries have ended`];
  }

  /** Images are told apart by where they are: from the folder of the baseline on, or on which server. */
  #nameOf(image: string): string {
    if (isUrl(image)) return bareUrl(image.replace(/\?…$/, ''));
    return relative(dirname(resolve(this.#file)), resolve(image)).replaceAll(sep, '/');
  }

  knownOf(image: string): KnownFindings {
    return new KnownFindings(lasting(this.#images.get(this.#nameOf(image)) ?? new Map(), this.#today));
  }

  /** Has what was found now be known from the next run on. Reasons stay, and so do days that are to come. */
  update(image: string, { findings, groups }: Pick<ImageReport, 'findings' | 'groups'>): void {
    const name = this.#nameOf(image);
    const before = this.#images.get(name) ?? new Map<string, KnownFinding>();
    const kept = lasting(before, this.#today);
    const counts = keysOf(findings, groups);
    const known = Array.from(counts, ([key, count]): readonly [string, KnownFinding] => {
      const { reason } = before.get(key) ?? {};
      return [key, { ...(kept.get(key) ?? (reason === undefined ? {} : { reason })), count }];
    });
    if (known.length === 0) this.#images.delete(name);
    else this.#images.set(name, new Map(known));
  }

  /** Images in the order of their names, so that changes can be reviewed. @throws UsageError */
  async write(output?: Output): Promise<void> {
    const byName = <T>(entries: Iterable<readonly [string, T]>): (readonly [string, T])[] =>
      [...entries].toSorted(([one], [other]) => (one < other ? -1 : Number(one > other)));
    const images = byName(this.#images).map(([name, known]) => [
      name,
      byName(known).map(([key, { count, reason, expires }]) => {
        const at = key.indexOf(' ');
        // What is undefined is not written.
        return {
          code: key.slice(0, at),
          path: key.slice(at + 1),
          count: count === 1 ? undefined : count,
          reason,
          expires,
        };
      }),
    ]);
    const destination = await toFile(this.#file, output);
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
      const known = list.map((entry: unknown): readonly [string, KnownFinding] => {
        if (!isRecord(entry)) return fail(`an entry of ${name} is no object`);
        const { code, path, count = 1, reason, expires } = entry;
        const isEntry = typeof code === 'string' && typeof path === 'string' && typeof count === 'number';
        if (!isEntry || !Number.isSafeInteger(count) || count <= 0) return fail(`an entry of ${name} is wrong`);
        const hasDay = typeof expires === 'string' && isDay(expires);
        if (expires !== undefined && !hasDay)
          return fail(`expires of ${code} of ${name} is no date such as 2026-12-31`);
        if (reason !== undefined && typeof reason !== 'string') return fail(`reason of ${code} of ${name} is no text`);
        const why = { ...(reason === undefined ? {} : { reason }), ...(hasDay ? { expires } : {}) };
        return [keyOf(code, path), { count, ...why }];
      });
      return [name, new Map(known)];
    }),
  );
}
