import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ExitCode, worse } from '../../runtime/cli/exit-codes.js';
import { damagedHeaders, FIXTURE, temporaryDirectory } from './images.js';
import { reportsOf } from './reports.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();

// The clean one has warnings: QEMU does not mark its regions as required.
beforeAll(() => {
  copyFileSync(FIXTURE, join(cwd, 'clean'));
  writeFileSync(join(cwd, 'attention'), damagedHeaders(0));
  writeFileSync(join(cwd, 'corrupt'), damagedHeaders(0, 1));
  writeFileSync(join(cwd, 'foreign'), 'not a disk');
});

describe('--fail-on', () => {
  test.each([
    ['error', 'clean', 0],
    ['error', 'attention', 0],
    ['error', 'corrupt', 2],
    ['error', 'foreign', 63],
    ['error', 'missing', 1],
    ['refuse-write', 'clean', 0],
    ['refuse-write', 'attention', 3],
    ['refuse-write', 'corrupt', 2],
    ['refuse-write', 'foreign', 63],
    ['refuse-write', 'missing', 1],
    ['warning', 'clean', 3],
    ['warning', 'attention', 3],
    ['warning', 'corrupt', 2],
    ['warning', 'foreign', 63],
    ['warning', 'missing', 1],
  ])('%s, an image that is %s → exit code %i', async (failOn, image, exitCode) => {
    const run = await vhdx(['check', '--fail-on', failOn, image], { cwd });
    expect(run.exitCode).toBe(exitCode);
    expect(lines(run.stderr)).toHaveLength(exitCode === 0 ? 0 : 1);
  });

  test('left out → as refuse-write', async () => {
    const [clean, attention] = await Promise.all([
      vhdx(['check', 'clean'], { cwd }),
      vhdx(['check', 'attention'], { cwd }),
    ]);
    expect([clean.exitCode, attention.exitCode]).toEqual([0, 3]);
  });
});

describe('several images', () => {
  const all = ['clean', 'attention', 'foreign', 'corrupt', 'missing'];

  test.each([
    [1, 0],
    [2, 3],
    [3, 63],
    [4, 2],
    [5, 1],
  ])(
    'the first %i of clean, attention, foreign, corrupt, missing → exit code %i, in either order',
    async (count, exitCode) => {
      const images = all.slice(0, count);
      const runs = [vhdx(['check', ...images], { cwd }), vhdx(['check', ...images.toReversed()], { cwd })];
      const [forth, back] = await Promise.all(runs);
      expect([forth?.exitCode, back?.exitCode]).toEqual([exitCode, exitCode]);
    },
  );

  test('--format json → an array with an entry for each, in the order of the names', async () => {
    const run = await vhdx(['check', '--format', 'json', ...all], { cwd });
    const reports = reportsOf(run.stdout);
    expect(reports.map(({ filename, verdict }) => [filename, verdict])).toEqual([
      ['clean', 'clean'],
      ['attention', 'needs-attention'],
      ['foreign', 'not-vhdx'],
      ['corrupt', 'corrupt'],
      ['missing', 'unreadable'],
    ]);
  });

  test('an image after one that cannot be read → is still checked', async () => {
    const run = await vhdx(['check', 'missing', 'clean'], { cwd });
    expect(run.stdout).toContain('clean: clean');
    expect(run.stdout).toContain('2 images: 1 clean, 1 unreadable');
  });
});

describe('worse', () => {
  const order = [ExitCode.CLEAN, ExitCode.NEEDS_ATTENTION, ExitCode.NOT_VHDX, ExitCode.CORRUPT, ExitCode.COULD_NOT_RUN];

  test('any two exit codes → the one that stands later in 0, 3, 63, 2, 1', () => {
    for (const [one, first] of order.entries()) {
      for (const [other, second] of order.entries()) expect(worse(first, second)).toBe(order[Math.max(one, other)]);
    }
  });
});
