import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { reportSchema } from '../support/json-schema.js';
import {
  batEntry,
  damagedHeaders,
  FIXTURE,
  fixtureBytes,
  MIB,
  pendingLog,
  PLACES,
  temporaryDirectory,
  withBatEntries,
} from './images.js';
import { golden, session } from './transcript.js';
import { lines, vhdx } from './vhdx.js';

const cwd = temporaryDirectory();
const IMAGES: Readonly<Record<string, () => Uint8Array>> = {
  'header.vhdx': () => damagedHeaders(0),
  'both.vhdx': () => damagedHeaders(0, 1),
  'pending.vhdx': pendingLog,
  'odd.vhdx': () => Buffer.concat([fixtureBytes(), Buffer.alloc(4096)]),
  'cut.vhdx': () => {
    const bytes = withBatEntries([batEntry(6, 8), batEntry(6, 9)]);
    return Buffer.concat([bytes.subarray(0, 9 * MIB), Buffer.alloc(4096)]);
  },
  'table.vhdx': () => {
    const bytes = fixtureBytes();
    bytes.fill(0xee, PLACES.regionTables[0], PLACES.regionTables[0] + 4096);
    return bytes;
  },
};

function contents(name: string): Buffer {
  return readFileSync(join(cwd, name));
}

/** Tells whether a file is still the same, without a listing of a million differences. */
function digestOf(name: string): string {
  return createHash('sha256').update(contents(name)).digest('hex');
}

beforeEach(() => {
  for (const [name, make] of Object.entries(IMAGES)) writeFileSync(join(cwd, name), make());
  copyFileSync(FIXTURE, join(cwd, 'clean.vhdx'));
});

