import { symlinkSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jobsFor, threadsFor } from '../../../runtime/cli/fleet/threads.js';
import { temporaryDirectory } from '../images.js';
import { vhdx } from '../vhdx.js';

test('--jobs is said → so many, and no more than there are images', () => {
  expect([jobsFor(100, 7), jobsFor(3, 7), jobsFor(Infinity, 32)]).toEqual([7, 3, 32]);
});

test('--jobs is left out → one for each processor, if there are enough images', () => {
  const processors = availableParallelism();
  expect([jobsFor(2, undefined), jobsFor(31, undefined)]).toEqual([1, 1]);
  expect([jobsFor(10_000, undefined), jobsFor(Infinity, undefined)]).toEqual([processors, processors]);
});

test('more jobs than processors → a thread for each processor', () => {
  expect([threadsFor(1), threadsFor(10_000)]).toEqual([1, availableParallelism()]);
});

test.skipIf(process.platform === 'win32')(
  'links that lead to each other among the names → as any other image',
  async () => {
    const cwd = temporaryDirectory();
    symlinkSync('b.vhdx', join(cwd, 'a.vhdx'));
    symlinkSync('a.vhdx', join(cwd, 'b.vhdx'));
    const { exitCode, stderr } = await vhdx(['check', 'a.vhdx', 'b.vhdx'], { cwd });
    expect([exitCode, stderr.match(/VHDX_SOURCE_IO/g)?.length]).toEqual([1, 2]);
  },
);
