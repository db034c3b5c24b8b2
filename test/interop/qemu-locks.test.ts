/** One writer at a time: QEMU and this library keep each other out, and where locks do not help the change is noticed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openWritableDisk, type WritableDisk } from '../../runtime/index.js';
import { createFile, nodeParentResolver, openFile, openFileForWriting } from '../../runtime/node.js';
import { vhdx } from '../cli/vhdx.js';
import { MIB } from '../support/image-builder.js';
import { ask, without } from './peers.js';
import { codeOf } from '../support/reason.js';

const folder = mkdtempSync(join(tmpdir(), 'vhdx-locks-'));
afterAll(() => rmSync(folder, { recursive: true }));

function hasRangeLocks(): boolean {
  try {
    createRequire(import.meta.url)('fs-native-extensions');
    return process.platform === 'linux';
  } catch {
    process.stderr.write('SKIPPED: tests of locks that QEMU respects: fs-native-extensions is not installed\n');
    return false;
  }
}

const skipped = without('qemu-img') || !hasRangeLocks();

let image = '';
let count = 0;
beforeEach(async () => {
  count += 1;
  image = `image-${count}.vhdx`;
  await createFile(join(folder, image), { size: 64 * MIB, blockSize: MIB });
});

/** Has QEMU open an image until `end` is called: for reading, for writing, or when something has been written. */
async function inQemu(
  name: string,
  mode: '-r' | 'writable' | 'writing',
): Promise<{ readonly end: () => Promise<void> }> {
  const child: ChildProcess = spawn('qemu-io', ['-f', 'vhdx', ...(mode === '-r' ? ['-r'] : []), name], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin?.write(mode === 'writing' ? 'write -P 7 0 4k\n' : 'read 0 4k\n');
  if (child.stdout !== null) await once(child.stdout, 'data');
  return {
    end: async () => {
      child.stdin?.end('quit\n');
      await once(child, 'close');
    },
  };
}

async function openOurs(name: string): Promise<WritableDisk> {
  return openWritableDisk(await openFileForWriting(join(folder, name)), { parent: nodeParentResolver() });
}

describe.skipIf(skipped)('an image that we have open for writing', () => {
  test('QEMU → neither writes nor reads it, unless it is told to share; then it does', async () => {
    const disk = await openOurs(image);
    expect(ask('qemu-img', ['info', '--force-share', image], folder).exitCode).toBe(0);
    await disk.write(new Uint8Array(4096).fill(1), 0);
    for (const args of [
      ['-f', 'vhdx', '-c', 'write -P 9 0 4k', image],
      ['-f', 'vhdx', '-r', '-c', 'read 0 4k', image],
    ]) {
      const { exitCode, stderr } = ask('qemu-io', args, folder);
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain('Failed to lock byte');
    }
    expect(ask('qemu-img', ['info', image], folder).stderr).toContain('Failed to lock byte');
    await disk.close();
    expect(ask('qemu-io', ['-f', 'vhdx', '-c', 'read -P 1 0 4k', image], folder)).toMatchObject({ exitCode: 0 });
  });

  test('another descriptor of it is closed → the lock stays', async () => {
    const disk = await openOurs(image);
    await (await openFile(join(folder, image))).close();
    readFileSync(join(folder, image));
    expect(ask('qemu-io', ['-f', 'vhdx', '-c', 'write 0 4k', image], folder).exitCode).not.toBe(0);
    await disk.close();
    expect(ask('qemu-io', ['-f', 'vhdx', '-c', 'write 0 4k', image], folder).exitCode).toBe(0);
  });

  test('QEMU without locks writes to it → VHDX_TARGET_CHANGED, and nothing more is written', async () => {
    const disk = await openOurs(image);
    await disk.write(new Uint8Array(4096).fill(1), 0);
    await disk.flush();
    await disk.write(new Uint8Array(4096).fill(2), 8 * MIB);
    const options = `driver=vhdx,file.driver=file,file.locking=off,file.filename=${image}`;
    const written = ask('qemu-io', ['--image-opts', options, '-c', 'write -P 5 16M 4k', '-c', 'flush'], folder);
    expect(written).toMatchObject({ exitCode: 0 });
    const before = readFileSync(join(folder, image));
    expect(await codeOf(disk.flush())).toBe('VHDX_TARGET_CHANGED');
    expect(await codeOf(disk.write(new Uint8Array(512), 0))).toBe('VHDX_DISK_POISONED');
    expect(await codeOf(disk.close())).toBe('VHDX_DISK_POISONED');
    expect(readFileSync(join(folder, image)).equals(before)).toBe(true);
    expect(ask('qemu-io', ['-f', 'vhdx', '-c', 'read -P 5 16M 4k', image], folder)).toMatchObject({ exitCode: 0 });
  });

  test('the same before the first change → the first write says so', async () => {
    const disk = await openOurs(image);
    const options = `driver=vhdx,file.driver=file,file.locking=off,file.filename=${image}`;
    expect(ask('qemu-io', ['--image-opts', options, '-c', 'write -P 5 16M 4k'], folder).exitCode).toBe(0);
    expect(await codeOf(disk.write(new Uint8Array(512), 0))).toBe('VHDX_TARGET_CHANGED');
    expect(await codeOf(disk.close())).toBe('done');
  });
});

describe.skipIf(skipped)('an image that QEMU has open', () => {
  test.each(['-r', 'writable', 'writing'] as const)(
    '%s → VHDX_TARGET_IN_USE; afterwards it is opened',
    async (mode) => {
      const qemu = await inQemu(image, mode);
      expect(await codeOf(openFileForWriting(join(folder, image)))).toBe('VHDX_TARGET_IN_USE');
      await qemu.end();
      await (await openOurs(image)).close();
    },
  );

  test.each([
    ['replay', ['replay']],
    ['create --force', ['create', '--size', '1G', '--force']],
  ])('writing → vhdx %s refuses, and it stays as QEMU leaves it', async (_, args) => {
    const qemu = await inQemu(image, 'writing');
    const { exitCode, stderr } = await vhdx([...args, image], { cwd: folder });
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('VHDX_TARGET_IN_USE')]);
    await qemu.end();
    expect(ask('qemu-io', ['-f', 'vhdx', '-c', 'read -P 7 0 4k', image], folder).exitCode).toBe(0);
  });

  test('for writing → no child of it is opened for writing, and none is made', async () => {
    const child = join(folder, `child-${image}`);
    await createFile(child, { parent: join(folder, image) });
    const qemu = await inQemu(image, 'writable');
    expect(await codeOf(openOurs(`child-${image}`))).toBe('VHDX_TARGET_IN_USE');
    expect(await codeOf(createFile(`${child}-2.vhdx`, { parent: join(folder, image) }))).toBe('VHDX_TARGET_IN_USE');
    await qemu.end();
  });

  test('for reading → a child of it can be opened for writing, and QEMU still reads it', async () => {
    const child = join(folder, `child-${image}`);
    await createFile(child, { parent: join(folder, image) });
    const qemu = await inQemu(image, '-r');
    const disk = await openOurs(`child-${image}`);
    expect(ask('qemu-img', ['info', image], folder).exitCode).toBe(0);
    expect(ask('qemu-io', ['-f', 'vhdx', '-c', 'write 0 4k', image], folder).exitCode).not.toBe(0);
    await disk.close();
    await qemu.end();
  });
});
