/**
 * The file of the cache: a line that says what it is, with a digest of the rest, and a line an entry: key, day of the last
 * use, what is known. Keys are digests, so that neither names nor signatures in addresses stand in the file.
 */
import { createHash } from 'node:crypto';
import { type BigIntStats, lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemPath } from '../../node.js';
import { isOwn } from '../own-file.js';
import { openDraft } from '../reports/destination.js';
import { UsageError } from '../usage-error.js';

const MAGIC = 'vhdx check cache 1 ';
/** More than that is not read, and not written. Some 100,000 images. */
const MAX_BYTES = 128 * 1024 * 1024;
/** Days after which an image that was in no run any more is forgotten. */
const MAX_DAYS = 90;
const LINE = /^([0-9a-f]{64}) (\d{1,9}) (\{.*\})$/s;

/** What is known of an image, as text, and the day of the last run that it was in. Days since 1970. */
export interface Line {
  readonly day: number;
  readonly text: string;
}

/** The lines of a file by their keys, or why there are none. */
export interface FoundLines {
  readonly lines: ReadonlyMap<string, Line>;
  /** Why the file is not used. */
  readonly fault?: string;
  /** Whether it can be replaced: it is a cache, or nothing. */
  readonly isReplaceable: boolean;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function nothing(fault: string, isReplaceable: boolean): FoundLines {
  return { lines: new Map(), fault, isReplaceable };
}

function parseLines(text: string): FoundLines {
  if (text === '') return { lines: new Map(), isReplaceable: true };
  if (!text.startsWith(MAGIC)) return nothing('it is no cache of vhdx check', false);
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end === -1 || text.slice(MAGIC.length, end) !== sha256(body)) return nothing('it is damaged', true);
  const lines = new Map<string, Line>();
  for (const line of body.split('\n')) {
    const [, key, day, entry] = LINE.exec(line) ?? [];
    if (key !== undefined && entry !== undefined) lines.set(key, { day: Number(day), text: entry });
    else if (line !== '') return nothing('it is damaged', true);
  }
  return { lines, isReplaceable: true };
}

function statsOf(file: string): BigIntStats | undefined {
  try {
    return statSync(systemPath(file), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    throw new UsageError(`cannot read the cache ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isFolder(path: string): boolean {
  return statSync(systemPath(path), { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * The lines of a cache; none if there is no file yet, or none that can be used.
 *
 * @throws UsageError if there can be no such file
 */
export function readLines(file: string): FoundLines {
  const stats = statsOf(file);
  if (stats === undefined) {
    const isLink = lstatSync(systemPath(file), { throwIfNoEntry: false }) !== undefined;
    if (isLink || !isFolder(dirname(file)))
      throw new UsageError(`there can be no cache ${file}: there is no such folder`);
    return { lines: new Map(), isReplaceable: true };
  }
  if (!stats.isFile()) throw new UsageError(`the cache ${file} has to be a file`);
  // Whoever writes the cache says what is clean.
  if (!isOwn(stats)) return nothing('it belongs to another user', false);
  if (stats.size > MAX_BYTES) return nothing('it is longer than 128 MiB', false);
  try {
    return parseLines(readFileSync(systemPath(file), 'utf8'));
  } catch (error) {
    return nothing(error instanceof Error ? error.message : String(error), false);
  }
}

/** The lines that are kept: the most recently used, as many as there is room for. */
function kept(lines: ReadonlyMap<string, Line>, today: number): readonly string[] {
  const recent = [...lines].filter(([, { day }]) => today - day <= MAX_DAYS);
  const byUse = recent.toSorted(
    ([one, { day }], [other, { day: otherDay }]) => otherDay - day || (one < other ? -1 : 1),
  );
  let bytes = MAGIC.length + 65;
  const texts: string[] = [];
  for (const [key, { day, text }] of byUse) {
    const line = `${key} ${day} ${text}\n`;
    bytes += Buffer.byteLength(line);
    if (bytes > MAX_BYTES) break;
    texts.push(line);
  }
  return texts;
}

/** Replaces the file by one with these lines. @throws UsageError if it cannot be written */
export async function writeLines(file: string, lines: ReadonlyMap<string, Line>, today: number): Promise<void> {
  const texts = kept(lines, today);
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  const draft = await openDraft(file);
  await draft.write(`${MAGIC}${hash.digest('hex')}\n${texts.join('')}`);
  await draft.end();
}
