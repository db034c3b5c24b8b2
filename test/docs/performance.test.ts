import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Measurements, performancePage, tableText, withFormats } from '../bench/report.js';
import { isMet, type Result } from '../bench/results.js';
import { ROOT } from './pages.js';

const page = join(ROOT, 'docs/performance.md');
const figures = join(ROOT, 'docs/performance.json');
const areMissing = !existsSync(figures);
if (areMissing) process.stderr.write('SKIPPED: no figures in docs/performance.json, see docs/performance.md\n');

test.skipIf(areMissing)('docs/performance.md → what performance.json says (npm run docs)', async () => {
  const kept = JSON.parse(readFileSync(figures, 'utf8')) as Measurements;
  await expect(performancePage(kept)).toMatchFileSnapshot(page);
});

test.skipIf(areMissing)('generator/README.md → has the formats of performance.json (npm run docs)', async () => {
  const kept = JSON.parse(readFileSync(figures, 'utf8')) as Measurements;
  const readme = join(ROOT, 'generator/README.md');
  await expect(withFormats(readFileSync(readme, 'utf8'), kept)).toMatchFileSnapshot(readme);
});

test('a README with a table of formats → another table in its place, nothing else changed', () => {
  const mark = '<!-- formats: made from docs/performance.json by `npm run docs` -->';
  const group = 'formats: rate of the generated reader / of the official JavaScript';
  const gif: Result = {
    group,
    name: 'GIF',
    value: 1.234,
    unit: '×',
    detail: '9 bytes: 1 µs / 2 µs; 0.98 × the memory',
  };
  const text = withFormats(`a\n\n${mark}\n\n| old |\n| --- |\n\nb\n`, { machine, results: [speed, gif] });
  expect(text).toBe(
    `a\n\n${mark}\n\n| format | times as fast | memory held |\n| ------ | ------------- | ----------- |\n| GIF    | 1.23          | 0.98        |\n\nb\n`,
  );
});

const machine = { node: '20.0.0', processor: 'x', processors: 2, system: 'Linux', load: [1, 2], noise: 1.5 } as const;
const speed: Result = { group: 'g', name: 'speed', value: 0.5, unit: '×', goal: { atMost: 0.7 }, detail: '1 s / 2 s' };
const rate: Result = { group: 'g', name: 'rate', value: 0.8, unit: '×', goal: { atLeast: 0.9 } };
const size: Result = { group: 'h', name: 'size', value: 12, unit: 'MiB' };

test('the page → machine, noise, how to repeat it, and a table of each group', () => {
  const text = performancePage({ machine, results: [speed, rate, size] });
  expect(text).toContain('Measured with Node 20.0.0 on Linux, 2 processors (x)');
  expect(text).toContain('1.0 and 2.0');
  expect(text).toContain('up to 1.5 times as long');
  expect(text).toContain('npm run bench:all -- --against before.json');
  expect(text).toMatch(/^\| speed \| 0\.50 {3}\| ≤ 0\.7 \| met {4}\| 1 s \/ 2 s \|$/m);
  expect(text.match(/^## /gm)).toHaveLength(2);
});

describe('the table', () => {
  test('results → goals, met or missed', () => {
    expect([speed, rate, size].map(isMet)).toEqual([true, false, undefined]);
    const lines = tableText({ machine, results: [speed, rate, size] }).split('\n');
    expect(lines.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      'what now goal',
      'g: speed 0.50 ≤ 0.7 met',
      'g: rate 0.80 ≥ 0.9 MISSED',
      'h: size 12 MiB',
      '',
      '1 of 2 goals met',
    ]);
  });

  test('earlier results → those and the ratios; what was not measured then is marked', () => {
    const before = { machine, results: [{ ...speed, value: 1 }] };
    const lines = tableText({ machine, results: [speed, size] }, before).split('\n');
    expect(lines.map((line) => line.replaceAll(/ +/g, ' ')).slice(0, 3)).toEqual([
      'what now goal before now / before',
      'g: speed 0.50 ≤ 0.7 met 1.00 0.50',
      'h: size 12 MiB - -',
    ]);
  });
});
