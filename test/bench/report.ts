/** The results of all benchmarks: as a file, as a table in the terminal, and as a page of the documentation. */
import { CONVERT_TO_RAW, FORMATS, goalText, INTO_DYNAMIC, isMet, type Result, valueText } from './results.js';

/** Where and when results were measured. */
export interface Machine {
  readonly node: string;
  readonly processor: string;
  readonly processors: number;
  readonly system: string;
  /** Processes that wanted to run, on average: before the benchmarks, and after them. Without other work it is below 2. */
  readonly load: readonly [number, number];
  /** The slowest of 50 rounds of the same work in relation to the fastest. */
  readonly noise: number;
}

/** The file that `bench:all` writes. */
export interface Measurements {
  readonly machine: Machine;
  readonly results: readonly Result[];
}

/** What identifies a result in another file. */
function keyOf({ group, name }: Result): string {
  return `${group}: ${name}`;
}

function verdictText(result: Result): string {
  const met = isMet(result);
  return met === undefined ? '' : met ? 'met' : 'MISSED';
}

/** The columns of the table in the terminal: with `against`, the figures there and the ratios to them. */
export function tableText({ results }: Measurements, against?: Measurements): string {
  const before = new Map(against?.results.map((each) => [keyOf(each), each]));
  const rows = results.map((each) => {
    const other = before.get(keyOf(each));
    const columns = [keyOf(each), valueText(each.value, each.unit), goalText(each), verdictText(each)];
    if (against === undefined) return columns;
    const there = other === undefined ? ['-', '-'] : [valueText(other.value, other.unit), quotient(each, other)];
    return [...columns, ...there];
  });
  const titles = ['what', 'now', 'goal', '', ...(against === undefined ? [] : ['before', 'now / before'])];
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const goals = results.filter(({ goal }) => goal !== undefined);
  const met = goals.filter((each) => isMet(each) === true).length;
  return [titles, ...rows].map(line).join('\n') + `\n\n${met} of ${goals.length} goals met`;
}

function quotient(now: Result, before: Result): string {
  return (now.value / before.value).toFixed(2);
}

/** What is to be known of the goals of a group. */
const NOTES: Readonly<Record<string, readonly string[]>> = {
  [CONVERT_TO_RAW]: [
    `The goals are at or below what Node can do. Linux lets one writer at a time into a file, so the wall time is at least that
of a program that starts and writes, without reading anything; the CPU time is at least that of one that starts, reads and
writes the same bytes with one thread. Both are measured beside the command, where the table has floors; the command has to
load its own code too. Without Node, in C, one thread that reads and writes the same bytes takes 0.65 to 0.72 of the CPU
time of qemu-img (medians of 9 runs with 768 MiB, pieces of 256 KiB and of 1 MiB), and 0.60 with \`copy_file_range\`, which
Node does not offer for parts of a file. A second thread that reads ahead saves wall time and costs a little CPU time: the
command uses one if the target is in memory, and none on a disk.`,
  ],
  [INTO_DYNAMIC]: [
    `The wall time of \`disk.write\` is at least that of a program that starts and writes the same bytes to a plain file, which
is measured as a floor where the table has one; on top of that comes loading 0.5 MB of code.`,
  ],
};

/** The page. */
export function performancePage({ machine, results }: Measurements): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  const { node, processor, processors, system, load, noise } = machine;
  return [
    '# Performance',
    '',
    '<!-- Made from performance.json by `npm run docs`; do not edit. -->',
    '',
    `Measured with Node ${node} on ${system}, ${processors} processors (${processor}), with all files in memory. Load before`,
    `and after: ${load.map((each) => each.toFixed(1)).join(' and ')}, where an idle machine has less than 2; the same work took up to ${noise.toFixed(1)} times as long in one`,
    'round as in another. Contenders run in turn within one run, so read the ratios, and repeat them on a machine of your own:',
    '',
    '```console',
    '$ npm run bench:all                               # one table, with goals; less than 20 minutes',
    '$ npm run bench:all -- --json before.json         # keeps the figures',
    '$ npm run bench:all -- --against before.json      # compares with them, as after a change',
    '$ npm run bench:all -- --json docs/performance.json && npm run docs   # this page',
    '```',
    '',
    'qemu-img and qemu-io have to be installed. `VHDX_BENCH_DIR` names a folder for the files, on a disk for example. One part',
    'alone: `npm run bench` (structures), `bench:read`, `bench:write`, `bench:check`, `bench:change`; `bench:formats` compares',
    'many formats with the official JavaScript of kaitai-struct-compiler. `bench:all -- --quick` shows within minutes whether',
    'everything runs; its figures mean little.',
    ...groups.flatMap((group) => [
      '',
      `## ${group}`,
      '',
      ...(NOTES[group] ?? []).flatMap((note) => [note, '']),
      ...markdownTable(results.filter((each) => each.group === group)),
    ]),
    '',
  ].join('\n');
}

/** Where the table of formats stands in the README of ksy-ts. */
const TABLE = /(<!-- formats: made from docs\/performance\.json by `npm run docs` -->\n\n)(?:\|.*\n)*/;

/** That README with the table of these results. */
export function withFormats(readme: string, { results }: Measurements): string {
  const rows = results
    .filter(({ group }) => group === FORMATS)
    .map(({ name, value, detail = '' }) => [
      name,
      valueText(value, '×'),
      /([\d.]+) × the memory/.exec(detail)?.[1] ?? '',
    ]);
  const table = tableOf(['format', 'times as fast', 'memory held'], rows);
  return readme.replace(TABLE, (_, mark: string) => `${mark}${table.join('\n')}\n`);
}

function markdownTable(results: readonly Result[]): string[] {
  const rows = results.map((each) => [
    each.name,
    valueText(each.value, each.unit),
    goalText(each),
    verdictText(each).toLowerCase(),
    each.detail ?? '',
  ]);
  return tableOf(['what', 'figure', 'goal', '', 'made of'], rows);
}

/** A table with columns of one width, as the formatter of the project has them. */
function tableOf(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = titles.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [titles, widths.map((width) => '-'.repeat(width)), ...rows].map(line);
}
