/** The baseline over the mutation matrix: what breaks each rule becomes known, and nothing else does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Baseline } from '../../../runtime/cli/policy/baseline.js';
import { Policy } from '../../../runtime/cli/policy/policy.js';
import type { ImageReport } from '../../../runtime/cli/reports/outcome.js';
import { checkImage } from '../../../runtime/index.js';
import { MATRIX_CASES } from '../../runtime/check/matrix/all.js';
import { reportOf } from '../../runtime/check/matrix/case.js';
import { TestImage } from '../../support/image-builder.js';
import { temporaryDirectory } from '../images.js';

const TODAY = '2026-01-01';
const cwd = temporaryDirectory();
const file = join(cwd, 'baseline.json');
const nameOf = (index: number): string => join(cwd, `${index}.vhdx`);

const policyWith = (baseline: Baseline | undefined): Policy =>
  new Policy({ config: undefined, ignore: [], baseline, today: TODAY });

/** Findings that can make a check fail. */
const graveIn = ({ counts }: Pick<ImageReport, 'counts'>): number =>
  counts.error + counts['refuse-write'] + counts.warning;

let reports: readonly ImageReport[] = [];

async function write(): Promise<string> {
  const baseline = Baseline.read(file, { isUpdate: true, today: TODAY });
  for (const [index, report] of reports.entries())
    baseline.update(nameOf(index), policyWith(undefined).apply(nameOf(index), report).report);
  await baseline.write();
  return readFileSync(file, 'utf8');
}

beforeAll(async () => {
  reports = await Promise.all(MATRIX_CASES.map((broken) => reportOf(broken, (spec) => new TestImage(spec))));
  await write();
});

describe('the baseline of all cases', () => {
  test('written again → the same bytes', async () => {
    expect(await write()).toBe(readFileSync(file, 'utf8'));
  });

  test.each(MATRIX_CASES.map(({ rule, what }, index) => ({ rule, what, index })))(
    '$rule, $what → known: nothing counts, all of it is in the report, nothing is gone',
    ({ index }) => {
      const report = reports[index];
      if (report === undefined) throw new Error('there is no report');
      const known = policyWith(Baseline.read(file, { isUpdate: false, today: TODAY })).apply(nameOf(index), report);
      expect(known.gone).toBe(0);
      expect(graveIn(known.report)).toBe(0);
      expect(known.report.verdict).toBe(report.verdict === 'not-vhdx' ? 'not-vhdx' : 'clean');
      const listed = report.findings.filter(({ severity }) => severity !== 'info');
      expect((known.report.suppressed ?? []).map(({ code, path }) => [code, path])).toEqual(
        listed.map(({ code, path }) => [code, path]),
      );
    },
  );

  test('each under the name of an image that is not in it → counts as before', () => {
    for (const report of reports) {
      const strange = policyWith(Baseline.read(file, { isUpdate: false, today: TODAY })).apply(
        join(cwd, 'other.vhdx'),
        report,
      );
      expect(strange.report.verdict).toBe(report.verdict);
      expect(graveIn(strange.report)).toBe(graveIn(report));
      expect(strange.report.suppressed).toBeUndefined();
    }
  });

  test('a sound image under the name of each → all that was known is gone', async () => {
    const sound = await checkImage(new TestImage().source);
    for (const [index, report] of reports.entries()) {
      expect(policyWith(Baseline.read(file, { isUpdate: false, today: TODAY })).apply(nameOf(index), sound).gone).toBe(
        graveIn(report),
      );
    }
  });

  test('each with another fault besides → that one counts', () => {
    for (const [index, report] of reports.entries()) {
      const [other] = reports.flatMap(({ findings }) =>
        findings.filter(
          (found) =>
            found.severity === 'error' &&
            report.findings.every(({ code, path }) => code !== found.code || path !== found.path),
        ),
      );
      if (other === undefined) throw new Error('there is no other fault');
      const { rule, code, severity } = other;
      const worse = {
        ...report,
        findings: [...report.findings, other],
        groups: [...report.groups, { rule, code, severity, count: 1, shown: 1 }],
      };
      const judged = policyWith(Baseline.read(file, { isUpdate: false, today: TODAY })).apply(
        nameOf(index),
        worse,
      ).report;
      expect(judged.findings.filter((found) => found.severity === 'error')).toEqual([other]);
      expect(judged.verdict).toBe(report.verdict === 'not-vhdx' ? 'not-vhdx' : 'corrupt');
    }
  });
});
