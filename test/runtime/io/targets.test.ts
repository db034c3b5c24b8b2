import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { MemoryTarget } from '../../../runtime/io/memory-target.js';
import { lockingFlags } from '../../../runtime/io/node/file-lock.js';
import { openFileForWriting } from '../../../runtime/node.js';
import { readAvailable } from '../../../runtime/io/byte-source.js';
import type { ByteTarget } from '../../../runtime/io/byte-target.js';

const folder = mkdtempSync(join(tmpdir(), 'vhdx-target-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
/** A file of its own with these bytes. */
function file(...bytes: number[]): string {
  count += 1;
  const path = join(folder, `file-${count}`);
  writeFileSync(path, Uint8Array.from(bytes));
  return path;
}

async function bytesOf(target: ByteTarget): Promise<number[]> {
  return [...(await readAvailable(target, 0, target.size))];
}

/** What every target does. */
describe.each([
  ['memory', async (...bytes: number[]): Promise<ByteTarget> => new MemoryTarget(Uint8Array.from(bytes))],
  ['file', (...bytes: number[]): Promise<ByteTarget> => openFileForWriting(file(...bytes))],
])('%s', (_, open) => {
  test('write inside, across the end and behind it → bytes, with zeros between', async () => {
    const target = await open(1, 2, 3);
    await target.write(Uint8Array.of(9), 1);
    expect(await bytesOf(target)).toEqual([1, 9, 3]);
    await target.write(Uint8Array.of(7, 8), 2);
    expect(await bytesOf(target)).toEqual([1, 9, 7, 8]);
    await target.write(Uint8Array.of(5), 6);
    await target.flush();
    expect(await bytesOf(target)).toEqual([1, 9, 7, 8, 0, 0, 5]);
    expect(target.size).toBe(7);
    await target.close?.();
  });

  test('truncate → shorter; longer again → zeros, not what was there', async () => {
    const target = await open(1, 2, 3);
    await target.truncate(1);
    expect(await bytesOf(target)).toEqual([1]);
    await target.truncate(4);
    await target.flush();
    expect(await bytesOf(target)).toEqual([1, 0, 0, 0]);
    await target.close?.();
  });

  test.each([-1, 0.5, Number.NaN, 2 ** 53])('offset %d → RangeError', async (offset) => {
    const target = await open(1);
    await expect(target.write(Uint8Array.of(1), offset)).rejects.toThrow(RangeError);
    await expect(target.truncate(offset)).rejects.toThrow(RangeError);
    expect(await bytesOf(target)).toEqual([1]);
    await target.close?.();
  });
});

describe('files that cannot be written', () => {
  test('missing → VHDX_SOURCE_NOT_FOUND, and none is made', async () => {
    const path = join(folder, 'missing');
    await expect(openFileForWriting(path)).rejects.toMatchObject({ code: 'VHDX_SOURCE_NOT_FOUND' });
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });

  test('directory → VHDX_SOURCE_IS_DIRECTORY', async () => {
    mkdirSync(join(folder, 'directory'));
    await expect(openFileForWriting(join(folder, 'directory'))).rejects.toMatchObject({
      code: 'VHDX_SOURCE_IS_DIRECTORY',
    });
  });

  test('no permission to write for anyone → VHDX_TARGET_NOT_PERMITTED, for the superuser too', async () => {
    const path = file(1);
    chmodSync(path, 0o444);
    await expect(openFileForWriting(path)).rejects.toMatchObject({ code: 'VHDX_TARGET_NOT_PERMITTED' });
  });

  test.skipIf(process.platform === 'win32')('FIFO, character device → VHDX_SOURCE_NOT_A_FILE', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    for (const each of [path, '/dev/zero']) {
      await expect(openFileForWriting(each)).rejects.toMatchObject({ code: 'VHDX_SOURCE_NOT_A_FILE' });
    }
  });
});

/** Where a second writer of the same file is kept out. */
const hasLocks = ['linux', 'win32'].includes(process.platform) || lockingFlags(process.platform) !== 0;

describe('a second writer', () => {
  test.skipIf(!hasLocks)(
    'while the first has the file, by any of its names → VHDX_TARGET_IN_USE; after it has closed → opened',
    async () => {
      const path = file(1);
      symlinkSync(path, `${path}-link`);
      const first = await openFileForWriting(path);
      await expect(openFileForWriting(`${path}-link`)).rejects.toMatchObject({ code: 'VHDX_TARGET_IN_USE' });
      await first.close();
      await (await openFileForWriting(`${path}-link`)).close();
    },
  );

  test.skipIf(process.platform !== 'linux')('in a process that was killed → opened', async () => {
    const path = file(1);
    const name = JSON.stringify(
      `\0vhdx-writer:${execFileSync('stat', ['-c', '%d:%i', path], { encoding: 'utf8' }).trim()}`,
    );
    const script = `require('net').createServer().listen({ path: ${name} }, () => console.log('ready'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await expect(openFileForWriting(path)).rejects.toMatchObject({ code: 'VHDX_TARGET_IN_USE' });
    child.kill('SIGKILL');
    await once(child, 'close');
    await (await openFileForWriting(path)).close();
  });

  test.each([
    ['darwin', 0x20],
    ['freebsd', 0x20],
    ['netbsd', 0x20],
    ['openbsd', 0x20],
    ['linux', 0],
    ['win32', 0],
    ['aix', 0],
  ])('%s → opened with O_EXLOCK where <fcntl.h> has it', (platform, flags) => {
    expect(lockingFlags(platform)).toBe(flags);
  });
});
