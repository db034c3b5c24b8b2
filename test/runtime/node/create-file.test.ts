import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openDisk } from '../../../runtime/disk/disk.js';
import { VhdxError } from '../../../runtime/errors/errors.js';
import { convertToVhdx, createFile, nodeParentResolver, openFile, openFileForWriting } from '../../../runtime/node.js';
import { type ByteSource, readExactly } from '../../../runtime/io/byte-source.js';
import { openWritableDisk } from '../../../runtime/write/writable-disk.js';
import { MIB } from '../../support/image-builder.js';

const folder = mkdtempSync(join(tmpdir(), 'vhdx-create-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(path(name));
});

describe('createFile', () => {
  test('→ a disk that can be written at once', async () => {
    await createFile(path('a.vhdx'), { size: 64 * MIB });
    const disk = await openWritableDisk(await openFileForWriting(path('a.vhdx')));
    await disk.write(new Uint8Array(512).fill(5), 33 * MIB);
    await disk.close();
    const again = await openDisk(await openFile(path('a.vhdx')));
    expect(await readExactly(again, 33 * MIB, 512)).toEqual(new Uint8Array(512).fill(5));
    await again.close();
  });

  test('a child, written → its own sectors, the others from the parent', async () => {
    await convertToVhdx(new Blob([new Uint8Array(MIB).fill(1)]).stream(), path('base.vhdx'));
    await createFile(path('child.avhdx'), { parent: path('base.vhdx') });
    const parent = nodeParentResolver();
    const disk = await openWritableDisk(await openFileForWriting(path('child.avhdx')), { parent });
    await disk.write(new Uint8Array(512).fill(2), 512);
    await disk.close();
    const again = await openDisk(await openFile(path('child.avhdx')), { parent: nodeParentResolver() });
    const bytes = await readExactly(again, 0, 1536);
    expect(bytes).toEqual(new Uint8Array(1536).fill(1).fill(2, 512, 1024));
    await again.close();
  });

  // What keeps writers away is a name in Linux's abstract socket namespace, or a named pipe of Windows.
  test.skipIf(process.platform !== 'linux' && process.platform !== 'win32')(
    'a parent that is open for writing → refused; afterwards → made',
    async () => {
      await createFile(path('base.vhdx'), { size: MIB });
      const writer = await openFileForWriting(path('base.vhdx'));
      const options = { parent: path('base.vhdx') };
      await expect(createFile(path('child.avhdx'), options)).rejects.toMatchObject({ code: 'VHDX_TARGET_IN_USE' });
      await writer.close();
      expect(readdirSync(folder)).toEqual(['base.vhdx']);
      await createFile(path('child.avhdx'), options);
      // The parent is free again.
      await (await openFileForWriting(path('base.vhdx'))).close();
    },
  );

  test('given up before it has begun → the reason, and nothing made', async () => {
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await expect(createFile(path('a.vhdx'), { size: MIB, signal })).rejects.toBe(reason);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a file appears meanwhile → it stays, and nothing else is left', async () => {
    const onProgress = (): void => writeFileSync(path('a.vhdx'), 'mine');
    const options = { type: 'fixed', size: MIB, blockSize: MIB, onProgress } as const;
    await expect(createFile(path('a.vhdx'), options)).rejects.toMatchObject({ code: 'VHDX_TARGET_EXISTS' });
    expect(readdirSync(folder)).toEqual(['a.vhdx']);
  });
});

describe('convertToVhdx', () => {
  test('a stream that fails → its fault, and nothing left', async () => {
    const fault = new Error('the network is gone');
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(MIB).fill(1);
      throw fault;
    }
    await expect(convertToVhdx(broken(), path('a.vhdx'))).rejects.toBe(fault);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a raw file that becomes shorter → VHDX_SOURCE_SHORT_READ, and nothing left', async () => {
    writeFileSync(path('in.raw'), new Uint8Array(MIB).fill(1));
    const source = await openFile(path('in.raw'));
    writeFileSync(path('in.raw'), 'short');
    await expect(convertToVhdx(source, path('a.vhdx'))).rejects.toMatchObject({ code: 'VHDX_SOURCE_SHORT_READ' });
    await source.close();
    expect(readdirSync(folder)).toEqual(['in.raw']);
  });

  /** A raw image of 16 MiB that takes its time, and says how many reads are under way. */
  function slowSource(failsFrom = Infinity): ByteSource & { pending: number } {
    return {
      size: 16 * MIB,
      pending: 0,
      async read(into, position) {
        this.pending += 1;
        await setTimeout(20);
        this.pending -= 1;
        if (position >= failsFrom) throw new VhdxError('VHDX_SOURCE_IO', { message: `No bytes at ${position}.` });
        into.fill(1);
        return into.length;
      },
    };
  }

  test('a source that fails while what came before is written → its fault, and nothing left', async () => {
    const failing = convertToVhdx(slowSource(4 * MIB), path('a.vhdx'));
    await expect(failing).rejects.toMatchObject({ code: 'VHDX_SOURCE_IO', message: 'No bytes at 4194304.' });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('what is read ahead when something else fails → has been read before that is said', async () => {
    const source = slowSource();
    const fault = new Error('enough');
    const onProgress = (): void => {
      expect(source.pending).toBeGreaterThan(0);
      throw fault;
    };
    await expect(convertToVhdx(source, path('a.vhdx'), { onProgress })).rejects.toBe(fault);
    expect(source.pending).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('progress → up to the size', async () => {
    const seen: number[] = [];
    writeFileSync(path('in.raw'), new Uint8Array(MIB + 512).fill(1));
    const source = await openFile(path('in.raw'));
    const { virtualSize, addedBytes } = await convertToVhdx(source, path('a.vhdx'), {
      onProgress: (at) => seen.push(at),
    });
    await source.close();
    expect([virtualSize, addedBytes]).toEqual([MIB + 512, 0]);
    expect(seen).toEqual(seen.toSorted((one, other) => one - other));
    expect(seen.at(-1)).toBe(MIB + 512);
  });
});
