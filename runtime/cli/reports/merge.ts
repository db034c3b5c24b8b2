/** Reports of shares, put together to the one that a single run would have made. */
import { type Harmless, joined, json, shown } from '../harmless.js';
import { UsageError } from '../usage-error.js';
import { joinSuites, suitesOf } from './merge-junit.js';
import { isRecord, type Part, type ReadReport, takeShard } from './merge-parts.js';
import { joinLogs, partsOfLog } from './merge-sarif.js';
import { listText } from './writer.js';

export type MergedFormat = 'json' | 'ndjson' | 'junit' | 'sarif';

export interface Merged {
  readonly text: Harmless<'log' | 'xml'>;
  readonly count: number;
  /** Images of the run that are in none of the reports. */
  readonly missing: readonly number[];
  /** Reports whose last line was left out, because it is not whole. */
  readonly cut: readonly string[];
}

/** The lines of a report; `isCut`: the last one is not among them, since its writer was killed in the middle of it. */
function linesOf(text: string): { readonly lines: readonly string[]; readonly isCut: boolean } {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  const isCut = lines.length > 1 && last !== '' && !isRecord(parsed(last));
  return { lines: (isCut ? lines.slice(0, -1) : lines).filter((line) => line !== ''), isCut };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws UsageError for what is no report that can be merged */
function formatOf({ name, text }: ReadReport): MergedFormat {
  if (/^<\?xml[^>]*>\s*<testsuites name="vhdx check"/.test(text)) return 'junit';
  const value = parsed(text);
  if (Array.isArray(value)) return 'json';
  if (isRecord(value) && Array.isArray(value['runs'])) return 'sarif';
  // A share without an image has written nothing.
  const isLines = linesOf(text).lines.every((line) => isRecord(parsed(line)));
  if (isLines) return 'ndjson';
  if (isRecord(value)) return 'json';
  throw new UsageError(`${name} is no report of vhdx check in JSON, NDJSON, JUnit or SARIF`);
}

/** The parts in the order of the run, and what is missing of it. @throws UsageError if they are of different runs */
function ordered<T>(parts: readonly Part<T>[]): { readonly values: readonly T[]; readonly missing: readonly number[] } {
  const placed = parts.filter(({ position }) => position !== undefined);
  if (placed.length === 0) return { values: parts.map(({ value }) => value), missing: [] };
  if (placed.length < parts.length) throw new UsageError('some of the reports are of shares, and others are not');
  const [of = 0, another] = new Set(placed.map((part) => part.of));
  if (another !== undefined)
    throw new UsageError(`the reports are of different runs: of ${of} images, and of ${another}`);
  const byPosition = new Map<number, T>();
  for (const { position = 0, value } of placed) {
    if (byPosition.has(position)) throw new UsageError(`image ${position + 1} of ${of} is in two of the reports`);
    byPosition.set(position, value);
  }
  const positions = Array.from({ length: of }, (_, position) => position);
  const values = [...byPosition].toSorted(([one], [other]) => one - other).map(([, value]) => value);
  return { values, missing: positions.filter((position) => !byPosition.has(position)) };
}

function entriesOf({ name, text }: ReadReport, format: 'json' | 'ndjson'): readonly Part<unknown>[] {
  const value = parsed(text);
  const entries = format === 'json' ? (Array.isArray(value) ? value : [value]) : linesOf(text).lines.map(parsed);
  return entries.map((entry: unknown) => {
    if (!isRecord(entry) || typeof entry['filename'] !== 'string') {
      throw new UsageError(`${name} is no report of vhdx check`);
    }
    return takeShard(entry);
  });
}

/** @throws UsageError for what is no report, reports of several forms or runs, and images that are there twice */
export function mergeReports(reports: readonly ReadReport[]): Merged {
  // A share without an image has written no line.
  const formats = reports.filter(({ text }) => text !== '').map(formatOf);
  const [format = 'ndjson', another] = new Set(formats);
  if (another !== undefined) throw new UsageError(`the reports are of different forms: ${format} and ${another}`);
  switch (format) {
    case 'json':
    case 'ndjson': {
      const { values, missing } = ordered(reports.flatMap((report) => entriesOf(report, format)));
      const text = format === 'json' ? listText(values) : joined(values.map((value) => shown`${json(value)}\n`));
      const cut = reports.filter((report) => format === 'ndjson' && linesOf(report.text).isCut);
      return { text, count: values.length, missing, cut: cut.map(({ name }) => name) };
    }
    case 'junit': {
      const { values, missing } = ordered(reports.flatMap(suitesOf));
      return { text: joinSuites(values), count: values.length, missing, cut: [] };
    }
    case 'sarif': {
      const logs = reports.map(partsOfLog);
      const { values, missing } = ordered(logs.flatMap(({ parts }) => parts));
      return { text: joinLogs(logs, values), count: values.length, missing, cut: [] };
    }
  }
}
