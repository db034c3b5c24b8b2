/** Locks of other programs on a file, as the kernel lists them. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openFileForWriting } from '../../../../runtime/node.js';
import { codeOf } from '../../../support/reason.js';

const folder = mkdtempSync(join(tmpdir(), 'vhdx-lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasFlock = process.platform === 'linux' && spawnSync('flock', ['--version']).error === undefined;
if (!hasFlock) process.stderr.write('SKIPPED: locks of other programs: there is no flock(1)\n');

test.skipIf(!hasFlock).each(['--exclusive', '--shared'])(
  'flock %s of another program, of a kind that only /proc/locks tells → VHDX_TARGET_IN_USE until it ends',
  async (kind) => {
    const path = join(folder, `disk${kind}`);
    writeFileSync(path, 'disk');
    const other = spawn('flock', [kind, path, 'sh', '-c', 'echo ready; read line'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    expect(await codeOf(openFileForWriting(path))).toBe('VHDX_TARGET_IN_USE');
    other.stdin.end();
    await once(other, 'close');
    const target = await openFileForWriting(path);
    await target.close();
  },
);

test.skipIf(!hasFlock)('a lock on another file → none of ours', async () => {
  const [path, locked] = [join(folder, 'ours'), join(folder, 'theirs')];
  for (const each of [path, locked]) writeFileSync(each, 'disk');
  const other = spawn('flock', [locked, 'sh', '-c', 'echo ready; read line'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  const target = await openFileForWriting(path);
  await target.close();
  other.stdin.end();
  await once(other, 'close');
});
