/** Disks opened by their paths. */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemorySource } from '../../../runtime/io/memory-source.js';
import { MemoryTarget } from '../../../runtime/io/memory-target.js';
import { createFile, nodeParentResolver, openDisk, openFile, openWritableDisk } from '../../../runtime/node.js';

const MIB = 2 ** 20;
let root = '';
const at = (name: string): string => join(root, name);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'vhdx-open-'));
  mkdirSync(at('away'));
  for (const name of ['parent.vhdx', 'moved.vhdx']) {
    await createFile(at(name), { size: 4 * MIB, blockSize: MIB });
    const disk = await openWritableDisk(at(name));
    await disk.write(new Uint8Array(512).fill(7), 0);
    await disk.close();
  }
  await createFile(at('child.avhdx'), { parent: at('parent.vhdx') });
  await createFile(at('orphan.avhdx'), { parent: at('moved.vhdx') });
  renameSync(at('moved.vhdx'), at('away/moved.vhdx'));
});

afterAll(() => rmSync(root, { recursive: true }));

/** The first byte of a disk, which is closed then. */
async function firstByte(...given: Parameters<typeof openDisk>): Promise<number | undefined> {
  const disk = await openDisk(...given);
  const into = new Uint8Array(1);
  await disk.read(into, 0);
  await disk.close();
  return into[0];
}

/** A source that counts how often it is closed. */
class Closing extends MemorySource {
  closed = 0;
  async close(): Promise<void> {
    this.closed += 1;
  }
}

describe('openDisk', () => {
  test('a path, a file: URL → its contents, parents in its folder included', async () => {
    expect(await firstByte(at('parent.vhdx'))).toBe(7);
    expect(await firstByte(at('child.avhdx'))).toBe(7);
    expect(await firstByte(pathToFileURL(at('child.avhdx')))).toBe(7);
  });

  test('a FileHandle → its contents; the handle stays open', async () => {
    const handle = await open(at('parent.vhdx'));
    expect(await firstByte(handle)).toBe(7);
    expect((await handle.stat()).size).toBeGreaterThan(0);
    await handle.close();
  });

  test('a source → closed with the disk, parents found too', async () => {
    const source = await openFile(at('child.avhdx'));
    expect(await firstByte(source)).toBe(7);
    await expect(source.read(new Uint8Array(1), 0)).rejects.toThrow('closed');
  });

  test('a parent elsewhere → found by its path, below a folder, or by a resolver; otherwise an error', async () => {
    const path = at('orphan.avhdx');
    expect(await firstByte(path, { parent: at('away/moved.vhdx') })).toBe(7);
    expect(await firstByte(path, { parentRoots: [at('away')] })).toBe(7);
    expect(await firstByte(path, { parent: nodeParentResolver({ roots: [at('away')] }) })).toBe(7);
    await expect(openDisk(path)).rejects.toMatchObject({ code: 'VHDX_PARENT_NOT_FOUND' });
  });

  test('no file, nothing that can be opened, a wrong option → an error that says so', async () => {
    await expect(openDisk(at('gone.vhdx'))).rejects.toMatchObject({ code: 'VHDX_SOURCE_NOT_FOUND' });
    await expect(openDisk(new URL('https://localhost/disk.vhdx'))).rejects.toThrow('`openUrl` of vhdx');
    await expect(openDisk(4 as never)).rejects.toThrow(TypeError);
    await expect(openDisk(at('child.avhdx'), { parent: 1 as never })).rejects.toThrow('parent must be a string');
    await expect(openDisk(at('child.avhdx'), null as never)).rejects.toThrow('options must be an object');
  });

  test('an error → a source that was given is closed once', async () => {
    const [noImage, wrong] = [new Closing(new Uint8Array(8)), new Closing(new Uint8Array(8))];
    await expect(openDisk(noImage)).rejects.toMatchObject({ code: 'VHDX_SIGNATURE_MISMATCH' });
    await expect(openDisk(wrong, { parent: 1 as never })).rejects.toThrow(TypeError);
    expect([noImage.closed, wrong.closed]).toEqual([1, 1]);
  });
});

describe('openWritableDisk', () => {
  test('a child by its path → written, with the parent for what it has not', async () => {
    const disk = await openWritableDisk(at('child.avhdx'));
    await disk.write(new Uint8Array(512).fill(9), 512);
    await disk.close();
    const again = await openDisk(at('child.avhdx'));
    const into = new Uint8Array(1024);
    await again.read(into, 0);
    await again.close();
    expect([into[0], into[512]]).toEqual([7, 9]);
  });

  test('a target → as that of vhdx; what is none → a TypeError', async () => {
    await expect(openWritableDisk(new MemoryTarget())).rejects.toMatchObject({ code: 'VHDX_SIGNATURE_MISMATCH' });
    await expect(openWritableDisk(new Uint8Array(8) as never)).rejects.toThrow(TypeError);
  });

  test('a file that is open for writing → VHDX_TARGET_IN_USE, and free again afterwards', async () => {
    const disk = await openWritableDisk(at('parent.vhdx'));
    await expect(openWritableDisk(at('parent.vhdx'))).rejects.toMatchObject({ code: 'VHDX_TARGET_IN_USE' });
    await disk.close();
    await (await openWritableDisk(at('parent.vhdx'))).close();
  });
});