describe('vhdx check --repair', () => {
  test('what can be mended → the plan, then the report on the mended image', async () => {
    const commands = ['header.vhdx', 'table.vhdx', 'pending.vhdx', 'cut.vhdx', 'both.vhdx'];
    const run = await session(
      commands.map((name) => `vhdx check --repair ${name}`),
      { cwd },
    );
    await expect(run).toMatchFileSnapshot(golden('check-repair'));
  });

  test.each([
    ['header.vhdx', 3],
    ['table.vhdx', 3],
    ['pending.vhdx', 3],
    ['odd.vhdx', 0],
  ])(
    '%s → %i with --dry-run, which writes nothing; 0 after the repair, and nothing is left to do',
    async (name, before) => {
      const bytes = contents(name);
      const dry = await vhdx(['check', '--repair', '--dry-run', name], { cwd });
      expect(dry.exitCode).toBe(before);
      expect(lines(dry.stdout)[0]).toBe(`${name}: to repair:`);
      expect(lines(dry.stdout).at(-1)).toBe('  nothing has been written');
      expect(Buffer.compare(contents(name), bytes)).toBe(0);
      const run = await vhdx(['check', '--repair', name], { cwd });
      expect(run.exitCode).toBe(0);
      expect((await vhdx(['check', name], { cwd })).exitCode).toBe(0);
      const again = await vhdx(['check', '--repair', name], { cwd });
      expect(lines(again.stdout)[0]).toBe(`${name}: nothing to repair`);
    },
  );

  test('an odd length → a whole number of MiB', async () => {
    await vhdx(['check', '--repair', 'odd.vhdx'], { cwd });
    expect(statSync(join(cwd, 'odd.vhdx')).size).toBe(11 * MIB);
  });

  test('what has no one right answer → left as it is, and the exit code that it had', async () => {
    for (const [name, exitCode] of [
      ['both.vhdx', 2],
      ['cut.vhdx', 2],
    ] as const) {
      const bytes = contents(name);
      const run = await vhdx(['check', '--repair', name], { cwd });
      expect(run.exitCode).toBe(exitCode);
      expect(Buffer.compare(contents(name), bytes)).toBe(0);
    }
  });

  test('a clean image that may not be written → nothing to repair', async () => {
    chmodSync(join(cwd, 'clean.vhdx'), 0o444);
    const run = await vhdx(['check', '--repair', 'clean.vhdx'], { cwd });
    chmodSync(join(cwd, 'clean.vhdx'), 0o644);
    expect(run.exitCode).toBe(0);
  });

  test('a damaged image that may not be written → exit code 1 and why', async () => {
    chmodSync(join(cwd, 'header.vhdx'), 0o444);
    const run = await vhdx(['check', '--repair', 'header.vhdx'], { cwd });
    chmodSync(join(cwd, 'header.vhdx'), 0o644);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('VHDX_TARGET_NOT_PERMITTED');
  });

  test('several images as JSON → as the published schema says, with what was done to each', async () => {
    const run = await vhdx(['check', '--repair', '--format', 'json', 'header.vhdx', 'clean.vhdx', 'cut.vhdx'], { cwd });
    const reports = JSON.parse(run.stdout) as { repair: { done: boolean; steps: unknown[]; refusals: unknown[] } }[];
    expect(reportSchema()(reports)).toEqual([]);
    expect(reports.map(({ repair: { done, steps, refusals } }) => [done, steps.length, refusals.length])).toEqual([
      [true, 1, 0],
      [false, 0, 0],
      [false, 0, 1],
    ]);
    expect(reports[0]).toMatchObject({
      repair: { operation: 'repair', bytes: 0, fileSize: 10 * MIB, newFileSize: 10 * MIB },
    });
    expect(lines(run.stderr)).toContain(
      'vhdx: header.vhdx: to repair: Restore header 1 at 0x10000 from header 2, the only valid one and so the current one (2.2.2). (B2)',
    );
  });

  test.skipIf(process.platform === 'win32')(
    'a folder with links → those that lead out of it are checked, not repaired, and that is said',
    async () => {
      const folder = join(cwd, 'folder');
      mkdirSync(folder);
      copyFileSync(join(cwd, 'header.vhdx'), join(folder, 'own.vhdx'));
      symlinkSync('own.vhdx', join(folder, 'inside.vhdx'));
      symlinkSync(join(cwd, 'pending.vhdx'), join(folder, 'outside.vhdx'));
      symlinkSync('../table.vhdx', join(folder, 'relative.vhdx'));
      const before = ['pending.vhdx', 'table.vhdx'].map(digestOf);
      const run = await vhdx(['check', '--repair', 'folder'], { cwd });
      expect(run.exitCode).toBe(3);
      for (const name of ['outside', 'relative']) {
        expect(lines(run.stderr)).toContain(
          `vhdx: folder/${name}.vhdx: not repaired: it is a link that leads out of its folder; name it to repair it`,
        );
      }
      expect(['pending.vhdx', 'table.vhdx'].map(digestOf)).toEqual(before);
      expect(run.stdout).toMatch(/own\.vhdx: clean/);
      // Whoever names the link means what it leads to.
      await vhdx(['check', '--repair', 'folder', 'folder/outside.vhdx'], { cwd });
      expect((await vhdx(['check', 'pending.vhdx'], { cwd })).exitCode).toBe(0);
      expect(digestOf('table.vhdx')).toEqual(before[1]);
    },
  );

  test('--dry-run alone → a mistake in usage', async () => {
    const run = await vhdx(['check', '--dry-run', 'clean.vhdx'], { cwd });
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(run.stderr).toBe('vhdx: --dry-run goes with --repair (see vhdx check --help)\n');
  });

  test('what is no VHDX, or is not there → as without --repair', async () => {
    writeFileSync(join(cwd, 'foreign.img'), 'not a disk');
    expect((await vhdx(['check', '--repair', 'foreign.img'], { cwd })).exitCode).toBe(63);
    expect((await vhdx(['check', '--repair', 'missing.vhdx'], { cwd })).exitCode).toBe(1);
  });
});
