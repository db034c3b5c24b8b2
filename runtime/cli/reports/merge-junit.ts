/** Merges reports in the form of JUnit. */
import { junitDocument, type JUnitTotals } from 'ksy-ts/reports';
import { type Harmless, xmlLines } from '../harmless.js';
import { PROGRAM } from './junit.js';
import type { Part, ReadReport } from './merge-parts.js';
import { UsageError } from '../usage-error.js';

/** The lines of a suite, and what its head counts. */
export interface Suite {
  readonly lines: string;
  readonly counts: JUnitTotals;
}

const SHARD = /<property name="shard" value="(\d+)\/(\d+)"\/>/;

function countIn(head: string, name: string): number {
  return Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
}

/** Everything behind the head and before the end is of suites, each from a line that begins one to that which ends it. */
function bodyOf({ name, text }: ReadReport): string {
  const [, body] = /^<\?xml[^>]*>\n<testsuites [^>]*>\n([^]*)<\/testsuites>\n$/.exec(text) ?? [];
  if (body === undefined) throw new UsageError(`${name} is no whole report of vhdx check in JUnit's form`);
  return body;
}

/** The suites of a report; element marks are escaped in all texts, so lines tell them apart. */
export function suitesOf(report: ReadReport): readonly Part<Suite>[] {
  const body = bodyOf(report);
  const suites = body.match(/^ {2}<testsuite [^]*?^ {2}<\/testsuite>$/gm) ?? [];
  if (suites.map((suite) => `${suite}\n`).join('') !== body) {
    throw new UsageError(`${report.name} has something between its suites that vhdx check has not written`);
  }
  return suites.map((suite) => {
    const head = suite.slice(0, suite.indexOf('\n'));
    const [, position, of] = SHARD.exec(suite) ?? [];
    // Without the place there may be no property left.
    const lines = suite.replace(SHARD, '').replace(/^ *<properties><\/properties>\n/m, '');
    const counts = {
      tests: countIn(head, 'tests'),
      failures: countIn(head, 'failures'),
      errors: countIn(head, 'errors'),
    };
    const isPlaced = position !== undefined;
    return {
      position: isPlaced ? Number(position) : undefined,
      of: isPlaced ? Number(of) : undefined,
      value: { lines, counts },
    };
  });
}

/** The report with these suites. */
export function joinSuites(suites: readonly Suite[]): Harmless<'xml'> {
  const sum = (name: keyof Suite['counts']): number => suites.reduce((total, { counts }) => total + counts[name], 0);
  const totals = { tests: sum('tests'), failures: sum('failures'), errors: sum('errors') };
  const text = junitDocument(
    PROGRAM,
    totals,
    suites.map(({ lines }) => lines),
  );
  return xmlLines(text);
}
