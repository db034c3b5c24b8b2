/** Unfinished files of runs that were killed: named and removed by the next run for the same target, and no others. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFile, type Leftover } from '../../runtime/node.js';
import { MIB } from '../support/image-builder.js';
import { PROGRAM, vhdx } from './vhdx.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vhdx-leftovers-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function drafts(): string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.part'));
}

/** Has a run that makes `target` going on, with its unfinished file there. */
async function running(target: string): Promise<{ readonly draft: string; readonly kill: () => Promise<void> }> {
  const before = drafts();
  const child = spawn(process.execPath, [PROGRAM, 'convert', '-', target], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // It is killed before it has read everything.
  child.stdin.on('error', () => undefined);
  child.stdin.write(new Uint8Array(4 * MIB).fill(1));
  let [draft] = drafts();
  while (draft === undefined || before.includes(draft)) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    draft = drafts().find((name) => !before.includes(name));
  }
  return {
    draft,
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

test('killed, then run again → the file is removed and named', async () => {
  const first = await running('disk.vhdx');
  await first.kill();
  expect(drafts()).toEqual([first.draft]);
  const { exitCode, stderr } = await vhdx(['create', 'disk.vhdx', '--size', '64M'], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(stderr).toBe(`vhdx: disk.vhdx: removed ${first.draft}, which a run that was killed had left\n`);
  expect(drafts()).toEqual([]);
});

test('still running → its file is not touched, and not named', async () => {
  const first = await running('disk.vhdx');
  const { stderr } = await vhdx(['create', 'disk.vhdx', '--size', '64M', '--force'], { cwd: folder });
  expect(stderr).toBe('');
  expect(drafts()).toEqual([first.draft]);
  await first.kill();
});

test('killed while it made another file → not touched', async () => {
  const first = await running('other.vhdx');
  await first.kill();
  const { stderr } = await vhdx(['create', 'disk.vhdx', '--size', '64M'], { cwd: folder });
  expect(stderr).toBe('');
  expect(drafts()).toEqual([first.draft]);
});

/** The name of an unfinished file with another part. */
function renamed(draft: string, part: 2 | 3, value: string): string {
  const parts = draft.split('-');
  parts[part] = value;
  return parts.join('-');
}

async function leftoversOf(target: string): Promise<Leftover[]> {
  const found: Leftover[] = [];
  await createFile(target, { size: 64 * MIB, force: true, onLeftover: (leftover) => found.push(leftover) });
  return found;
}

test('of another host or container → named, and left where it is', async () => {
  const first = await running('disk.vhdx');
  await first.kill();
  const foreign = renamed(first.draft, 2, '00000000');
  writeFileSync(join(folder, foreign), '');
  const found = await leftoversOf(join(folder, 'disk.vhdx'));
  expect(found).toEqual(
    expect.arrayContaining([
      { path: join(folder, first.draft), removed: true },
      { path: join(folder, foreign), removed: false },
    ]),
  );
  expect(drafts()).toEqual([foreign]);
});

test('of an earlier process of the same number → removed; of this process → not touched', async () => {
  const first = await running('disk.vhdx');
  await first.kill();
  rmSync(join(folder, first.draft));
  const [old, young] = ['old.part', 'young.part'].map((end) =>
    renamed(first.draft, 3, String(process.pid)).replace(/[0-9a-z]+\.part$/, end),
  );
  if (old === undefined || young === undefined) throw new Error('no names');
  for (const name of [old, young]) writeFileSync(join(folder, name), '');
  utimesSync(join(folder, old), 1000, 1000);
  expect(await leftoversOf(join(folder, 'disk.vhdx'))).toEqual([{ path: join(folder, old), removed: true }]);
  expect(drafts()).toEqual([young]);
  expect(existsSync(join(folder, 'disk.vhdx'))).toBe(true);
});
